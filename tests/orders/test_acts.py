"""Confirmation, shipping, completion and cancellation: who may follow whom, what each moves and tells."""

from decimal import Decimal

import pytest

from orders.cancellation import cancel_order
from orders.completion import complete_order
from orders.confirmation import confirm_order
from orders.errors import WrongStatus, WrongWaybill
from orders.models import Hold, Order, OrderEvent, PaymentKind, Shipment, Status
from orders.placement import place_order
from orders.shipping import ship_order
from shop.messaging.models import Channel, Message
from shop.offers.models import StockItem, StockMovement
from tests.factories import CustomerFactory, OrderFactory
from tests.orders.conftest import checkout_of, store

WAYBILL = "20450123456789"


@pytest.fixture
def manager(db):
    return CustomerFactory(staff=True)


@pytest.fixture
def order(basket, checkout):
    """Placed: two own pieces of five are held."""
    return place_order(basket, checkout, shown_total=Decimal("300.00"))


def stock():
    return StockItem.objects.values_list("on_hand", "reserved").get()


def told(order, event):
    """The channels on which the order's message of an event went out."""
    return sorted(order.messages.filter(key__contains=event).values_list("channel", flat=True))


def test_confirming_tells_by_mail_and_keeps_the_pieces(order, manager):
    confirm_order(order, author=manager)
    order.refresh_from_db()
    assert order.status == Status.CONFIRMED
    event = order.events.last()
    assert (event.kind, event.author) == (OrderEvent.Kind.CONFIRMED, manager)
    assert told(order, "order-confirmed") == [Channel.EMAIL]
    assert stock() == (5, 2)


def test_shipping_takes_the_pieces_out_and_tells_the_waybill(order, manager):
    confirm_order(order, author=manager)
    shipment = ship_order(order, author=manager, waybill_number=" 2045 0123 4567 89 ")
    order.refresh_from_db()
    assert order.status == Status.SHIPPED
    assert (shipment.waybill_number, shipment.carrier) == (WAYBILL, order.carrier)
    assert stock() == (3, 0)
    assert Hold.objects.get().state == Hold.State.SHIPPED
    movement = StockMovement.objects.get()
    assert (movement.pieces, movement.reason, movement.reference, movement.author) == (
        -2,
        StockMovement.Reason.SHIPPED,
        order.number,
        manager,
    )
    assert told(order, "order-shipped") == [Channel.EMAIL, Channel.SMS]
    assert all(WAYBILL in message.text for message in order.messages.filter(key__contains="order-shipped"))


@pytest.mark.parametrize(
    "waybill",
    ["2045012345678", "204501234567890", "2045012345678a", "٢٠٤٥٠١٢٣٤٥٦٧٨٩", "<b>20450123456789</b>", "\x00"],
)
def test_a_wrong_waybill_ships_nothing(order, manager, waybill):
    confirm_order(order, author=manager)
    with pytest.raises(WrongWaybill):
        ship_order(order, author=manager, waybill_number=waybill)
    assert Order.objects.get().status == Status.CONFIRMED
    assert stock() == (5, 2)
    assert not Shipment.objects.exists()
    assert told(order, "order-shipped") == []


def test_pickup_is_ready_without_a_waybill(basket, manager, offer_document):
    checkout = checkout_of(basket, delivery_kind="self-pickup", pickup_point=store())
    order = place_order(basket, checkout, shown_total=Decimal("300.00"))
    confirm_order(order, author=manager)
    ship_order(order, author=manager)
    assert told(order, "order-ready") == [Channel.EMAIL, Channel.SMS]
    assert told(order, "order-shipped") == []
    assert Shipment.objects.get().waybill_number == ""


def test_completing_ends_a_shipped_order(order, manager):
    confirm_order(order, author=manager)
    ship_order(order, author=manager, waybill_number=WAYBILL)
    complete_order(order, author=manager)
    order.refresh_from_db()
    assert order.status == Status.COMPLETED
    assert [event.kind for event in order.events.all()] == ["placed", "confirmed", "shipped", "completed"]
    assert told(order, "order-completed") == [Channel.EMAIL]


def test_cancelling_frees_the_pieces_and_tells_the_reason(order, manager):
    cancel_order(order, author=manager, note="Деталь виявилася пошкодженою")
    order.refresh_from_db()
    assert order.status == Status.CANCELLED
    assert stock() == (5, 0)
    assert Hold.objects.get().state == Hold.State.RELEASED
    assert told(order, "order-cancelled") == [Channel.EMAIL, Channel.SMS]
    assert "Деталь виявилася пошкодженою" in order.messages.get(key=f"order-cancelled:{order.pk}").text
    assert order.needs_person_since is None


def test_a_customer_cancels_a_placed_order_without_troubling_anybody(order):
    cancel_order(order)
    order.refresh_from_db()
    assert order.events.last().author is None
    assert order.needs_person_since is None


def test_a_customer_s_cancelling_of_a_confirmed_order_asks_a_person(order, manager):
    confirm_order(order, author=manager)
    cancel_order(order)
    order.refresh_from_db()
    assert order.needs_person_since
    assert order.needs_person_reason


def test_cancelling_an_invoice_asks_a_person_because_money_may_be_on_its_way(basket, offer_document):
    order = place_order(basket, checkout_of(basket, payment_kind=PaymentKind.INVOICE), shown_total=Decimal("300.00"))
    cancel_order(order)
    order.refresh_from_db()
    assert order.needs_person_since


ACTS = {
    Status.CONFIRMED: lambda order, author: confirm_order(order, author=author),
    Status.SHIPPED: lambda order, author: ship_order(order, author=author, waybill_number=WAYBILL),
    Status.COMPLETED: lambda order, author: complete_order(order, author=author),
    Status.CANCELLED: lambda order, author: cancel_order(order, author=author),
}
ALLOWED = {
    (Status.PLACED, Status.CONFIRMED),
    (Status.PLACED, Status.CANCELLED),
    (Status.CONFIRMED, Status.SHIPPED),
    (Status.CONFIRMED, Status.CANCELLED),
    (Status.SHIPPED, Status.COMPLETED),
}


@pytest.mark.parametrize("target", list(ACTS))
@pytest.mark.parametrize("start", list(Status))
def test_r8_every_step_outside_the_table_is_refused_and_leaves_no_trace(manager, start, target):
    order = OrderFactory(status=start)
    if (start, target) in ALLOWED:
        ACTS[target](order, manager)
        assert Order.objects.get().status == target
        return
    with pytest.raises(WrongStatus):
        ACTS[target](order, manager)
    assert Order.objects.get().status == start
    assert not OrderEvent.objects.exists()
    assert not Message.objects.exists()


def test_a_step_taken_by_somebody_else_meanwhile_is_refused(order, manager):
    mine = Order.objects.get()
    cancel_order(order, author=manager)
    with pytest.raises(WrongStatus, match="скасовано"):
        confirm_order(mine, author=manager)
    assert Order.objects.get().status == Status.CANCELLED
