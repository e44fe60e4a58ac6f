"""When an order costs something else than before: what is missing is asked for, what is too much goes back."""

from decimal import Decimal

from accounts.models import Customer
from orders.models import ONLINE, Order, Payment, PaymentKind
from orders.payments.balance import Balance, needed_before_dispatch, order_balance
from orders.payments.requesting import cancel_open_payments, request_payment
from orders.refunding import request_refund


def settle_difference(order: Order, *, author: Customer, reason: str) -> None:
    """In the caller's transaction, with the order locked and its sums new. What is paid on delivery stays for then."""
    cancel_open_payments(order)
    balance = order_balance(order)
    if balance.surplus:
        request_refund(order, balance.surplus, author=author, reason=reason)
        return
    missing = min(needed_before_dispatch(order) - balance.kept, balance.due)
    if missing > 0:
        request_payment(order, missing, kind=_way(order), purpose=_purpose(order, balance, missing), author=author)


def _purpose(order: Order, balance: Balance, missing: Decimal) -> Payment.Purpose:
    if balance.kept:
        return Payment.Purpose.SURCHARGE
    return Payment.Purpose.ORDER if missing == order.total else Payment.Purpose.PREPAYMENT


def _way(order: Order) -> str:
    """As the customer pays; a prepayment of an order paid on delivery goes the way its last payment went."""
    if order.payment_kind in ONLINE | {PaymentKind.INVOICE}:
        return str(order.payment_kind)
    last = order.payments.exclude(kind=PaymentKind.ON_DELIVERY).order_by("-pk").first()
    return str(last.kind) if last else str(PaymentKind.INVOICE)
