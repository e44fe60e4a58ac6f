"""Orders that our staff enter for a customer: by phone, at the counter, from an enquiry. Placed like any other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.models import Customer
from orders.checkout import CheckoutData, lines_hash
from orders.errors import BasketEmpty, WrongSum
from orders.models import Basket, BasketLine, Enquiry, Order
from orders.placement import place_order
from shop.offers.models import Offer


@dataclass(frozen=True)
class WantedLine:
    """So many pieces of an offer as it is now."""

    offer: Offer
    quantity: int


def enter_order(
    checkout: CheckoutData, lines: Iterable[WantedLine], *, author: Customer, enquiry: Enquiry | None = None
) -> Order:
    """Place the order for the customer; ``checkout.key`` makes a second press give back the first one's order.

    Delivery, prepayment and the way of paying are as agreed on the phone. ``enquiry`` is answered by the order. Raises
    BasketEmpty, OutOfStock, PriceChanged, WrongSum; nothing is saved then.
    """
    try:
        return _enter(checkout, list(lines), author, enquiry)
    except IntegrityError:
        # Two presses at once: the first one's order has the key.
        if placed := Order.objects.filter(placement_key=checkout.key).first():
            return placed
        raise


@transaction.atomic
def _enter(checkout: CheckoutData, lines: list[WantedLine], author: Customer, enquiry: Enquiry | None) -> Order:
    if placed := Order.objects.filter(placement_key=checkout.key).first():
        return placed
    if not lines:
        raise BasketEmpty
    total = sum((line.offer.price * line.quantity for line in lines), Decimal(0)) + checkout.delivery_total
    if not 0 <= checkout.prepayment <= total:
        raise WrongSum
    basket = Basket.objects.create(placement_key=checkout.key)
    BasketLine.objects.bulk_create(
        BasketLine(
            basket=basket,
            part_id=line.offer.part_id,
            warehouse_id=line.offer.warehouse_id,
            modification_id=checkout.modification_id,
            quantity=line.quantity,
            price_seen=line.offer.price,
        )
        for line in lines
    )
    agreed = replace(checkout, shown_lines=lines_hash(basket.read_lines()))
    order = place_order(basket, agreed, shown_total=total, placed_by=author)
    basket.delete()
    Order.objects.filter(pk=order.pk).update(responsible=author)
    order.responsible = author
    if enquiry is not None:
        enquiry.answered(author=author, note=f"Замовлення № {order.number}")
        Enquiry.objects.filter(pk=enquiry.pk).update(order=order)
    return order
