"""The form in which staff change a placed order; what cannot be read is said beside its field."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from orders.admin.finding import FoundOffer, numbers_not_found, offers_for
from orders.editing import LineChange, NewLine, OrderEdit
from orders.models import MAX_PIECES, Order, OrderLine


def _money(label: Any, initial: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        initial=initial,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )


class EditForm(forms.Form):
    """Every current line with its count and price, the sums, the reason, and offers to add or to put instead."""

    reason = forms.CharField(
        label=gettext_lazy("Чому змінюємо"),
        max_length=200,
        help_text=gettext_lazy("Причину прочитає покупець."),
        widget=UnfoldAdminTextInputWidget,
    )
    seen_revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    numbers = forms.CharField(
        label=gettext_lazy("Додати деталь: артикул або кілька через кому"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, order: Order) -> None:
        super().__init__(data, auto_id="id_edit_%s")
        self.order = order
        self.lines: list[OrderLine] = list(order.lines.current().select_related("part", "warehouse"))
        self.fields["seen_revision"].initial = order.revision
        self.fields["delivery_total"] = _money(gettext_lazy("Доставка, ₴"), order.delivery_total)
        self.fields["discount_total"] = _money(gettext_lazy("Знижка, ₴"), order.discount_total)
        for line in self.lines:
            self.fields[f"count_{line.pk}"] = forms.IntegerField(
                label=gettext_lazy("Кількість"),
                initial=line.quantity,
                min_value=1,
                max_value=MAX_PIECES,
                widget=UnfoldAdminIntegerFieldWidget,
            )
            self.fields[f"price_{line.pk}"] = _money(gettext_lazy("Ціна, ₴"), line.price)
            self.fields[f"out_{line.pk}"] = forms.BooleanField(
                label=gettext_lazy("Прибрати"), required=False, widget=UnfoldBooleanSwitchWidget
            )
        numbers = str(self.data.get("numbers", ""))
        self.found: list[FoundOffer] = offers_for(self.data, numbers=numbers) if data is not None else []
        self.unknown = numbers_not_found(numbers, self.found) if numbers else []

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Lines with their fields, for the template."""
        return [
            {
                "line": line,
                "count": self[f"count_{line.pk}"],
                "price": self[f"price_{line.pk}"],
                "out": self[f"out_{line.pk}"],
            }
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for row in self.found:
            if row.is_picked and row.quantity is None:
                self.add_error(
                    None, _("%(part)s: кількість — від 1 до %(most)d.") % {"part": row.name, "most": MAX_PIECES}
                )
        return cleaned

    def edit(self) -> OrderEdit:
        """What was typed, for ``edit_order``."""
        data = self.cleaned_data
        out = frozenset(line.pk for line in self.lines if data[f"out_{line.pk}"])
        return OrderEdit(
            taken_out=out,
            changed=tuple(
                LineChange(line.pk, quantity=data[f"count_{line.pk}"], price=data[f"price_{line.pk}"])
                for line in self.lines
                if line.pk not in out
            ),
            added=tuple(
                NewLine(row.offer.part_id, row.offer.warehouse_id, row.quantity or 1, replaces=row.instead)
                for row in self.found
                if row.is_picked
            ),
            delivery_total=data["delivery_total"],
            discount_total=data["discount_total"],
        )
