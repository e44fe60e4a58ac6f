"""The one door through which money comes in: a provider's word, or a person's who saw a transfer or took cash.

Nothing is lost: money for a cancelled order, twice, too late or too much is written down all the same, and a person
is asked. Locks: the order, then its payments.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Customer
from orders import payment_notices
from orders.errors import NothingToPay, StockGone
from orders.holds import keep_holds
from orders.models import (
    PAYMENT_MOVES,
    Order,
    OrderEvent,
    Payment,
    PaymentStatus,
    Status,
)
from orders.payments import fiscal_due
from orders.payments.balance import is_paid_enough, order_balance
from orders.payments.provider import CURRENCY, ProviderState, State
from orders.payments.requesting import cancel_open_payments, request_payment
from shop.lib.money import format_money
from shop.messaging.models import WebhookEvent

log = structlog.get_logger(__name__)

Outcome = WebhookEvent.Outcome
# A provider's clock may be behind ours by this much; a stamp older than the attempt is somebody else's, or a replay.
_CLOCKS_DIFFER = timedelta(minutes=10)
_ENDS = {State.FAILED: PaymentStatus.FAILED, State.EXPIRED: PaymentStatus.EXPIRED}


class Refused(Exception):
    """The word is signed and cannot be true; ``problem`` is a code, ``reason`` says it to staff."""

    def __init__(self, problem: str, reason: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.reason = reason


@transaction.atomic
def apply_state(payment_id: int, state: ProviderState) -> Outcome:
    """Take over what a provider said of a payment; the same word twice, and an older one, change nothing.

    Raises Refused when sum, currency or time do not fit the attempt: nothing is changed then.
    """
    payment = _locked(payment_id)
    _check(payment, state)
    if _is_old(payment, state):
        return Outcome.STALE
    match state.status:
        case State.PAID:
            return _paid(payment, state)
        case State.FAILED | State.EXPIRED:
            return _ended(payment, state)
        case State.RETURNED:
            return _returned(payment, state)
        case State.OPEN | State.PENDING:
            return _pending(payment, state)
    return Outcome.REPEATED


@transaction.atomic
def record_money(
    order: Order, amount: Decimal, *, kind: str, author: Customer, note: str, purpose: str = Payment.Purpose.ORDER
) -> Payment:
    """A person saw a transfer on the account or took cash. ``note`` says where from.

    What was asked for in this way and came exactly is that request; another sum is a payment of its own, and the rest
    is asked for anew. Raises NothingToPay for an amount that is not above nothing.
    """
    if amount <= 0:
        raise NothingToPay
    order = Order.objects.select_for_update().get(pk=order.pk)
    asked = list(order.payments.open().select_for_update().filter(kind=kind))
    payment = next((each for each in asked if each.amount == amount), None)
    if payment is None:
        payment = Payment.objects.create(
            order=order,
            kind=kind,
            purpose=purpose,
            amount=amount,
            reference=f"{order.number}-{order.payments.count() + 1}",
        )
    payment.order = order
    _take(payment, amount, author=author, note=note[:200])
    if asked and order.status != Status.CANCELLED and (due := order_balance(order).due) and not order.payments.open():
        request_payment(order, due, kind=kind, purpose=Payment.Purpose.REST)
    return payment


def _locked(payment_id: int) -> Payment:
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = Order.objects.select_for_update().get(pk=order_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    payment.order = order
    return payment


def _check(payment: Payment, state: ProviderState) -> None:
    if state.status is State.UNKNOWN:
        return
    if state.currency != CURRENCY and (state.status is State.PAID or state.currency):
        raise Refused("wrong-currency", f"Валюта {state.currency[:8]} замість {CURRENCY}: перевірте в кабінеті.")
    if state.amount != payment.amount and (state.status is State.PAID or state.amount is not None):
        came = "без суми" if state.amount is None else format_money(state.amount)
        asked = format_money(payment.amount)
        raise Refused("wrong-amount", f"Просили {asked}, а система каже: {came}. Перевірте в її кабінеті.")
    if state.happened_at and state.happened_at < payment.created_at - _CLOCKS_DIFFER:
        raise Refused("old-stamp", "Сповіщення старше за саму спробу оплати: перевірте в кабінеті.")
    is_another = state.provider_id and payment.provider_id and state.provider_id != payment.provider_id
    if is_another and payment.status == PaymentStatus.PAID:
        raise Refused("other-payment", "Номер платежу в системі інший, ніж був: можливо, сплачено двічі.")


def _is_old(payment: Payment, state: ProviderState) -> bool:
    """Money never comes too late to be seen; any other word may be older than what is known."""
    return bool(
        state.status is not State.PAID
        and state.happened_at
        and payment.state_at
        and state.happened_at < payment.state_at
    )


def _paid(payment: Payment, state: ProviderState) -> Outcome:
    if payment.status == PaymentStatus.PAID:
        return Outcome.REPEATED
    _keep_id(payment, state)
    _take(payment, payment.amount, happened_at=state.happened_at)
    return Outcome.APPLIED


def _take(
    payment: Payment,
    amount: Decimal,
    *,
    happened_at: datetime | None = None,
    author: Customer | None = None,
    note: str = "",
) -> None:
    """Money is here: the payment, the order's history, its pieces, the customer, the receipt, and what is odd."""
    order, was = payment.order, payment.status
    payment.move_to(
        PaymentStatus.PAID,
        received=amount,
        paid_at=timezone.now(),
        state_at=happened_at,
        ask_at=None,
        needs_person_since=None,
        needs_person_reason="",
        **({"author": author, "note": note} if author else {}),
    )
    said = f"{format_money(amount)}, {payment.get_kind_display()}"
    OrderEvent.objects.create(
        order=order, kind=OrderEvent.Kind.PAID, author=author, note=(f"{said}. {note}" if note else said)[:400]
    )
    fiscal_due.receipt_for_payment(payment)
    payment_notices.payment_received(payment)
    balance = order_balance(order)
    is_enough = is_paid_enough(order)
    if is_enough:
        cancel_open_payments(order, but=payment)
    if order.status == Status.CANCELLED:
        payment.ask_a_person(f"Замовлення скасовано, а {format_money(amount)} надійшли: поверніть їх.")
        return
    if balance.surplus:
        payment.ask_a_person(f"Надійшло на {format_money(balance.surplus)} більше, ніж треба: поверніть зайве.")
    if was in (PaymentStatus.EXPIRED, PaymentStatus.CANCELLED):
        log.info("late-payment", payment=payment.pk, was=was)
    if order.status in (Status.PLACED, Status.CONFIRMED) and is_enough:
        _keep_pieces(order)


def _keep_pieces(order: Order) -> None:
    """Paid pieces are held without an end; those that were let go are promised again, if they are still there."""
    try:
        with transaction.atomic():
            keep_holds(order)
    except StockGone:
        order.ask_a_person(
            "Гроші надійшли, але резерв уже минув і деталі продано: знайдіть заміну або поверніть кошти."
        )


def _ended(payment: Payment, state: ProviderState) -> Outcome:
    """The attempt is over without money; the customer may begin another."""
    if payment.status == PaymentStatus.PAID:
        payment.ask_a_person("Система каже, що сплачений платіж не відбувся: перевірте в її кабінеті.")
        return Outcome.STALE
    status = _ENDS[state.status]
    if payment.status not in PAYMENT_MOVES[status]:
        Payment.objects.filter(pk=payment.pk).update(ask_at=None)
        return Outcome.REPEATED
    _keep_id(payment, state)
    payment.move_to(status, state_at=state.happened_at or payment.state_at, ask_at=None, note=state.code)
    return Outcome.APPLIED


def _returned(payment: Payment, state: ProviderState) -> Outcome:
    """All of it went back: by a refund of ours, or by somebody in the provider's own cabinet."""
    if payment.status != PaymentStatus.PAID:
        return _ended(payment, replace(state, status=State.FAILED))
    known = payment.refunds.standing().amounts()
    if known >= payment.received:
        return Outcome.REPEATED
    payment.ask_a_person(
        f"Система каже, що гроші повернуто, а в нас повернень лише на {format_money(known)}: запишіть решту."
    )
    return Outcome.APPLIED


def _pending(payment: Payment, state: ProviderState) -> Outcome:
    _keep_id(payment, state)
    if payment.status == PaymentStatus.DUE:
        payment.move_to(PaymentStatus.PENDING, state_at=state.happened_at)
        return Outcome.APPLIED
    if payment.status == PaymentStatus.PENDING:
        if state.happened_at:
            Payment.objects.filter(pk=payment.pk).update(state_at=state.happened_at)
        return Outcome.REPEATED
    return Outcome.STALE


def _keep_id(payment: Payment, state: ProviderState) -> None:
    """The provider's number of the attempt; a new try on its page may have a new one. Two payments with one number
    are a person's business."""
    if state.provider_id in ("", payment.provider_id):
        return
    try:
        with transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(provider_id=state.provider_id)
    except IntegrityError:
        raise Refused("other-payment", "Цей номер у системі вже має інший платіж: перевірте в кабінеті.") from None
    payment.provider_id = state.provider_id
