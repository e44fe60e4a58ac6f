"""Parcels on the order's page: their numbers and papers, and taking one apart that never left."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _

from orders.admin.order_acts import order_address
from orders.errors import OrdersError
from orders.models import Order, Shipment
from orders.shipping import set_waybill, unpack_shipment

_SHIP = "orders.ship_order"


def _set_number(request: HttpRequest, parcel: Shipment) -> str:
    set_waybill(parcel, request.POST.get("waybill_number", "")[:60], author=request.user)  # type: ignore[arg-type]
    return _("Номер записано, покупцеві надіслано.")


def _unpack(request: HttpRequest, parcel: Shipment) -> str:
    reason = request.POST.get("reason", "").strip()[:200]
    unpack_shipment(parcel, author=request.user, reason=reason)  # type: ignore[arg-type]
    return _("Посилку розібрано, деталі знову на полиці й у резерві замовлення.")


_ACTS: dict[str, Callable[[HttpRequest, Shipment], str]] = {"number": _set_number, "unpacking": _unpack}


def carry_out_for_parcel(request: HttpRequest, order: Order, parcel_id: int, act: str) -> HttpResponse:
    """One press of a button under a parcel; ends on the order's page with a word of what happened."""
    do = _ACTS.get(act)
    parcel: Any = order.shipments.filter(pk=parcel_id).first()
    if do is None or parcel is None:
        raise Http404
    if not request.user.has_perm(_SHIP):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        messages.success(request, do(request, parcel))
    except OrdersError as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{order_address(order.pk)}#desk-parcels")
