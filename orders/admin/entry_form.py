"""The form in which staff enter an order: the checkout's own fields and rules, and parts by number."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from orders.admin.finding import FoundOffer, numbers_not_found, offers_for
from orders.checkout_form import CheckoutForm
from orders.delivery_choice import DeliveryChoice
from orders.models import MAX_PIECES, DeliveryKind, Enquiry
from orders.staff_orders import WantedLine
from shop.delivery.places import MAX_POINTS, stores

# What a buyer's page carries unseen and staff agree to by voice.
_NOT_SHOWN = ("shown_total", "shown_lines", "offer_version", "modification", "settlement")
_WIDGETS: dict[str, type[forms.Widget]] = {
    "email": UnfoldAdminEmailInputWidget,
    "comment": UnfoldAdminTextareaWidget,
    "delivery_kind": UnfoldAdminSelectWidget,
    "payment_kind": UnfoldAdminSelectWidget,
    "pickup_point": UnfoldAdminSelectWidget,
    "store": UnfoldAdminSelectWidget,
    "wants_fit_check": UnfoldBooleanSwitchWidget,
}


class EntryForm(CheckoutForm):
    """``found`` are the offers to choose from; a town that several are called is chosen in a second step."""

    numbers = forms.CharField(
        label=gettext_lazy("Артикули: один або кілька через кому"), required=False, max_length=500
    )
    enquiry = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, enquiry: Enquiry | None = None) -> None:
        super().__init__(data, auto_id="id_entry_%s", initial=_initial(enquiry))
        for name in _NOT_SHOWN:
            self.fields[name].required = False
        for name, label in (("shown_delivery", _("Доставка, ₴")), ("shown_prepayment", _("Передоплата, ₴"))):
            self.fields[name] = forms.DecimalField(
                label=label,
                initial=0,
                min_value=0,
                max_digits=12,
                decimal_places=2,
                widget=UnfoldAdminDecimalFieldWidget,
            )
        kind = str(self.data.get("delivery_kind", DeliveryKind.NOVA_POSHTA))
        self.place = DeliveryChoice.of(
            str(self.data.get("town", "")),
            str(self.data.get("settlement", "")),
            delivery_kind=kind,
            point_like=str(self.data.get("point_like", "")),
            point_id=str(self.data.get("pickup_point", "")),
        )
        if self.place.has_more:
            self.fields["point_like"].help_text = _("Показано перші %(count)d: звузьте номером або вулицею.") % {
                "count": MAX_POINTS
            }
        self._dress()
        wanted = _wanted(enquiry) if data is None else {}
        numbers = str(self.data.get("numbers", ""))
        source: Any = (
            self.data
            if data is not None
            else {f"quantity-{part}.{warehouse}": count for (part, warehouse), count in wanted.items()}
        )
        self.found: list[FoundOffer] = offers_for(source, numbers=numbers, also=wanted)
        self.unknown = numbers_not_found(numbers, self.found) if numbers else []
        self.gone = len(wanted) - sum(row.is_picked for row in self.found)

    def _dress(self) -> None:
        """Unfold's look, and the lists of points and stores."""
        points = [("", "—")] + [(str(point.pk), str(point)) for point in self.place.points]
        counters = [("", "—")] + [(str(point.pk), f"{point.settlement.name}, {point}") for point in stores()]
        choices = {"pickup_point": points, "store": counters}
        for name, field in self.fields.items():
            if isinstance(field.widget, (forms.HiddenInput, UnfoldAdminDecimalFieldWidget)):
                continue
            widget = _WIDGETS.get(name, UnfoldAdminTextInputWidget)
            known = choices.get(name) or getattr(field, "choices", None)
            field.widget = widget(choices=list(known)) if known else widget()

    def clean_settlement(self) -> str:
        return str(self.place.town.pk) if self.place.town else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.wanted_lines():
            self.add_error("numbers", _("Оберіть хоча б одну деталь."))
        for row in self.found:
            if row.is_picked and row.quantity is None:
                said = _("%(part)s: кількість — від 1 до %(most)d.") % {"part": row.name, "most": MAX_PIECES}
                self.add_error("numbers", said)
        return cleaned

    def wanted_lines(self) -> list[WantedLine]:
        return [WantedLine(row.offer, row.quantity) for row in self.found if row.is_picked and row.quantity]


def _initial(enquiry: Enquiry | None) -> dict[str, Any]:
    known: dict[str, Any] = {"key": uuid.uuid4()}
    if enquiry is not None:
        known |= {
            "given_name": enquiry.name,
            "phone": enquiry.phone,
            "comment": enquiry.question[:1000],
            "enquiry": str(enquiry.pk),
        }
        if enquiry.modification:
            known |= {"car": enquiry.modification.full_name()[:200], "modification": str(enquiry.modification_id)}
    return known


def _wanted(enquiry: Enquiry | None) -> dict[tuple[int, int], int]:
    """Part and warehouse to the pieces that a one-click enquiry asks for."""
    wanted: dict[tuple[int, int], int] = {}
    for part, warehouse, pieces, *_price in enquiry.lines if enquiry else []:
        wanted[int(part), int(warehouse)] = wanted.get((int(part), int(warehouse)), 0) + int(pieces)
    return wanted
