"""The form in which staff enter an order for a customer, by phone or from an enquiry."""

import re
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import Enquiry, Order
from shop.offers.models import Offer, StockItem
from tests.factories import LegalDocumentFactory, OfferFactory, PickupPointFactory, own_offer

pytestmark = pytest.mark.django_db
ADD = "admin:orders_order_add"


@pytest.fixture
def point(db):
    LegalDocumentFactory()
    return PickupPointFactory(settlement__name_uk="Бровари", settlement__name_en="Brovary")


def fields(point, offer, **changes):
    key = f"{offer.part_id}.{offer.warehouse_id}"
    return {
        "key": str(uuid.uuid4()),
        "surname": "Шевченко",
        "given_name": "Олена",
        "patronymic": "",
        "phone": "067 123 45 67",
        "email": "olena@example.com",
        "car": "",
        "vin": "",
        "delivery_kind": "nova-poshta",
        "town": "Бровари",
        "settlement": str(point.settlement_id),
        "pickup_point": str(point.pk),
        "store": "",
        "street": "",
        "house": "",
        "flat": "",
        "payment_kind": "on-delivery",
        "shown_delivery": "80.00",
        "shown_prepayment": "0",
        "comment": "",
        "numbers": "",
        "pick": [key],
        f"quantity-{key}": "2",
    } | changes


def test_an_order_is_entered_for_a_customer(desk, owner, point):
    answer = desk.post(reverse(ADD), fields(point, own_offer()), follow=True)
    order = Order.objects.get()
    assert (order.placed_by, order.responsible, order.total) == (owner, owner, Decimal("380.00"))
    assert (order.surname, str(order.phone), order.pickup_point) == ("Шевченко", "+380671234567", point)
    assert f"Замовлення № {order.number} оформлено." in [str(message) for message in answer.context["messages"]]


def test_a_second_press_enters_nothing(desk, point):
    sent = fields(point, own_offer())
    for _press in range(2):
        desk.post(reverse(ADD), sent)
    assert Order.objects.count() == 1
    assert StockItem.objects.get().reserved == 2


def test_looking_up_offers_and_points_finds_no_fault(desk, point):
    offer = own_offer()
    sent = {
        "numbers": offer.part.article_number,
        "town": "Бровари",
        "delivery_kind": "nova-poshta",
        "look_up": "offers",
    }
    answer = desk.post(reverse(ADD), sent)
    page = answer.content.decode()
    assert not answer.context["form"].errors
    assert f'value="{offer.part_id}.{offer.warehouse_id}"' in page
    assert f'<option value="{point.pk}"' in page
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("surname", ""),
        ("phone", "12"),
        ("email", "ні"),
        ("pickup_point", ""),
        ("town", "Ніде"),
        ("pick", []),
        ("vin", "XX"),
    ],
)
def test_a_wrong_field_is_told_and_what_was_typed_stays(desk, point, name, value):
    offer = own_offer()
    sent = fields(point, offer, comment="подзвонити ввечері", **{name: value})
    answer = desk.post(reverse(ADD), sent)
    assert answer.context["form"].errors
    page = answer.content.decode()
    assert "подзвонити ввечері" in page
    assert name == "pick" or re.search(rf'value="{offer.part_id}\.{offer.warehouse_id}"\s+checked', page)
    assert not Order.objects.exists()


def test_pieces_that_are_not_there_are_refused_with_everything_kept(desk, point):
    offer = own_offer(pieces=1)
    page = desk.post(reverse(ADD), fields(point, offer)).content.decode()
    assert "деталей поменшало" in page
    assert 'value="Шевченко"' in page
    assert not Order.objects.exists()


def test_a_one_click_enquiry_becomes_an_order(desk, owner, point):
    offer, gone = own_offer(), OfferFactory()
    Offer.objects.filter(pk=gone.pk).delete()
    enquiry = Enquiry.objects.create(
        kind=Enquiry.Kind.ONE_CLICK,
        question="Замовлення в один дотик",
        name="Олена",
        phone="+380671234567",
        lines=[
            [offer.part_id, offer.warehouse_id, 2, "150.00"],
            [gone.part_id, gone.warehouse_id, 1, "150.00"],
        ],
    )
    button = desk.get(reverse("admin:orders_enquiry_make_order", args=[enquiry.pk]))
    page = desk.get(button.url)
    text = page.content.decode()
    assert 'value="Олена"' in text
    assert 'value="+380671234567"' in text
    assert "1 позицію із запиту більше не пропонують." in text
    assert [(row.is_picked, row.quantity) for row in page.context["form"].found] == [(True, 2)]
    desk.post(reverse(ADD), fields(point, offer, enquiry=str(enquiry.pk)))
    enquiry.refresh_from_db()
    assert (enquiry.order, enquiry.answered_by) == (Order.objects.get(), owner)
    again = desk.get(reverse("admin:orders_enquiry_make_order", args=[enquiry.pk]))
    assert again.url == reverse("admin:orders_order_change", args=[enquiry.order_id])


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("warehouse", 403), ("content", 403)])
def test_only_managers_enter_orders(sign_in, role, status):
    assert sign_in(role).get(reverse(ADD)).status_code == status
