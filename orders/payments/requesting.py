"""Asking for money: a row that says how much, for what and in which way. Nobody outside hears of it yet."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import Customer
from orders import payment_notices
from orders.errors import NothingToPay
from orders.models import Order, Payment, PaymentKind, PaymentStatus
from orders.payments.balance import Balance, needed_before_dispatch, order_balance

# As long as the pieces of an unpaid invoice are held.
INVOICE_LIFE = timedelta(hours=48)
_TOLD_OF = frozenset({Payment.Purpose.REST, Payment.Purpose.SURCHARGE})


def request_payment(
    order: Order,
    amount: Decimal,
    *,
    kind: str,
    purpose: str = Payment.Purpose.ORDER,
    author: Customer | None = None,
) -> Payment:
    """Ask for ``amount`` (hryvnias) in the caller's transaction; an equal open request is given back.

    The customer is told by letter and SMS when staff ask (``author``), or for what came up after placing.
    Raises NothingToPay for an amount that is not above nothing.
    """
    if amount <= 0:
        raise NothingToPay
    # One asks at a time, so that references are counted and an equal request is seen.
    Order.objects.select_for_update().get(pk=order.pk)
    asked = list(order.payments.all())
    for payment in asked:
        if payment.is_open and (payment.kind, payment.amount, payment.purpose) == (kind, amount, purpose):
            return payment
    payment = Payment.objects.create(
        order=order,
        kind=kind,
        purpose=purpose,
        amount=amount,
        reference=f"{order.number}-{len(asked) + 1}",
        author=author,
        expires_at=timezone.now() + INVOICE_LIFE if kind == PaymentKind.INVOICE else None,
    )
    if author is not None or purpose in _TOLD_OF:
        payment_notices.payment_requested(payment)
    return payment


def cancel_open_payments(order: Order, *, but: Payment | None = None) -> None:
    """Nothing is expected any more: the order is cancelled, paid, or costs something else now.

    In the caller's transaction. Money that comes for a cancelled attempt all the same is recorded, and a person is
    asked.
    """
    for payment in order.payments.open().select_for_update():
        if but is None or payment.pk != but.pk:
            payment.move_to(PaymentStatus.CANCELLED, ask_at=_last_look(payment))


def _last_look(payment: Payment) -> object:
    """A buyer may be at the provider's page this very moment: ask once more when the page has ended."""
    if payment.status == PaymentStatus.DUE or payment.kind == PaymentKind.INVOICE:
        return None
    return payment.expires_at or timezone.now()


def to_pay_now(order: Order) -> Decimal:
    """What the customer is asked to pay now: the open request, or what is missing before the parcel may leave."""
    return asked_now(order, order_balance(order), list(order.payments.open()))


def asked_now(order: Order, balance: Balance, open_payments: Sequence[Payment]) -> Decimal:
    """As ``to_pay_now``, of rows at hand."""
    if not balance.due:
        return Decimal(0)
    open_sum = sum((payment.amount for payment in open_payments), Decimal(0))
    missing = max(needed_before_dispatch(order) - balance.kept, Decimal(0))
    return min(open_sum or missing, balance.due)
