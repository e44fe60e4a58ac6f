"""Confirming: a manager has looked at the order, and it will be carried out."""

from django.db import transaction

from accounts.models import Customer
from orders import notices
from orders.errors import PromisesBroken
from orders.holds import keep_holds
from orders.models import MOVES, Order, OrderEvent, Status
from orders.promises import broken_promises, promises_seen


@transaction.atomic
def confirm_order(order: Order, *, author: Customer, seen: str = "") -> None:
    """Confirm a placed order. Raises WrongStatus, and StockGone when a hold ran out and its pieces were sold.

    Raises PromisesBroken when suppliers no longer offer what they did, unless ``seen`` (``promises_seen``) says that
    the manager has seen exactly that and confirms all the same.
    """
    now = Order.objects.select_for_update().get(pk=order.pk)
    broken = broken_promises(now) if now.status in MOVES[Status.CONFIRMED] else []
    if broken and promises_seen(broken) != seen:
        raise PromisesBroken(broken)
    order.move_to(Status.CONFIRMED)
    keep_holds(order)
    order.person_is_done()
    note = "; ".join(str(promise) for promise in broken)
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.CONFIRMED, author=author, note=note[:400])
    notices.order_confirmed(order)
