"""Shipping: pieces leave our stock in one parcel or in several; each goes to the carrier or waits at our counter."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Customer
from orders import notices
from orders.errors import (
    EditConflict,
    FitNotChecked,
    NothingToShip,
    NotPaidYet,
    ParcelOnItsWay,
    TooManyPieces,
    WaybillNotMade,
    WaybillTaken,
    WrongStatus,
    WrongWaybill,
)
from orders.holds import ship_holds, unpack_holds
from orders.leaving import lines_left
from orders.models import DeliveryKind, Order, OrderEvent, OrderLine, PaymentKind, Shipment, ShipmentLine, Status
from orders.payments.balance import needed_before_dispatch, order_balance
from shop.delivery.states import ParcelState

# How carriers write their numbers; people copy them with blanks. Digits for the message, 0 where carriers differ.
_WAYBILLS = {
    DeliveryKind.NOVA_POSHTA: (re.compile(r"[0-9]{14}"), 14),
    DeliveryKind.NOVA_POSHTA_DOOR: (re.compile(r"[0-9]{14}"), 14),
    DeliveryKind.UKRPOSHTA: (re.compile(r"[0-9]{13}"), 13),
}
_ANY_WAYBILL = (re.compile(r"[0-9A-Za-z-]{6,40}"), 0)
# Goods that go without a carrier's paper.
WITHOUT_WAYBILL = frozenset({DeliveryKind.PICKUP, DeliveryKind.COURIER})


@transaction.atomic
def ship_order(
    order: Order,
    *,
    author: Customer,
    waybill_number: str = "",
    pieces: Mapping[int, int] | None = None,
    despite: str = "",
    seen_parcels: int | None = None,
) -> Shipment:
    """Pack a parcel of a confirmed order; the order is SHIPPED when nothing is left to send.

    ``pieces`` maps line ids to counts; None is all that has not left. A parcel without a number waits for its waybill,
    and the customer hears of it then. ``seen_parcels`` is how many parcels were on the form's page: a second click is
    an EditConflict, not a second parcel. Raises WrongStatus, WrongWaybill, WaybillTaken, NothingToShip, TooManyPieces,
    StockGone; NotPaidYet and FitNotChecked unless ``despite`` gives a manager's reason.
    """
    now = Order.objects.select_for_update().get(pk=order.pk)
    if now.status != Status.CONFIRMED:
        raise WrongStatus(now.get_status_display())
    if seen_parcels is not None and seen_parcels != now.shipments.count():
        raise EditConflict
    waybill_number = _checked_waybill(now, waybill_number)
    left = lines_left(now)
    going = _going(left, pieces)
    if not despite:
        _check_dispatch(now)
    ship_holds(now, going, author=author)
    is_last = going == left
    shipment = _pack(now, going, author=author, waybill_number=waybill_number, is_last=is_last)
    kind = OrderEvent.Kind.SHIPPED if is_last else OrderEvent.Kind.PARCEL
    said = ". ".join(each for each in (waybill_number, despite) if each)
    OrderEvent.objects.create(order=now, kind=kind, author=author, note=said[:400])
    if is_last:
        now.move_to(Status.SHIPPED)
        now.person_is_done()
        order.status = now.status
    _tell(now, shipment)
    return shipment


@transaction.atomic
def set_waybill(shipment: Shipment, number: str, *, author: Customer) -> None:
    """Write down a number that a person has from the carrier. Raises WrongWaybill, WaybillTaken, and ParcelOnItsWay
    for a parcel that has one and is on its way."""
    order = Order.objects.select_for_update().get(pk=shipment.order_id)
    number = _checked_waybill(order, number)
    if not number:
        raise WrongWaybill(_WAYBILLS.get(DeliveryKind(order.delivery_kind), _ANY_WAYBILL)[1])
    if Shipment.objects.filter(pk=shipment.pk).exclude(waybill_ref="").exists():
        raise WaybillNotMade(_("Спершу видаліть накладну, створену тут."))
    with _once(order, number, besides=shipment.pk):
        written = Shipment.objects.filter(pk=shipment.pk, state=ParcelState.LABELLED, waybill_ref="").update(
            waybill_number=number, ask_at=timezone.now(), asked_times=0, needs_person_since=None, needs_person_reason=""
        )
    if not written:
        raise ParcelOnItsWay
    shipment.waybill_number = number
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.PARCEL, author=author, note=number)
    notices.order_shipped(order, shipment=shipment)


@transaction.atomic
def unpack_shipment(shipment: Shipment, *, author: Customer, reason: str) -> None:
    """A parcel that the carrier never took is taken apart: its pieces are on our shelf and promised to the order.

    Its waybill has to be deleted first. Raises ParcelOnItsWay.
    """
    order = Order.objects.select_for_update().get(pk=shipment.order_id)
    packed = Shipment.objects.select_for_update().get(pk=shipment.pk)
    if packed.state != ParcelState.LABELLED or packed.waybill_ref:
        raise ParcelOnItsWay
    shipment.move_to(ParcelState.CANCELLED, ask_at=None, needs_person_since=None, needs_person_reason="")
    if order.status == Status.SHIPPED:
        order.move_back_to(Status.CONFIRMED)
    held = shipment.lines.select_related("line__part", "line__warehouse")
    unpack_holds(order, {each.line: each.pieces for each in held}, author=author)
    OrderEvent.objects.create(
        order=order, kind=OrderEvent.Kind.PARCEL, author=author, note=f"Посилку розібрано. {reason}"[:400]
    )


def _going(left: Mapping[OrderLine, int], pieces: Mapping[int, int] | None) -> dict[OrderLine, int]:
    if pieces is None:
        going = dict(left)
    else:
        by_id = {line.pk: line for line in left}
        going = {}
        for pk, count in pieces.items():
            line = by_id.get(pk)
            if count < 0 or line is None or count > left[line]:
                raise TooManyPieces(
                    f"{line.brand_name} {line.article_number}" if line else "—", left[line] if line else 0
                )
            if count:
                going[line] = count
    if not going:
        raise NothingToShip
    return going


def _check_dispatch(order: Order) -> None:
    missing = needed_before_dispatch(order) - order_balance(order).kept
    if missing > 0:
        raise NotPaidYet(missing)
    if order.wants_fit_check and order.fit_checked_at is None:
        raise FitNotChecked


def _pack(
    order: Order, going: Mapping[OrderLine, int], *, author: Customer, waybill_number: str, is_last: bool
) -> Shipment:
    value = sum((line.price * count for line, count in going.items()), Decimal(0))
    weights = [line.weight_kg * count for line, count in going.items() if line.weight_kg is not None]
    shipment = Shipment(
        order=order,
        carrier_id=order.carrier_id,
        waybill_number=waybill_number,
        weight_kg=sum(weights, Decimal(0)) if len(weights) == len(going) else None,
        declared_value=value,
        cash_on_delivery=_to_collect(order, value, is_last=is_last),
        author=author,
        ask_at=timezone.now() if waybill_number else None,
    )
    with _once(order, waybill_number):
        shipment.save()
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line=line, pieces=count) for line, count in going.items()
    )
    return shipment


def _to_collect(order: Order, value: Decimal, *, is_last: bool) -> Decimal:
    """What the customer pays when this parcel is handed over: its goods, and the last one all that is still due."""
    if order.payment_kind != PaymentKind.ON_DELIVERY:
        return Decimal(0)
    parcels = order.shipments.exclude(state=ParcelState.CANCELLED)
    elsewhere = parcels.aggregate(sum=Sum("cash_on_delivery"))["sum"] or Decimal(0)
    rest = max(order_balance(order).due - elsewhere, Decimal(0))
    return rest if is_last else min(rest, value)


def _tell(order: Order, shipment: Shipment) -> None:
    if order.is_pickup:
        notices.order_ready(order, shipment=shipment)
    elif shipment.waybill_number or order.delivery_kind in WITHOUT_WAYBILL:
        notices.order_shipped(order, shipment=shipment)


@contextmanager
def _once(order: Order, number: str, *, besides: int = 0) -> Iterator[None]:
    """A number belongs to one parcel of a carrier: asked first for a clear answer, and held by the database."""
    if number:
        same = Shipment.objects.filter(carrier_id=order.carrier_id, waybill_number=number).exclude(pk=besides)
        taken = same.values_list("order__number", flat=True).first()
        if taken is not None:
            raise WaybillTaken(taken)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "shipment_waybill_once" in str(error.__cause__):
            raise WaybillTaken from error
        raise


def _checked_waybill(order: Order, typed: str) -> str:
    if order.delivery_kind in WITHOUT_WAYBILL:
        return ""
    number = "".join(typed.split())
    if not number:
        return ""
    pattern, digits = _WAYBILLS.get(DeliveryKind(order.delivery_kind), _ANY_WAYBILL)
    if not pattern.fullmatch(number):
        raise WrongWaybill(digits)
    return number
