"""Shipping: the pieces leave our stock; the parcel goes to the carrier or waits at our counter."""

import re

from django.db import transaction

from accounts.models import Customer
from orders import notices
from orders.errors import WrongWaybill
from orders.holds import ship_holds
from orders.models import Order, OrderEvent, Shipment, Status

# Nova Poshta's express waybill; people copy it with blanks.
_WAYBILL = re.compile(r"[0-9]{14}")


@transaction.atomic
def ship_order(order: Order, *, author: Customer, waybill_number: str = "") -> Shipment:
    """Hand a confirmed order over. Pick-up has no waybill: the goods are ready at the counter.

    Raises WrongStatus, and WrongWaybill when the carrier's number is missing or not 14 digits.
    """
    waybill_number = "" if order.is_pickup else _checked_waybill(waybill_number)
    order.move_to(Status.SHIPPED)
    ship_holds(order, author=author)
    order.person_is_done()
    shipment = Shipment.objects.create(order=order, carrier_id=order.carrier_id, waybill_number=waybill_number)
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.SHIPPED, author=author, note=waybill_number)
    if order.is_pickup:
        notices.order_ready(order)
    else:
        notices.order_shipped(order, waybill_number=waybill_number)
    return shipment


def _checked_waybill(typed: str) -> str:
    digits = "".join(typed.split())
    if not _WAYBILL.fullmatch(digits):
        raise WrongWaybill
    return digits
