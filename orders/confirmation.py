"""Confirming: a manager has looked at the order, and it will be carried out."""

from django.db import transaction

from accounts.models import Customer
from orders import notices
from orders.holds import keep_holds
from orders.models import Order, OrderEvent, Status


@transaction.atomic
def confirm_order(order: Order, *, author: Customer) -> None:
    """Confirm a placed order. Raises WrongStatus, and StockGone when a hold ran out and its pieces were sold."""
    order.move_to(Status.CONFIRMED)
    keep_holds(order)
    order.person_is_done()
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.CONFIRMED, author=author)
    notices.order_confirmed(order)
