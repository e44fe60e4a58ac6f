"""Parcels on the order's page: waybills made, labelled and deleted, numbers typed, and taking one apart."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from orders.admin.order_acts import order_address
from orders.errors import OrdersError
from orders.models import Order, OrderEvent, Shipment
from orders.shipping import set_waybill, unpack_shipment
from orders.waybills import delete_waybill, has_client, label_pdf, request_waybill
from shop.delivery.states import ParcelState

_SHIP = "orders.ship_order"
_LABEL = "label"


class _WrongForm(Exception):
    """Numbers of a box that cannot be; they come back to the form by the page's address."""

    def __init__(self, typed: dict[str, str]) -> None:
        super().__init__()
        self.typed = typed


class WaybillForm(forms.Form):
    """What a carrier wants to know of a box."""

    weight_kg = forms.DecimalField(
        label=gettext_lazy("Вага, кг"), max_digits=6, decimal_places=3, min_value=Decimal("0.1"), localize=True
    )
    length_cm = forms.IntegerField(label=gettext_lazy("Довжина, см"), min_value=1, max_value=400)
    width_cm = forms.IntegerField(label=gettext_lazy("Ширина, см"), min_value=1, max_value=400)
    height_cm = forms.IntegerField(label=gettext_lazy("Висота, см"), min_value=1, max_value=400)

    def __init__(self, data: Any = None, *, parcel: Shipment) -> None:
        known = {name: getattr(parcel, name) for name in self.base_fields}
        super().__init__(data, initial=known, auto_id=f"id_parcel_{parcel.pk}_%s")
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": "desk-search__field desk-narrow", "inputmode": "decimal"}
            if data is not None and name in self.errors:
                field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"{self[name].id_for_label}_error"}


def parcel_rows(shipments: list[Shipment], *, may_ship: bool, typed: QueryDict) -> list[dict[str, Any]]:
    """Each parcel with what can be done to it now; the waybill's form is None where there is nothing to make.

    ``typed`` is the page's query: it brings back what was wrong in the form of one parcel.
    """
    return [
        _row(parcel, may_ship=may_ship, typed=typed if typed.get("parcel") == str(parcel.pk) else None)
        for parcel in shipments
    ]


def _row(parcel: Shipment, *, may_ship: bool, typed: QueryDict | None) -> dict[str, Any]:
    is_open = may_ship and parcel.state == ParcelState.LABELLED
    is_being_made = not parcel.waybill_number and parcel.ask_at is not None
    can_make = is_open and not parcel.waybill_number and not is_being_made and has_client(parcel)
    return {
        "parcel": parcel,
        "is_being_made": is_being_made,
        "waybill_form": WaybillForm(typed, parcel=parcel) if can_make else None,
        "can_print": may_ship and bool(parcel.waybill_ref),
        "can_delete": is_open and bool(parcel.waybill_ref),
        "can_type": is_open and not parcel.waybill_ref,
        "can_unpack": is_open and not parcel.waybill_ref and not is_being_made,
        "can_settle": may_ship and parcel.needs_person_since is not None,
    }


def _set_number(request: HttpRequest, parcel: Shipment) -> str:
    set_waybill(parcel, request.POST.get("waybill_number", "")[:60], author=request.user)  # type: ignore[arg-type]
    return _("Номер записано, покупцеві надіслано.")


def _unpack(request: HttpRequest, parcel: Shipment) -> str:
    reason = request.POST.get("reason", "").strip()[:200]
    unpack_shipment(parcel, author=request.user, reason=reason)  # type: ignore[arg-type]
    return _("Посилку розібрано, деталі знову на полиці й у резерві замовлення.")


def _make(request: HttpRequest, parcel: Shipment) -> str:
    form = WaybillForm(request.POST, parcel=parcel)
    if not form.is_valid():
        raise _WrongForm({name: request.POST.get(name, "")[:20] for name in form.fields})
    box = form.cleaned_data
    request_waybill(
        parcel,
        author=request.user,  # type: ignore[arg-type]
        weight_kg=box["weight_kg"],
        size_cm=(box["length_cm"], box["width_cm"], box["height_cm"]),
    )
    return _("Створюємо накладну. Номер з’явиться тут за кілька секунд, і покупець отримає його сам.")


def _delete(request: HttpRequest, parcel: Shipment) -> str:
    delete_waybill(parcel, author=request.user)  # type: ignore[arg-type]
    return _("Накладну видалено.")


def _settle(request: HttpRequest, parcel: Shipment) -> str:
    settled = Shipment.objects.filter(pk=parcel.pk, needs_person_since__isnull=False)
    if settled.update(needs_person_since=None, needs_person_reason=""):
        with override("uk"):
            note = _("З’ясовано: %(reason)s") % {"reason": parcel.needs_person_reason}
        OrderEvent.objects.create(
            order_id=parcel.order_id,
            kind=OrderEvent.Kind.PARCEL,
            author=request.user,  # type: ignore[misc]
            note=note[:400],
        )
    return _("Посилка більше не чекає на людину.")


_ACTS: dict[str, Callable[[HttpRequest, Shipment], str]] = {
    "number": _set_number,
    "unpacking": _unpack,
    "waybill": _make,
    "waybill-deletion": _delete,
    "settlement": _settle,
}


def carry_out_for_parcel(request: HttpRequest, order: Order, parcel_id: int, act: str) -> HttpResponse:
    """One press of a button under a parcel; ends on the order's page with a word of what happened."""
    do = _ACTS.get(act)
    parcel: Any = order.shipments.select_related("carrier", "order").filter(pk=parcel_id).first()
    if (do is None and act != _LABEL) or parcel is None:
        raise Http404
    if not request.user.has_perm(_SHIP):
        raise PermissionDenied
    back = HttpResponseRedirect(f"{order_address(order.pk)}#desk-parcels")
    if do is None:
        return _label(request, parcel, back)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        messages.success(request, do(request, parcel))
    except _WrongForm as wrong:
        query = urlencode({"parcel": parcel.pk, **wrong.typed})
        return HttpResponseRedirect(f"{order_address(order.pk)}?{query}#desk-parcels")
    except OrdersError as refusal:
        messages.error(request, str(refusal))
    return back


def _label(request: HttpRequest, parcel: Shipment, back: HttpResponse) -> HttpResponse:
    """The carrier's PDF through us: its own address holds our key."""
    try:
        pdf = label_pdf(parcel)
    except OrdersError as refusal:
        messages.error(request, str(refusal))
        return back
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{parcel.waybill_number}.pdf"'
    return answer
