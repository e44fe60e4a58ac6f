"""Cancelling, by the customer or by staff, until the first parcel has left."""

from decimal import Decimal

from django.db import transaction

from accounts.models import Customer
from orders import notices
from orders.errors import PartlyShipped
from orders.holds import release_holds
from orders.leaving import has_parcels
from orders.models import Order, OrderEvent, Status
from orders.payments.balance import order_balance
from orders.payments.requesting import cancel_open_payments
from orders.refunding import request_refund


@transaction.atomic
def cancel_order(order: Order, *, author: Customer | None = None, note: str = "") -> None:
    """Cancel an order that has not left yet, free its pieces and give back what was paid.

    ``author`` is the manager; without one the customer did it. ``note`` is the reason, shown to the customer. Raises
    WrongStatus, and PartlyShipped when a parcel has been packed. A customer's cancelling of a confirmed order, or of
    one by invoice, asks for a person: a parcel may be packed, money may be on its way.
    """
    now = Order.objects.select_for_update().get(pk=order.pk)
    if now.is_cancellable and has_parcels(now):
        raise PartlyShipped
    order.move_to(Status.CANCELLED)
    was_confirmed = now.status == Status.CONFIRMED
    release_holds(order)
    cancel_open_payments(order)
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.CANCELLED, author=author, note=note)
    refunded = _give_back(order, author=author, note=note)
    if author is None and (was_confirmed or order.is_by_invoice):
        order.ask_a_person("Покупець скасував замовлення: перевірте посилку та оплату.")
    else:
        order.person_is_done()
    notices.order_cancelled(order, note=note, refunded=refunded)


def _give_back(order: Order, *, author: Customer | None, note: str) -> Decimal:
    paid = order_balance(order).surplus
    if paid:
        request_refund(order, paid, author=author, reason=note or "Замовлення скасовано.")
    return paid
