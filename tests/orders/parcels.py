"""Confirmed orders packed into parcels to a branch that the carrier knows."""

from decimal import Decimal

from orders.confirmation import confirm_order
from orders.models import Shipment
from orders.shipping import ship_order
from orders.waybills import request_waybill
from tests.factories import PickupPointFactory, own_offer
from tests.orders.buying import manager, placed

BOX = {"weight_kg": Decimal("1.2"), "size_cm": (30, 20, 10)}


def packed(*, waybill_number="", pieces=None, **fields):
    """A parcel with two pieces for 300 ₴; without a number it waits for its waybill."""
    point = fields.pop("pickup_point", None) or PickupPointFactory(city_ref="city")
    order = placed(own_offer(), pickup_point=point, **fields)
    confirm_order(order, author=manager())
    parcel = ship_order(order, author=manager(), waybill_number=waybill_number)
    return Shipment.objects.select_related("order", "carrier").get(pk=parcel.pk)


def wanted(**fields):
    """A parcel whose waybill somebody asked for; no worker has taken it yet."""
    parcel = packed(**fields)
    request_waybill(parcel, author=manager(), **BOX)
    parcel.refresh_from_db()
    return parcel
