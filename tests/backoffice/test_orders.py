from decimal import Decimal

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.admin.sheet import mask_vin
from orders.models import Hold, Order, OrderEvent, OrderLine, Status
from shop.messaging.models import Message
from shop.offers.models import StockItem
from tests.factories import PartFactory
from tests.factories.orders import OrderFactory, OrderLineFactory, own_offer

pytestmark = pytest.mark.django_db


def address(order, act="change"):
    return reverse(f"admin:orders_order_{act}", args=[order.pk])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


@pytest.fixture
def held_order():
    """A placed order of two own pieces, held."""
    offer = own_offer(pieces=5, price=Decimal("75.00"))
    order = OrderFactory(lines=[])
    line = OrderLineFactory(order=order, offer=offer, quantity=2, price=Decimal("75.00"))
    item = StockItem.objects.get(part=offer.part)
    StockItem.objects.reserve({item.pk: 2})
    Hold.objects.create(line=line, stock_item=item, pieces=2)
    return order


def test_opening_an_act_changes_nothing(desk, held_order):
    for act in ("confirm", "cancel", "note"):
        assert desk.get(address(held_order, act)).status_code == 200
    held_order.refresh_from_db()
    assert held_order.status == Status.PLACED
    assert not OrderEvent.objects.filter(order=held_order).exists()


def test_confirming_tells_the_customer_and_names_the_author(desk, owner, held_order):
    answer = desk.post(address(held_order, "confirm"), follow=True)
    assert said(answer) == ["Замовлення підтверджено."]
    held_order.refresh_from_db()
    assert held_order.status == Status.CONFIRMED
    assert OrderEvent.objects.get(order=held_order).author == owner
    assert held_order.messages.count() == 1


def test_a_second_click_does_nothing_twice(desk, held_order):
    desk.post(address(held_order, "confirm"))
    answer = desk.post(address(held_order, "confirm"), follow=True)
    assert (
        said(answer) == ["Так не можна: замовлення вже має стан «підтверджено»."] or "підтверджено" in said(answer)[0]
    )
    assert OrderEvent.objects.filter(order=held_order).count() == 1
    assert held_order.messages.count() == 1


def test_shipping_asks_for_a_waybill_and_keeps_what_was_typed(desk, held_order):
    desk.post(address(held_order, "confirm"))
    answer = desk.post(address(held_order, "ship"), {"waybill_number": "12 34"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["waybill_number"] == [
        "Номер накладної Нової пошти — це 14 цифр, наприклад 20450123456789."
    ]
    assert 'value="12 34"' in answer.content.decode()
    held_order.refresh_from_db()
    assert held_order.status == Status.CONFIRMED
    assert not held_order.shipments.exists()


def test_shipping_takes_the_pieces_out_and_keeps_the_number(desk, held_order):
    desk.post(address(held_order, "confirm"))
    answer = desk.post(address(held_order, "ship"), {"waybill_number": "20450123456789"}, follow=True)
    assert said(answer)[-1] == "Посилку записано."
    assert held_order.shipments.get().waybill_number == "20450123456789"
    item = StockItem.objects.get()
    assert (item.on_hand, item.reserved) == (3, 0)


def test_a_pickup_order_ships_without_a_waybill(desk):
    order = OrderFactory(pickup=True, confirmed=True)
    assert "waybill_number" not in desk.get(address(order, "ship")).content.decode()
    desk.post(address(order, "ship"))
    order.refresh_from_db()
    assert order.status == Status.SHIPPED


def test_completing_follows_shipping(desk):
    order = OrderFactory(shipped=True)
    desk.post(address(order, "complete"))
    order.refresh_from_db()
    assert order.status == Status.COMPLETED


@pytest.mark.parametrize("note", ["", "   ", "x" * 401])
def test_cancelling_needs_a_reason(desk, held_order, note):
    answer = desk.post(address(held_order, "cancel"), {"note": note})
    assert answer.context["form"].errors["note"]
    held_order.refresh_from_db()
    assert held_order.status == Status.PLACED
    assert StockItem.objects.get().reserved == 2


def test_cancelling_frees_the_pieces_and_keeps_the_reason(desk, held_order):
    desk.post(address(held_order, "cancel"), {"note": "Немає на складі <b>постачальника</b>"})
    event = OrderEvent.objects.get(order=held_order)
    assert (event.kind, event.note) == ("cancelled", "Немає на складі <b>постачальника</b>")
    assert StockItem.objects.get().reserved == 0
    assert "&lt;b&gt;постачальника" in desk.get(address(held_order)).content.decode()


def test_a_note_may_take_the_order_out_of_the_queue(desk, held_order):
    held_order.ask_a_person("Рахунок не оплачено")
    desk.post(address(held_order, "note"), {"note": "Передзвонила: оплатить завтра"})
    held_order.refresh_from_db()
    assert held_order.needs_person_since is not None
    desk.post(address(held_order, "note"), {"note": "Оплачено", "is_settled": "on"})
    held_order.refresh_from_db()
    assert held_order.needs_person_since is None
    assert held_order.status == Status.PLACED
    assert not held_order.messages.exists()


def test_acts_need_the_token_of_their_form(owner, held_order):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert strict.post(address(held_order, "confirm")).status_code == 403
    held_order.refresh_from_db()
    assert held_order.status == Status.PLACED


def test_pieces_sold_to_others_are_a_message_not_a_failure(desk, held_order):
    Hold.objects.update(state=Hold.State.RELEASED)
    StockItem.objects.update(reserved=0, on_hand=1)
    answer = desk.post(address(held_order, "confirm"), follow=True)
    assert "Термін резерву минув" in said(answer)[0]
    held_order.refresh_from_db()
    assert held_order.status == Status.PLACED


def test_several_orders_are_confirmed_at_once_and_a_refused_one_is_named(desk, held_order):
    other = OrderFactory(cancelled=True)
    answer = desk.post(
        reverse("admin:orders_order_changelist"),
        {"action": "confirm_selected", "_selected_action": [held_order.pk, other.pk]},
        follow=True,
    )
    assert any(f"№ {other.number}" in message for message in said(answer))
    assert "Підтверджено 1 замовлення." in said(answer)


def test_buttons_are_those_that_the_state_allows(desk):
    def offered(**state):
        page = desk.get(address(OrderFactory(**state)))
        return [action["title"] for action in page.context["actions_detail"]]

    money, rest = ["Попросити оплату", "Записати оплату"], ["Написати"]
    assert offered() == ["Підтвердити", "Взяти собі", *money, *rest, "Скасувати"]
    assert offered(confirmed=True) == ["Відправити", "Взяти собі", *money, *rest, "Скасувати"]
    assert offered(shipped=True) == ["Завершити", "Взяти собі", *money, *rest]
    assert offered(completed=True) == [*money, *rest]
    assert offered(cancelled=True) == [money[1], *rest]
    assert "Сумісність перевірено" in offered(wants_fit_check=True)


def test_an_order_is_not_edited_by_its_page(desk, held_order):
    assert desk.post(address(held_order), {"total": "1", "surname": "Інша"}).status_code == 403
    held_order.refresh_from_db()
    assert (held_order.total, held_order.surname) == (Decimal("150.00"), "Шевченко")


def test_the_page_shows_the_message_without_its_secret(desk, held_order):
    message = Message.objects.create(
        key="told",
        channel="sms",
        receiver="+380671234567",
        text="Ваше замовлення: [[order-page]]",
        sealed='{"order-page": "https://secret.example/key"}',
        subject_kind="order",
        subject_id=str(held_order.pk),
    )
    held_order.messages.add(message)
    for page in (address(held_order), reverse("admin:messaging_message_change", args=[message.pk])):
        text = desk.get(page).content.decode()
        assert "Ваше замовлення: •••" in text
        assert "secret.example" not in text


def test_contacts_and_vin_are_whole_for_a_manager_and_masked_for_the_warehouse(sign_in):
    order = OrderFactory(vin="WVWZZZ1KZAW123456", phone="+380671234567", email="olena@example.com")
    whole = sign_in("manager").get(address(order)).content.decode()
    assert "WVWZZZ1KZAW123456" in whole
    assert "+380671234567" in whole
    assert "olena@example.com" in whole
    assert order.get_absolute_url() in whole
    masked = sign_in("warehouse").get(address(order)).content.decode()
    assert "WVW••••••••••3456" in masked
    assert "+38067•••••67" in masked
    for hidden in ("WVWZZZ1KZAW123456", "+380671234567", "olena@example.com", order.secret):
        assert hidden not in masked


@pytest.mark.parametrize(
    ("vin", "shown"), [("", ""), ("ABC1234", "•••••••"), ("WVWZZZ1KZAW123456", "WVW••••••••••3456")]
)
def test_a_vin_is_masked_in_the_middle(vin, shown):
    assert mask_vin(vin) == shown


@pytest.mark.parametrize(
    "typed",
    ["Шевч", "067 123-45-67", "380671234567", "+38 (067) 123 45 67", "OLENA@example.com", "gdb-1550", "GDВ 15"],
)
def test_an_order_is_found_however_it_is_asked_for(desk, typed):
    part = PartFactory(article_number="GDB 1550")
    order = OrderFactory(lines=[], surname="Шевченко", phone="+380671234567", email="olena@example.com")
    OrderLineFactory(order=order, part=part, price=Decimal("150.00"))
    OrderFactory(surname="Коваль", phone="+380509999999", email="other@example.com")
    listed = desk.get(reverse("admin:orders_order_changelist"), {"q": typed}).context["cl"].result_list
    assert [each.number for each in listed] == [order.number]


@pytest.mark.parametrize(
    ("typed", "index"),
    [("Шевч", "order_by_surname"), ("OLENA@example.com", "order_by_email"), ("067 123-45-67", "order_by_phone")],
)
def test_the_search_by_person_reads_an_index(rf, db, typed, index):
    orders = site._registry[Order]
    found, _duplicates = orders.get_search_results(rf.get("/"), Order.objects.all(), typed)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in found.explain()


@pytest.mark.parametrize("prefix", ["", "№ "])
def test_a_whole_number_opens_the_order(desk, prefix):
    order = OrderFactory()
    answer = desk.get(reverse("admin:orders_order_changelist"), {"q": prefix + order.number})
    assert answer["Location"] == address(order)


def test_a_phone_of_ten_digits_is_not_taken_for_a_number(desk):
    order = OrderFactory(phone="+380671234567")
    listed = desk.get(reverse("admin:orders_order_changelist"), {"q": "0671234567"}).context["cl"].result_list
    assert list(listed) == [order]


def test_the_list_masks_phones_and_filters_what_waits(desk):
    OrderFactory(phone="+380671234567")
    waiting = OrderFactory(needs_person_since=timezone.now())
    text = desk.get(reverse("admin:orders_order_changelist")).content.decode()
    assert "+38067•••••67" in text
    assert "+380671234567" not in text
    listed = desk.get(reverse("admin:orders_order_changelist"), {"waits": "yes"}).context["cl"].result_list
    assert list(listed) == [waiting]


@pytest.mark.parametrize("lines", [1, 20])
def test_the_page_of_an_order_asks_the_same_number_of_queries(desk, lines, django_assert_num_queries):
    order = OrderFactory(lines=[], goods_total=Decimal(150) * lines)
    OrderLineFactory.create_batch(lines, order=order, price=Decimal(150))
    assert OrderLine.objects.count() == lines
    desk.get(address(order))
    with django_assert_num_queries(26):
        desk.get(address(order))


def test_an_order_that_is_not_there_leads_back(desk):
    assert desk.get(reverse("admin:orders_order_change", args=[0])).status_code == 302
    assert desk.get(reverse("admin:orders_order_confirm", args=["nothing"])).status_code == 302
