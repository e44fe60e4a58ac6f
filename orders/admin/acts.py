"""What staff may do with an order. Every act has a page with a form: opening it changes nothing, sending it acts."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from accounts.models import Customer
from orders.admin.act_forms import (
    ActForm,
    AskForMoneyForm,
    CancellationForm,
    ConfirmationForm,
    FitCheckForm,
    NoteForm,
    RecordMoneyForm,
    ShippingForm,
)
from orders.cancellation import cancel_order
from orders.completion import complete_order
from orders.confirmation import confirm_order
from orders.errors import (
    EditConflict,
    FitNotChecked,
    NothingToPay,
    NothingToShip,
    NotPaidYet,
    OrdersError,
    PromisesBroken,
    TooManyPieces,
    WaybillTaken,
    WrongWaybill,
)
from orders.fit_checking import check_fit_done
from orders.models import MOVES, Order, Payment, Status
from orders.notes import write_note
from orders.payments.receiving import record_money
from orders.payments.requesting import request_payment
from orders.responsibility import take_order
from orders.shipping import ship_order

_OPEN = frozenset({Status.PLACED, Status.CONFIRMED})
_NOT_CANCELLED = frozenset(Status) - {Status.CANCELLED}


@transaction.atomic
def say(
    order: Order,
    *,
    author: Customer,
    note: str,
    key: uuid.UUID,
    is_for_customer: bool = False,
    is_settled: bool = False,
) -> None:
    """Answer the customer, or write down what staff should know; ``is_settled`` takes the order out of the queue."""
    write_note(order, note, key=key, author=author, is_internal=not is_for_customer)
    if is_settled:
        order.person_is_done()


@transaction.atomic
def ask_for_money(order: Order, *, author: Customer, amount: Decimal, kind: str) -> None:
    """A link to pay goes to the customer. An equal open request is not made twice."""
    request_payment(order, amount, kind=kind, purpose=Payment.Purpose.ORDER, author=author)


def money_came(order: Order, *, author: Customer, amount: Decimal, kind: str, note: str) -> None:
    record_money(order, amount, kind=kind, author=author, note=note)


@dataclass(frozen=True)
class Act:
    """One button: its words, its form, when it is offered, and the function that does it.

    ``mendable`` are refusals that the form can be corrected for, and the field beside which each is said.
    """

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
    is_quiet: bool = False
    right: str = ""
    mendable: Mapping[type[OrdersError], str | None] = field(default_factory=dict)
    applies: Callable[[Order, Any], bool] = lambda order, person: True

    @property
    def permission(self) -> str:
        return self.right or f"orders.{self.name}_order"

    @property
    def variant(self) -> ActionVariant:
        if self.is_dangerous:
            return ActionVariant.DANGER
        return ActionVariant.DEFAULT if self.is_quiet else ActionVariant.PRIMARY

    def is_offered(self, order: Order, person: Any) -> bool:
        """Whether this person may do it and the order's state allows it."""
        return order.status in self.offered_in and person.has_perm(self.permission) and self.applies(order, person)


CONFIRM = Act(
    name="confirm",
    path="confirmation",
    title=_("Підтвердити"),
    explanation=_("Деталі залишаться в резерві, покупець отримає лист про підтвердження."),
    done=_("Замовлення підтверджено."),
    do=confirm_order,
    offered_in=MOVES[Status.CONFIRMED],
    icon="check",
    form=ConfirmationForm,
    mendable={PromisesBroken: None},
)
SHIP = Act(
    name="ship",
    path="shipment",
    title=_("Відправити"),
    explanation=_(
        "Деталі буде списано з полиці. Щоб відправити частину, змініть кількість; решта піде іншою посилкою."
    ),
    done=_("Посилку записано."),
    do=ship_order,
    offered_in=MOVES[Status.SHIPPED],
    icon="local_shipping",
    form=ShippingForm,
    mendable={
        WaybillTaken: "waybill_number",
        WrongWaybill: "waybill_number",
        NotPaidYet: None,
        FitNotChecked: None,
        TooManyPieces: None,
        NothingToShip: None,
        EditConflict: None,
    },
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
    explanation=_("Резерв буде знято, сплачене повернемо, покупець отримає лист і SMS із причиною."),
    done=_("Замовлення скасовано."),
    do=cancel_order,
    offered_in=MOVES[Status.CANCELLED],
    icon="close",
    form=CancellationForm,
    is_dangerous=True,
)
TAKE = Act(
    name="take",
    path="responsibility",
    title=_("Взяти собі"),
    explanation=_("Ви відповідатимете за це замовлення до кінця."),
    done=_("Замовлення тепер ваше."),
    do=take_order,
    offered_in=frozenset(Status) - {Status.COMPLETED, Status.CANCELLED},
    icon="person_add",
    is_quiet=True,
    applies=lambda order, person: order.responsible_id != person.pk,
)
CHECK_FIT = Act(
    name="check_fit",
    path="fit-check",
    title=_("Сумісність перевірено"),
    explanation=_("Ви звірили деталі з авто за VIN. Без цього посилка не піде."),
    done=_("Перевірку записано."),
    do=check_fit_done,
    offered_in=_OPEN,
    icon="fact_check",
    form=FitCheckForm,
    applies=lambda order, person: order.wants_fit_check and order.fit_checked_at is None,
)
ASK_MONEY = Act(
    name="ask_money",
    path="payment-request",
    title=_("Попросити оплату"),
    explanation=_("Покупець отримає лист і SMS із посиланням на оплату."),
    done=_("Запит на оплату надіслано."),
    do=ask_for_money,
    offered_in=_NOT_CANCELLED,
    icon="request_quote",
    form=AskForMoneyForm,
    is_quiet=True,
    right="orders.handle_payment",
    mendable={NothingToPay: "amount"},
)
RECORD_MONEY = Act(
    name="record_money",
    path="money",
    title=_("Записати оплату"),
    explanation=_("Гроші вже в нас: переказ у виписці або готівка. Покупець отримає лист і SMS."),
    done=_("Оплату записано."),
    do=money_came,
    offered_in=frozenset(Status),
    icon="payments",
    form=RecordMoneyForm,
    is_quiet=True,
    right="orders.handle_payment",
    mendable={NothingToPay: "amount"},
)
NOTE = Act(
    name="note",
    path="note",
    title=_("Написати"),
    explanation=_("Нотатка для працівників або лист покупцеві. Стан замовлення не зміниться."),
    done=_("Записано."),
    do=say,
    offered_in=frozenset(Status),
    icon="edit_note",
    form=NoteForm,
    is_quiet=True,
)

ACTS: Mapping[str, Act] = {
    act.name: act for act in (CONFIRM, CHECK_FIT, SHIP, COMPLETE, TAKE, ASK_MONEY, RECORD_MONEY, NOTE, CANCEL)
}
