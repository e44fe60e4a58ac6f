"""Completing: the customer has the goods and the seller has the money."""

from django.db import transaction

from accounts.models import Customer
from orders import notices
from orders.models import Order, OrderEvent, Status


@transaction.atomic
def complete_order(order: Order, *, author: Customer | None) -> None:
    """Mark a shipped order as received and paid; without an author the carrier said so. Raises WrongStatus."""
    order.move_to(Status.COMPLETED)
    order.person_is_done()
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.COMPLETED, author=author)
    notices.order_completed(order)
