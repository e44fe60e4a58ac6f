"""What a person does with money that the shop could not settle by itself."""

from decimal import Decimal

from django.db import transaction

from accounts.models import Customer
from orders.models import FiscalReceipt, Order, OrderEvent, Payment, PaymentKind, Refund
from orders.payments.receiving import record_money
from orders.refunding import request_refund
from shop.messaging.models import WebhookEvent

type Row = Payment | Refund | FiscalReceipt | WebhookEvent


@transaction.atomic
def settle(row: Row, *, author: Customer, note: str) -> None:
    """Somebody looked into it: off the list, with a line in the order's history that says what was found."""
    waiting = type(row)._default_manager.filter(pk=row.pk, needs_person_since__isnull=False)
    if not waiting.update(needs_person_since=None, needs_person_reason=""):
        return
    order_id = order_of(row)
    if order_id is not None:
        OrderEvent.objects.create(order_id=order_id, kind=OrderEvent.Kind.NOTE, author=author, note=note[:400])


@transaction.atomic
def give_back(payment: Payment, *, author: Customer, amount: Decimal, reason: str) -> list[Refund]:
    """Refund from the order of ``payment``; it waits for nobody then. Raises RefundTooLarge and NothingToPay."""
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    refunds = request_refund(order, amount, author=author, reason=reason)
    Payment.objects.filter(pk=payment.pk).update(needs_person_since=None, needs_person_reason="")
    return refunds


def record_transfer(payment: Payment, *, author: Customer, amount: Decimal, note: str) -> Payment:
    """Money of the same order was seen on the account. Raises NothingToPay."""
    return record_money(payment.order, amount, kind=PaymentKind.INVOICE, author=author, note=note)


def order_of(row: Row) -> int | None:
    """Whose order it is, where that is known."""
    if isinstance(row, Payment):
        return row.order_id
    if isinstance(row, Refund):
        return row.payment.order_id
    if isinstance(row, FiscalReceipt):
        payment = row.refund.payment if row.refund else row.payment
        return payment.order_id if payment else None
    return int(row.subject_id) if row.subject_kind == "order" else None
