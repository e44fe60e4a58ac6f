"""What an order costs, what came in, what went back, and what follows from it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from orders.models import ONLINE, Order, PaymentKind, Refund, Status

_PAID_BEFORE_DISPATCH = ONLINE | {PaymentKind.INVOICE}


@dataclass(frozen=True)
class Balance:
    """Sums in hryvnias. ``returned`` counts refunds that are done or on their way; ``due`` and ``surplus`` are never
    negative, and one of them is nothing."""

    total: Decimal
    received: Decimal
    returned: Decimal
    due: Decimal
    surplus: Decimal

    @property
    def kept(self) -> Decimal:
        """What of the customer's money is with us."""
        return self.received - self.returned


def order_balance(order: Order) -> Balance:
    """Read afresh; two queries. A cancelled order costs nothing: all that was paid for it is surplus."""
    received = order.payments.received()
    returned = Refund.objects.standing().filter(payment__order=order).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return balance_of(order, received=received, returned=returned)


def balance_of(order: Order, *, received: Decimal, returned: Decimal) -> Balance:
    """As ``order_balance``, of sums at hand."""
    total = Decimal(0) if order.status == Status.CANCELLED else order.total
    kept = received - returned
    return Balance(
        total=total,
        received=received,
        returned=returned,
        due=max(total - kept, Decimal(0)),
        surplus=max(kept - total, Decimal(0)),
    )


def needed_before_dispatch(order: Order) -> Decimal:
    """What has to be here before the parcel leaves: everything, the prepayment, or nothing."""
    needed: Decimal = order.total if order.payment_kind in _PAID_BEFORE_DISPATCH else order.prepayment
    return needed


def is_paid_enough(order: Order) -> bool:
    """Whether the parcel may leave as far as money is concerned."""
    return order_balance(order).kept >= needed_before_dispatch(order)
