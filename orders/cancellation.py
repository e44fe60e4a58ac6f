"""Cancelling, by the customer or by staff, until the parcel has left."""

from django.db import transaction

from accounts.models import Customer
from orders import notices
from orders.holds import release_holds
from orders.models import Order, OrderEvent, Status


@transaction.atomic
def cancel_order(order: Order, *, author: Customer | None = None, note: str = "") -> None:
    """Cancel an order that has not left yet and free its pieces. Raises WrongStatus.

    ``author`` is the manager; without one the customer did it. ``note`` is the reason, shown to the customer.
    A customer's cancelling of a confirmed or prepaid order asks for a person: a parcel may be packed, money may be
    on its way.
    """
    was_confirmed = order.status == Status.CONFIRMED
    order.move_to(Status.CANCELLED)
    release_holds(order)
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.CANCELLED, author=author, note=note)
    if author is None and (was_confirmed or order.is_by_invoice):
        order.ask_a_person("Покупець скасував замовлення: перевірте посилку та оплату.")
    else:
        order.person_is_done()
    notices.order_cancelled(order, note=note)
