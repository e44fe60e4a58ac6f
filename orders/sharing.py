"""Giving a basket to somebody else: a link to what was in it, without a name, at the prices of the day it is opened."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from orders.errors import BasketEmpty
from orders.models import MAX_LINES, Basket, SharedBasket
from shop.catalog.models import Part
from shop.offers.current import CurrentOffer, current_offers
from shop.offers.models import Offer
from vehicles.memory import known_cars
from vehicles.models import Modification

LIFE = timedelta(days=90)
_TOKEN = re.compile(r"[\w-]{1,24}", re.ASCII)


@dataclass(frozen=True)
class SharedLine:
    """One line of a shared basket today; ``offer`` is None when nobody offers the part any more."""

    part: Part
    quantity: int
    car: Modification | None
    offer: CurrentOffer | None

    @property
    def pieces(self) -> int:
        """How many can be had."""
        return min(self.quantity, self.offer.pieces) if self.offer else 0


@transaction.atomic
def share(basket: Basket) -> SharedBasket:
    """The link to what the basket holds now; the same content has the same link. Raises BasketEmpty."""
    basket = Basket.objects.locked(basket.pk)
    lines = [
        [line.part_id, line.warehouse_id, line.modification_id, line.quantity] for line in basket.lines.order_by("pk")
    ]
    if not lines:
        raise BasketEmpty
    content = json.dumps(sorted(lines, key=str))
    content_hash = hashlib.sha256(content.encode()).hexdigest()[:32]
    ends_at = timezone.now() + LIFE
    shared, is_new = SharedBasket.objects.get_or_create(
        basket=basket, content_hash=content_hash, defaults={"lines": lines, "expires_at": ends_at}
    )
    if not is_new:
        SharedBasket.objects.filter(pk=shared.pk).update(expires_at=ends_at)
    return shared


def shared_under(token: str) -> SharedBasket | None:
    """None for a token that nobody gave out, and for one whose time is over."""
    if not _TOKEN.fullmatch(token):
        return None
    return SharedBasket.objects.filter(token=token, expires_at__gt=timezone.now()).first()


def lines_today(shared: SharedBasket) -> list[SharedLine]:
    """What was shared, as it is offered today: from the same place where it still is, else the cheapest."""
    parts = Part.objects.with_names().filter(is_active=True).in_bulk({line[0] for line in shared.lines})
    offers = current_offers(list(parts))
    cars = known_cars({line[2] for line in shared.lines if line[2]})
    return [
        SharedLine(parts[part], quantity, cars.get(car), _offer(offers.get(part, []), warehouse))
        for part, warehouse, car, quantity in shared.lines
        if part in parts
    ]


@transaction.atomic
def take_over(shared: SharedBasket, basket: Basket) -> int:
    """Put what is offered today into ``basket``; gives how many lines went in.

    A part that lies in it for the same car already stays as it is, so that a second press adds nothing.
    """
    basket = Basket.objects.locked(basket.pk)
    there = {(line.part_id, line.modification_id) for line in basket.lines.all()}
    found = _offer_rows([line for line in lines_today(shared) if line.offer])
    put_in = 0
    for line, offer in found:
        key = (line.part.pk, line.car.pk if line.car else None)
        if key in there or len(there) >= MAX_LINES:
            continue
        basket.add(offer, quantity=line.quantity, car=line.car)
        there.add(key)
        put_in += 1
    return put_in


def _offer(offers: Sequence[CurrentOffer], warehouse_id: int) -> CurrentOffer | None:
    same = next((offer for offer in offers if offer.warehouse.pk == warehouse_id), None)
    return same or min(offers, key=lambda offer: (offer.price, offer.ready_on), default=None)


def _offer_rows(lines: Sequence[SharedLine]) -> list[tuple[SharedLine, Offer]]:
    """The rows behind what was shown, cheapest first where two lists of a supplier name one place."""
    rows: dict[tuple[int, int], Offer] = {}
    wanted = {line.part.pk for line in lines}
    for offer in Offer.objects.current().filter(part__in=wanted, part__is_active=True).order_by("-price", "-id"):
        rows[offer.part_id, offer.warehouse_id] = offer
    return [
        (line, rows[place])
        for line in lines
        if line.offer and (place := (line.part.pk, line.offer.warehouse.pk)) in rows
    ]
