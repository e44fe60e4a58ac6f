"""What staff may do with an order. Every act has a page with a form: opening it changes nothing, sending it acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from accounts.models import Customer
from orders.cancellation import cancel_order
from orders.completion import complete_order
from orders.confirmation import confirm_order
from orders.models import MOVES, Order, OrderEvent, Status
from orders.shipping import ship_order

_NOTE_LENGTH = 400


class ActForm(forms.Form):
    """Nothing to fill in; subclasses add what their act asks for. Field names are the act's arguments."""

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order


class ShippingForm(ActForm):
    waybill_number = forms.CharField(
        label=_("Номер накладної"),
        max_length=40,
        help_text=_("14 цифр з накладної Нової пошти. Покупець отримає його в листі та SMS."),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.order.is_pickup:
            del self.fields["waybill_number"]


class CancellationForm(ActForm):
    note = forms.CharField(
        label=_("Причина"),
        max_length=_NOTE_LENGTH,
        help_text=_("Її прочитає покупець."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class NoteForm(ActForm):
    note = forms.CharField(
        label=_("Примітка"),
        max_length=_NOTE_LENGTH,
        help_text=_("Її бачать лише працівники."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    is_settled = forms.BooleanField(
        label=_("Питання вирішено: прибрати замовлення з черги"), required=False, widget=UnfoldBooleanSwitchWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.order.needs_person_since is None:
            del self.fields["is_settled"]


@transaction.atomic
def write_note(order: Order, *, author: Customer, note: str, is_settled: bool = False) -> None:
    """Write down what staff should know; ``is_settled`` takes the order out of the queue as well."""
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.NOTE, author=author, note=note)
    if is_settled:
        order.person_is_done()


@dataclass(frozen=True)
class Act:
    """One button: its words, its form, the states it is offered in, and the function that does it."""

    name: str
    path: str
    title: Any
    explanation: Any
    done: Any
    do: Callable[..., Any]
    offered_in: frozenset[Status]
    icon: str
    form: type[ActForm] = ActForm
    is_dangerous: bool = False

    @property
    def variant(self) -> ActionVariant:
        if self.is_dangerous:
            return ActionVariant.DANGER
        return ActionVariant.DEFAULT if self.name == "note" else ActionVariant.PRIMARY


CONFIRM = Act(
    name="confirm",
    path="confirmation",
    title=_("Підтвердити"),
    explanation=_("Деталі залишаться в резерві, покупець отримає лист про підтвердження."),
    done=_("Замовлення підтверджено."),
    do=confirm_order,
    offered_in=MOVES[Status.CONFIRMED],
    icon="check",
)
SHIP = Act(
    name="ship",
    path="shipment",
    title=_("Відправити"),
    explanation=_("Деталі буде списано з полиці, покупець отримає лист і SMS."),
    done=_("Замовлення відправлено."),
    do=ship_order,
    offered_in=MOVES[Status.SHIPPED],
    icon="local_shipping",
    form=ShippingForm,
)
COMPLETE = Act(
    name="complete",
    path="completion",
    title=_("Завершити"),
    explanation=_("Покупець отримав замовлення, гроші надійшли."),
    done=_("Замовлення виконано."),
    do=complete_order,
    offered_in=MOVES[Status.COMPLETED],
    icon="done_all",
)
CANCEL = Act(
    name="cancel",
    path="cancellation",
    title=_("Скасувати"),
    explanation=_("Резерв буде знято, покупець отримає лист і SMS із причиною."),
    done=_("Замовлення скасовано."),
    do=cancel_order,
    offered_in=MOVES[Status.CANCELLED],
    icon="close",
    form=CancellationForm,
    is_dangerous=True,
)
NOTE = Act(
    name="note",
    path="note",
    title=_("Примітка"),
    explanation=_("Стан замовлення не зміниться, покупець нічого не отримає."),
    done=_("Примітку збережено."),
    do=write_note,
    offered_in=frozenset(Status),
    icon="edit_note",
    form=NoteForm,
)

ACTS: Mapping[str, Act] = {act.name: act for act in (CONFIRM, SHIP, COMPLETE, CANCEL, NOTE)}
