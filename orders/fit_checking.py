"""Checking by VIN that the parts fit, before they leave, when the customer asked for it."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Customer
from orders.errors import WrongStatus
from orders.models import Order, OrderEvent, Status


@transaction.atomic
def check_fit_done(order: Order, *, author: Customer, note: str) -> bool:
    """Somebody compared the parts with the car; ``note`` says what was found (at most 200 signs are kept).

    False when it was done before: nothing changes then. Raises WrongStatus when the order is over.
    """
    now = Order.objects.select_for_update().get(pk=order.pk)
    if not now.is_open or now.status == Status.SHIPPED:
        raise WrongStatus(now.get_status_display())
    if now.fit_checked_at is not None:
        return False
    order.fit_checked_at = timezone.now()
    order.fit_checked_by = author
    order.fit_check_note = note[:200]
    order.save(update_fields=["fit_checked_at", "fit_checked_by", "fit_check_note"])
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.FIT_CHECKED, author=author, note=note[:400])
    return True
