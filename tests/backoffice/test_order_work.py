"""The everyday work on orders: the page of one, its edit form, its parcels, the list's views and bulk steps."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.confirmation import confirm_order
from orders.models import Order, OrderNote, OrderRevision, PaymentKind, Refund, Shipment, ShipmentLine, Status
from orders.shipping import ship_order
from shop.offers.models import Offer, StockItem
from tests.factories import OfferFactory, OrderFactory, own_offer
from tests.factories.orders import OrderLineFactory
from tests.orders.buying import manager, pay, placed

pytestmark = pytest.mark.django_db
LIST = "admin:orders_order_changelist"


def address(order, act="change"):
    return reverse(f"admin:orders_order_{act}", args=[order.pk])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def edition(order, **changes):
    """What the edit form sends when nothing but ``changes`` is typed."""
    order.refresh_from_db()
    fields = {
        "reason": "домовилися",
        "seen_revision": order.revision,
        "numbers": "",
        "delivery_total": str(order.delivery_total),
        "discount_total": str(order.discount_total),
    }
    for line in order.lines.current():
        fields |= {f"count_{line.pk}": line.quantity, f"price_{line.pk}": str(line.price)}
    return fields | changes


def test_an_edit_changes_count_price_and_sums_and_stays_in_the_history(desk, owner):
    order = placed(own_offer())
    line = order.lines.get()
    changes = {f"count_{line.pk}": 3, f"price_{line.pk}": "140.00", "delivery_total": "50.00"}
    answer = desk.post(address(order, "edition"), edition(order, **changes), follow=True)
    assert said(answer) == ["Замовлення змінено, покупцеві надіслано нову суму."]
    order.refresh_from_db()
    assert order.total == Decimal("470.00")
    assert OrderRevision.objects.get().author == owner
    page = answer.content.decode()
    assert "Версія 2" in page
    assert "домовилися" in page
    assert f"<del>{line}" in page


def test_a_number_shows_its_offers_and_the_picked_one_comes_instead(desk):
    order = placed(own_offer())
    line, other = order.lines.get(), OfferFactory(price=Decimal("99.00"), pieces=7)
    look_up = edition(order, numbers=other.part.article_number, look_up="1")
    page = desk.post(address(order, "edition"), look_up).content.decode()
    key = f"{other.part_id}.{other.warehouse_id}"
    assert f'value="{key}"' in page
    assert order.lines.current().get() == line
    picked = {"pick": [key], f"quantity-{key}": "2", f"instead-{key}": str(line.pk)}
    desk.post(address(order, "edition"), edition(order, numbers=other.part.article_number, **picked))
    added = order.lines.current().get()
    assert (added.part_id, added.quantity, added.replaces) == (other.part_id, 2, line)


def test_what_was_typed_stays_when_an_edit_is_refused(desk):
    order = placed(own_offer())
    line, other = order.lines.get(), OfferFactory(pieces=1)
    key = f"{other.part_id}.{other.warehouse_id}"
    typed = edition(order, **{f"count_{line.pk}": 6, "pick": [key], f"quantity-{key}": "1", "reason": "треба шість"})
    page = desk.post(address(order, "edition"), typed).content.decode()
    assert "є лише 3 шт." in page or "є лише 5 шт." in page
    assert 'value="треба шість"' in page
    assert re.search(rf'name="count_{line.pk}" value="6"|value="6"[^>]*name="count_{line.pk}"', page)
    assert re.search(rf'value="{key}"\s+checked', page)
    assert not OrderRevision.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("reason", ""), ("delivery_total", "-1"), ("discount_total", "багато"), ("seen_revision", "x")]
)
def test_a_wrong_field_of_an_edit_changes_nothing(desk, field, value):
    order = placed(own_offer())
    answer = desk.post(address(order, "edition"), edition(order, **{field: value}))
    assert answer.context["form"].errors[field]
    assert not OrderRevision.objects.exists()


def test_two_managers_at_once_are_told(desk):
    order = placed(own_offer())
    line = order.lines.get()
    first, second = edition(order, **{f"count_{line.pk}": 3}), edition(order, delivery_total="50.00")
    desk.post(address(order, "edition"), first)
    answer = desk.post(address(order, "edition"), second, follow=True)
    assert "змінив хтось інший" in said(answer)[-1]
    assert OrderRevision.objects.count() == 1


def test_confirming_shows_what_suppliers_changed_and_asks(desk):
    order = placed(OfferFactory())
    Offer.objects.update(price=Decimal("180.00"))
    page = desk.post(address(order, "confirm"))
    assert "ціна зросла" in page.content.decode()
    assert Order.objects.get().status == Status.PLACED
    seen = page.context["form"]["seen"].initial
    desk.post(address(order, "confirm"), {"seen": seen})
    assert Order.objects.get().status == Status.PLACED
    desk.post(address(order, "confirm"), {"seen": seen, "is_decided": "on"})
    assert Order.objects.get().status == Status.CONFIRMED


def test_a_part_of_the_pieces_goes_in_a_first_parcel(desk):
    order = placed(own_offer())
    confirm_order(order, author=manager())
    line = order.lines.get()
    fields = {"waybill_number": "20450123456789", "seen_parcels": "0", f"pieces_{line.pk}": "1"}
    for _click in range(2):
        desk.post(address(order, "ship"), fields)
    assert ShipmentLine.objects.get().pieces == 1
    assert Order.objects.get().status == Status.CONFIRMED
    assert "відправлено 1 з 2" in desk.get(address(order)).content.decode()


def test_an_unpaid_parcel_needs_a_manager_s_reason(sign_in):
    order = placed(own_offer(), payment_kind=PaymentKind.INVOICE)
    confirm_order(order, author=manager())
    fields = {"waybill_number": "20450123456789", "despite": "директор дозволив"}
    sign_in("warehouse").post(address(order, "ship"), fields)
    assert not Shipment.objects.exists()
    sign_in("manager").post(address(order, "ship"), fields)
    assert "директор дозволив" in order.events.last().note


def test_a_parcel_gets_its_number_or_is_unpacked_on_the_page(desk):
    order = placed(own_offer())
    confirm_order(order, author=manager())
    parcel = ship_order(order, author=manager())

    def press(act, **fields):
        url = reverse("admin:orders_order_parcel", args=[order.pk, parcel.pk, act])
        return desk.post(url, fields, follow=True)

    assert "14 цифр" in said(press("number", waybill_number="12"))[0]
    assert said(press("number", waybill_number="20450123456789")) == ["Номер записано, покупцеві надіслано."]
    assert "Посилку розібрано" in said(press("unpacking", reason="переплутали"))[0]
    assert (StockItem.objects.get().on_hand, StockItem.objects.get().reserved) == (5, 2)
    assert "вже в перевізника" in said(press("unpacking"))[0]
    assert press("strange").status_code == 404
    other = OrderFactory()
    assert desk.post(reverse("admin:orders_order_parcel", args=[other.pk, parcel.pk, "number"])).status_code == 404


def test_a_note_goes_to_the_customer_only_when_it_is_meant_to(desk):
    order = OrderFactory()
    key = "7f0f6f0e-6d0e-4b8e-9d55-0e8f5a3d1111"
    for _click in range(2):
        desk.post(address(order, "note"), {"note": "Дзвонив двічі", "key": key})
    assert OrderNote.objects.get().is_internal
    assert not order.messages.exists()
    desk.post(address(order, "note"), {"note": "Буде завтра", "is_for_customer": "on"})
    assert "Буде завтра" in order.messages.get().text
    assert "Дзвонив двічі" in desk.get(address(order)).content.decode()


def test_money_is_asked_for_recorded_and_shown(desk):
    order = placed(own_offer(), payment_kind=PaymentKind.INVOICE)
    desk.post(address(order, "record_money"), {"amount": "100.00", "kind": "invoice", "note": "виписка 7"})
    desk.post(address(order, "ask_money"), {"amount": "200.00", "kind": "liqpay"})
    page = desk.get(address(order)).content.decode().replace("\xa0", " ")
    for text in ("100 ₴", "200 ₴", f"{order.number}-1"):
        assert text in page
    assert sorted(order.payments.values_list("status", flat=True))[-1] == "paid"


def test_cancelling_a_paid_order_shows_the_refund(desk):
    order = placed(own_offer(), payment_kind=PaymentKind.INVOICE)
    pay(order, "300.00")
    desk.post(address(order, "cancel"), {"note": "немає деталі"})
    assert Refund.objects.get().reference in desk.get(address(order)).content.decode()


def test_the_list_has_views_with_counts(desk, owner):
    mine = OrderFactory(responsible=owner)
    late = OrderFactory(lines=[], confirmed=True)
    OrderLineFactory(order=late, ready_on=timezone.localdate() - timedelta(days=1))
    fit = OrderFactory(wants_fit_check=True)
    OrderFactory(completed=True, responsible=owner)
    page = desk.get(reverse(LIST))
    counts = {view.key: view.count for view in page.context["saved_views"]}
    assert counts == {"new": 1, "confirm": 2, "pack": 1, "unpaid": 0, "late": 1, "fit": 1, "mine": 1}
    for key, expected in (("mine", [mine]), ("late", [late]), ("fit", [fit]), ("new", [fit])):
        assert list(desk.get(reverse(LIST), {"view": key}).context["cl"].result_list) == expected


def test_a_bulk_step_names_each_refused_order_and_why(desk, owner):
    free, over = OrderFactory(), OrderFactory(cancelled=True)
    fields = {"action": "take_selected", "_selected_action": [free.pk, over.pk]}
    answer = desk.post(reverse(LIST), fields, follow=True)
    free.refresh_from_db()
    assert free.responsible == owner
    assert any(over.number in each and "скасовано" in each for each in said(answer))
    assert "Ви взяли 1 замовлення." in said(answer)


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_the_same_number_of_queries(desk, count, django_assert_num_queries):
    for _order in range(count):
        OrderFactory(responsible=manager())
    desk.get(reverse(LIST))
    with django_assert_num_queries(6):
        desk.get(reverse(LIST))


def test_the_warehouse_sees_no_cost_and_the_manager_does(sign_in):
    order = placed(OfferFactory(purchase_price=Decimal("73.19")))
    assert "73,19" not in sign_in("warehouse").get(address(order)).content.decode()
    assert "73,19" in sign_in("manager").get(address(order)).content.decode()
    assert sign_in("warehouse").get(address(order, "edition")).status_code == 403


def test_the_queue_shows_fit_checks_and_parcels_and_what_waits_too_long(desk):
    fit = OrderFactory(wants_fit_check=True)
    Order.objects.filter(pk=fit.pk).update(placed_at=timezone.now() - timedelta(hours=5))
    stuck = OrderFactory(shipped=True)
    Shipment.objects.create(
        order=stuck, carrier=stuck.carrier, needs_person_since=timezone.now(), needs_person_reason="не вручено"
    )
    waiting = desk.get(reverse("admin:index")).context["desk"].waiting
    assert [(row.kind, row.label, row.is_over) for row in waiting] == [
        ("Перевірка за VIN", f"№ {fit.number}", True),
        ("Посилка", f"№ {stuck.number}", False),
    ]
    assert waiting[1].url == address(stuck)
