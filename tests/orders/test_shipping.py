"""Parcels: one or several, never more than was ordered, not before the money is here."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from orders.confirmation import confirm_order
from orders.editing import LineChange, OrderEdit, edit_order
from orders.errors import (
    EditConflict,
    FitNotChecked,
    NothingToShip,
    NotPaidYet,
    ParcelOnItsWay,
    TooManyPieces,
    WaybillTaken,
    WrongStatus,
    WrongWaybill,
)
from orders.fit_checking import check_fit_done
from orders.holds import wrongly_reserved
from orders.models import Hold, Order, OrderEvent, PaymentKind, Shipment, ShipmentLine, Status
from orders.shipping import set_waybill, ship_order, unpack_shipment
from shop.delivery.states import ParcelState
from shop.messaging.models import Channel
from shop.offers.models import StockItem, StockMovement
from tests.factories import OfferFactory, OrderFactory, own_offer
from tests.orders.buying import manager, pay, placed, told

pytestmark = pytest.mark.django_db
WAYBILL = "20450123456789"
SECOND = "20450123456790"


def confirmed(*offers, **fields):
    order = placed(*offers, **fields)
    confirm_order(order, author=manager())
    return order


def ship(order, waybill_number=WAYBILL, **fields):
    return ship_order(order, author=manager(), waybill_number=waybill_number, **fields)


def stock():
    return StockItem.objects.values_list("on_hand", "reserved").get()


def test_an_order_goes_out_in_two_parcels():
    order = confirmed(own_offer(), quantity=3)
    line = order.lines.get()
    first = ship(order, pieces={line.pk: 2})
    order.refresh_from_db()
    assert order.status == Status.CONFIRMED
    assert stock() == (3, 1)
    assert sorted(Hold.objects.values_list("state", "pieces")) == [("open", 1), ("shipped", 2)]
    second = ship(order, SECOND)
    order.refresh_from_db()
    assert order.status == Status.SHIPPED
    assert stock() == (2, 0)
    assert [packed.pieces for packed in ShipmentLine.objects.order_by("pk")] == [2, 1]
    assert (first.cash_on_delivery, second.cash_on_delivery) == (Decimal("300.00"), Decimal("150.00"))
    assert [event.kind for event in order.events.all()][-2:] == [OrderEvent.Kind.PARCEL, OrderEvent.Kind.SHIPPED]
    assert [movement.pieces for movement in StockMovement.objects.order_by("pk")] == [-2, -1]
    assert told(order, "order-shipped") == [Channel.EMAIL] * 2 + [Channel.SMS] * 2
    assert wrongly_reserved() == []


def test_each_line_has_pieces_of_its_own():
    order = confirmed(own_offer(), OfferFactory())
    own, foreign = order.lines.all()
    ship(order, pieces={own.pk: 0, foreign.pk: 1})
    assert StockItem.objects.get().reserved == 2
    assert ShipmentLine.objects.get().line == foreign


@pytest.mark.parametrize(("pieces", "error"), [(3, TooManyPieces), (-1, TooManyPieces), (0, NothingToShip)])
def test_a_wrong_count_ships_nothing(pieces, error):
    order = confirmed(own_offer())
    with pytest.raises(error):
        ship(order, pieces={order.lines.get().pk: pieces})
    assert not Shipment.objects.exists()
    assert stock() == (5, 2)


def test_a_line_of_another_order_is_not_shipped():
    order, other = confirmed(own_offer()), confirmed(own_offer())
    with pytest.raises(TooManyPieces):
        ship(order, pieces={other.lines.get().pk: 1})


def test_the_database_refuses_more_pieces_than_were_ordered():
    order = confirmed(own_offer())
    line = order.lines.get()
    parcel = ship(order, pieces={line.pk: 1})
    other = Shipment.objects.create(order=order, carrier=order.carrier)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShipmentLine.objects.create(shipment=other, line=line, pieces=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShipmentLine.objects.filter(shipment=parcel).update(pieces=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShipmentLine.objects.create(shipment=other, line=OrderFactory().lines.get(), pieces=1)
    ShipmentLine.objects.create(shipment=other, line=line, pieces=1)


def test_a_second_click_is_no_second_parcel():
    order = confirmed(own_offer(), quantity=3)
    line = order.lines.get()
    ship(order, pieces={line.pk: 1}, seen_parcels=0)
    with pytest.raises(EditConflict):
        ship(order, SECOND, pieces={line.pk: 1}, seen_parcels=0)
    assert Shipment.objects.count() == 1


def test_what_has_to_be_paid_first_does_not_leave_unpaid():
    order = confirmed(own_offer(), payment_kind=PaymentKind.INVOICE)
    with pytest.raises(NotPaidYet, match="300"):
        ship(order)
    assert Order.objects.get().status == Status.CONFIRMED
    pay(order, "300.00")
    assert ship(order).cash_on_delivery == 0


def test_a_manager_may_send_unpaid_goods_with_a_reason():
    order = confirmed(own_offer(), payment_kind=PaymentKind.INVOICE)
    ship(order, despite="постійний клієнт, сплатить завтра")
    assert "постійний клієнт" in order.events.last().note


def test_a_surcharge_has_to_be_here_too():
    order = confirmed(own_offer(), payment_kind=PaymentKind.INVOICE)
    pay(order, "300.00")
    more = OrderEdit(changed=(LineChange(order.lines.get().pk, quantity=3),))
    edit_order(order, more, author=manager(), reason="ще одна", seen_revision=1)
    with pytest.raises(NotPaidYet, match="150"):
        ship(order)


def test_a_fit_that_is_to_be_checked_holds_the_parcel_back():
    order = confirmed(own_offer())
    Order.objects.update(wants_fit_check=True)
    with pytest.raises(FitNotChecked):
        ship(order)
    author = manager()
    assert check_fit_done(order, author=author, note="за VIN підходить") is True
    assert check_fit_done(order, author=author, note="ще раз") is False
    ship(order)
    order.refresh_from_db()
    assert (order.fit_checked_by, order.fit_check_note) == (author, "за VIN підходить")
    assert [event.note for event in order.events.filter(kind=OrderEvent.Kind.FIT_CHECKED)] == ["за VIN підходить"]


def test_the_fit_of_what_is_over_is_not_checked():
    with pytest.raises(WrongStatus):
        check_fit_done(OrderFactory(cancelled=True), author=manager(), note="так")


def test_a_parcel_without_a_number_is_told_of_when_it_has_one():
    order = confirmed(own_offer())
    parcel = ship(order, "")
    assert told(order, "order-shipped") == []
    with pytest.raises(WrongWaybill):
        set_waybill(parcel, "123", author=manager())
    with pytest.raises(WrongWaybill):
        set_waybill(parcel, " ", author=manager())
    set_waybill(parcel, "2045 0123 4567 89", author=manager())
    assert Shipment.objects.get().waybill_number == WAYBILL
    assert told(order, "order-shipped") == [Channel.EMAIL, Channel.SMS]


def test_a_number_belongs_to_one_parcel():
    first = confirmed(own_offer())
    ship(first)
    second = confirmed(own_offer())
    with pytest.raises(WaybillTaken, match=first.number):
        ship(second)
    parcel = ship(second, "")
    with pytest.raises(WaybillTaken, match=first.number):
        set_waybill(parcel, WAYBILL, author=manager())
    set_waybill(parcel, SECOND, author=manager())
    set_waybill(parcel, SECOND, author=manager())
    assert set(Shipment.objects.values_list("waybill_number", flat=True)) == {WAYBILL, SECOND}


def test_a_parcel_that_never_left_is_unpacked():
    order = confirmed(own_offer())
    parcel = ship(order, "")
    assert stock() == (3, 0)
    unpack_shipment(parcel, author=manager(), reason="не та деталь")
    order.refresh_from_db()
    assert order.status == Status.CONFIRMED
    assert stock() == (5, 2)
    assert Shipment.objects.get().state == ParcelState.CANCELLED
    assert wrongly_reserved() == []
    assert sum(StockMovement.objects.values_list("pieces", flat=True)) == 0
    ship(order)
    assert stock() == (3, 0)


@pytest.mark.parametrize("change", [{"state": ParcelState.IN_TRANSIT}, {"waybill_ref": "abc"}])
def test_a_parcel_that_the_carrier_has_is_not_unpacked(change):
    order = confirmed(own_offer())
    parcel = ship(order)
    Shipment.objects.update(**change)
    with pytest.raises(ParcelOnItsWay):
        unpack_shipment(parcel, author=manager(), reason="передумали")
    assert stock() == (3, 0)
    assert Order.objects.get().status == Status.SHIPPED
