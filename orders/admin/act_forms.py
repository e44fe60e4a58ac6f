"""What the acts of an order's page ask for. Names of fields are the arguments of the act."""

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from orders.leaving import lines_left
from orders.models import Order, OrderLine, PaymentKind
from orders.notes import MOST_SIGNS
from orders.payments.balance import needed_before_dispatch, order_balance
from orders.promises import BrokenPromise, broken_promises, promises_seen
from orders.shipping import WITHOUT_WAYBILL

_NOTE_LENGTH = 400
SHIP_UNPAID = "orders.ship_unpaid_order"


class ActForm(forms.Form):
    """Nothing to fill in; subclasses add what their act asks for. ``warnings`` stand above the fields."""

    def __init__(self, *args: Any, order: Order, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.person = person
        self.warnings: list[str] = []

    def act_arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class ConfirmationForm(ActForm):
    """Asks for a decision when suppliers no longer offer what they did."""

    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    is_decided = forms.BooleanField(label=_("Підтвердити попри це"), required=False, widget=UnfoldBooleanSwitchWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.broken: list[BrokenPromise] = broken_promises(self.order)
        self.warnings = [str(promise) for promise in self.broken]
        self.fields["seen"].initial = promises_seen(self.broken)
        if not self.broken:
            del self.fields["is_decided"]

    def act_arguments(self) -> dict[str, Any]:
        return {"seen": self.cleaned_data["seen"] if self.cleaned_data.get("is_decided") else ""}


class ShippingForm(ActForm):
    """All that has not left, unless counts are changed; the number may come later."""

    waybill_number = forms.CharField(
        label=_("Номер накладної"),
        required=False,
        max_length=40,
        help_text=_("Порожній — накладну створите потім. Покупець отримає номер у листі та SMS."),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    seen_parcels = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.order.delivery_kind in WITHOUT_WAYBILL:
            del self.fields["waybill_number"]
        self.fields["seen_parcels"].initial = self.order.shipments.count()
        self.left = lines_left(self.order)
        for line, count in self.left.items():
            self.fields[_pieces_field(line)] = forms.IntegerField(
                label=f"{line.brand_name} {line.article_number}",
                required=False,
                min_value=0,
                max_value=count,
                initial=count,
                widget=UnfoldAdminIntegerFieldWidget,
            )
        missing = needed_before_dispatch(self.order) - order_balance(self.order).kept
        needs_check = self.order.wants_fit_check and self.order.fit_checked_at is None
        if missing > 0:
            self.warnings.append(str(_("Ще не оплачено: без грошей відправити може лише менеджер.")))
        if needs_check:
            self.warnings.append(str(_("Сумісність за VIN ще не перевірено.")))
        if (missing > 0 or needs_check) and self.person.has_perm(SHIP_UNPAID):
            self.fields["despite"] = forms.CharField(
                label=_("Відправити попри це, бо"),
                required=False,
                max_length=200,
                widget=UnfoldAdminTextInputWidget,
            )

    def act_arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        counts = {line.pk: data.get(_pieces_field(line)) for line in self.left}
        typed = any(count is not None for count in counts.values())
        return {
            "waybill_number": data.get("waybill_number", ""),
            "seen_parcels": data.get("seen_parcels"),
            "despite": data.get("despite", ""),
            "pieces": {pk: count or 0 for pk, count in counts.items()} if typed else None,
        }


class CancellationForm(ActForm):
    note = forms.CharField(
        label=_("Причина"),
        max_length=_NOTE_LENGTH,
        help_text=_("Її прочитає покупець."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class NoteForm(ActForm):
    note = forms.CharField(label=_("Текст"), max_length=MOST_SIGNS, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))
    is_for_customer = forms.BooleanField(
        label=_("Надіслати покупцеві листом"),
        help_text=_("Без позначки нотатку бачать лише працівники."),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )
    is_settled = forms.BooleanField(
        label=_("Питання вирішено: прибрати замовлення з черги"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4()
        if not self.person.has_perm("orders.view_contacts"):
            del self.fields["is_for_customer"]
        if self.order.needs_person_since is None:
            del self.fields["is_settled"]

    def act_arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "note": data["note"],
            "is_for_customer": data.get("is_for_customer", False),
            "is_settled": data.get("is_settled", False),
            "key": data["key"] or uuid.uuid4(),
        }


class FitCheckForm(ActForm):
    note = forms.CharField(
        label=_("Що перевірено"),
        max_length=200,
        help_text=_("Наприклад: «За VIN усі деталі підходять». Не підходить — змініть замовлення."),
        widget=UnfoldAdminTextInputWidget,
    )


class MoneyForm(ActForm):
    """A sum, and the way it is to come or has come."""

    amount = forms.DecimalField(
        label=_("Сума, ₴"), min_value=0.01, max_digits=12, decimal_places=2, widget=UnfoldAdminDecimalFieldWidget
    )
    kind = forms.ChoiceField(label=_("Спосіб"), choices=PaymentKind.choices, widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = order_balance(self.order).due or None
        self.fields["kind"].initial = self.order.payment_kind


class AskForMoneyForm(MoneyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            choice for choice in PaymentKind.choices if choice[0] != PaymentKind.ON_DELIVERY
        ]


class RecordMoneyForm(MoneyForm):
    note = forms.CharField(
        label=_("Звідки"),
        max_length=200,
        help_text=_("Рядок виписки або «готівка в касі»."),
        widget=UnfoldAdminTextInputWidget,
    )


def piece_fields(form: ShippingForm) -> Iterator[forms.BoundField]:
    return (form[_pieces_field(line)] for line in form.left)


def _pieces_field(line: OrderLine) -> str:
    return f"pieces_{line.pk}"
