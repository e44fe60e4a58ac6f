"""Ordering again: the lines of an order go into a basket, as they are offered today."""

from dataclasses import dataclass, field

from django.db import transaction

from orders.models import MAX_LINES, MAX_PIECES, Basket, Order, OrderLine
from shop.offers.models import Offer


@dataclass(frozen=True)
class Repeated:
    """Lines of the old order: those that are in the basket now, and those that nobody offers any more."""

    put_in: list[OrderLine] = field(default_factory=list)
    gone: list[OrderLine] = field(default_factory=list)


@transaction.atomic
def order_again(order: Order, basket: Basket) -> Repeated:
    """Put the order's lines into ``basket`` at today's prices, from the same place where it still offers them.

    A part that is in the basket already stays as it is there, so that a second press adds nothing. As many pieces go
    in as were ordered; the basket itself says when there are fewer.
    """
    basket = Basket.objects.locked(basket.pk)
    lines = list(order.lines.current().select_related("part", "modification"))
    offers = _offers_of(lines)
    there = {(line.part_id, line.modification_id) for line in basket.lines.all()}
    repeated = Repeated()
    for line in lines:
        if (line.part_id, line.modification_id) in there:
            repeated.put_in.append(line)
            continue
        offer = next((offer for offer in offers.get(line.part_id, []) if offer.warehouse_id == line.warehouse_id), None)
        offer = offer or next(iter(offers.get(line.part_id, [])), None)
        if offer is None or len(there) >= MAX_LINES:
            repeated.gone.append(line)
            continue
        basket.add(offer, quantity=min(line.quantity, MAX_PIECES), car=line.modification)
        there.add((line.part_id, line.modification_id))
        repeated.put_in.append(line)
    return repeated


def _offers_of(lines: list[OrderLine]) -> dict[int, list[Offer]]:
    """Part id to what can be had of it now, the cheapest first."""
    offers: dict[int, list[Offer]] = {}
    found = Offer.objects.current().in_stock().filter(part__in={line.part_id for line in lines}, part__is_active=True)
    for offer in found.cheapest_first():
        offers.setdefault(offer.part_id, []).append(offer)
    return offers
