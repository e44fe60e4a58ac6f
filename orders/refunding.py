"""Money back: asked for in one transaction, sent to the provider after it, written down whatever happens between."""

from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.models import Customer
from orders import payment_notices
from orders.errors import NothingToPay, RefundTooLarge
from orders.models import ONLINE, Order, OrderEvent, Payment, Refund
from orders.payments import fiscal_due
from shop.lib.money import format_money
from shop.lib.publishing import publish


def request_refund(order: Order, amount: Decimal, *, author: Customer | None, reason: str) -> list[Refund]:
    """Give ``amount`` (hryvnias) back, in the caller's transaction; spread over payments, the newest first.

    A provider is asked after the commit; what came by transfer or in cash waits for a person. Raises RefundTooLarge
    when that much is not with us, and NothingToPay for an amount that is not above nothing.
    """
    if amount <= 0:
        raise NothingToPay
    Order.objects.select_for_update().get(pk=order.pk)
    refunds: list[Refund] = []
    rest = amount
    for payment in order.payments.paid().select_for_update().order_by("-paid_at", "-pk"):
        part = min(rest, refundable(payment))
        if part > 0:
            refunds.append(_create(payment, part, author=author, reason=reason))
            rest -= part
        if not rest:
            break
    if rest:
        raise RefundTooLarge
    wake(refunds)
    return refunds


def refundable(payment: Payment) -> Decimal:
    """What of a payment has not gone back yet and is not on its way."""
    return payment.received - payment.refunds.standing().amounts()  # type: ignore[no-any-return]


def _create(payment: Payment, amount: Decimal, *, author: Customer | None, reason: str) -> Refund:
    refund = Refund.objects.create(
        payment=payment,
        amount=amount,
        reference=f"{payment.reference}-r{payment.refunds.count() + 1}",
        reason=reason[:200],
        author=author,
        try_at=timezone.now() if payment.kind in ONLINE else None,
    )
    if payment.kind not in ONLINE:
        refund.ask_a_person("Поверніть гроші переказом або готівкою і позначте повернення виконаним.")
    return refund


def wake(refunds: list[Refund]) -> None:
    """Have a worker send them as soon as this transaction is committed; the timetable does so otherwise."""
    from orders.tasks import send_refund  # the tasks import what they send

    for refund in refunds:
        if refund.try_at is not None:
            transaction.on_commit(partial(publish, send_refund, refund.pk), robust=True)


@transaction.atomic
def settle_refund(refund: Refund, *, provider_id: str = "", author: Customer | None = None, note: str = "") -> None:
    """The money went back: write it down, tell the customer, ask for the receipt. Raises WrongPaymentStatus."""
    order = Order.objects.select_for_update().get(pk=refund.payment.order_id)
    refund.move_to(
        Refund.Status.DONE,
        done_at=timezone.now(),
        try_at=None,
        provider_id=provider_id or refund.provider_id,
        needs_person_since=None,
        needs_person_reason="",
    )
    said = f"{format_money(refund.amount)}, {refund.payment.get_kind_display()}"
    OrderEvent.objects.create(
        order=order,
        kind=OrderEvent.Kind.REFUNDED,
        author=author,
        note=f"{said}. {note}" if note else said,
    )
    fiscal_due.receipt_for_refund(refund)
    payment_notices.refund_done(refund)


def mark_refund_done(refund: Refund, *, author: Customer, note: str) -> None:
    """A person gave the money back outside of the shop. Raises WrongPaymentStatus when it is settled already."""
    settle_refund(refund, author=author, note=note)


@transaction.atomic
def cancel_refund(refund: Refund, *, author: Customer, note: str) -> None:
    """The money stays after all; only before a provider was asked. Raises WrongPaymentStatus."""
    refund.move_to(Refund.Status.CANCELLED, try_at=None, needs_person_since=None, needs_person_reason="")
    said = f"Повернення {format_money(refund.amount)} скасовано. {note}"
    OrderEvent.objects.create(order_id=refund.payment.order_id, kind=OrderEvent.Kind.NOTE, author=author, note=said)
