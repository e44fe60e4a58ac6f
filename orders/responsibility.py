"""Whose order it is: one of our people answers for it to the end."""

from django.db import transaction

from accounts.models import Customer
from orders.models import Order, OrderEvent


@transaction.atomic
def take_order(order: Order, *, author: Customer, responsible: Customer | None = None) -> bool:
    """Make ``responsible`` (``author`` when nobody is named) answer for the order; False when that is so already."""
    person = responsible or author
    now = Order.objects.select_for_update().get(pk=order.pk)
    if now.responsible_id == person.pk:
        return False
    Order.objects.filter(pk=order.pk).update(responsible=person)
    order.responsible = person
    OrderEvent.objects.create(
        order=order, kind=OrderEvent.Kind.NOTE, author=author, note=f"Відповідає {person.get_short_name()}."
    )
    return True
