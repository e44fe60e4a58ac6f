"""All offers of a basket chosen anew: from the fewest places, the earliest, or the cheapest."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from orders.checkout import lines_hash
from orders.errors import OffersMoved
from orders.models import MAX_PIECES, Basket, BasketLine
from orders.overview import BasketOverview
from orders.recheck import CheckedLine
from shop.offers.current import CurrentOffer, current_offers

# Sets of places are tried one by one up to this size; more places than that are gathered greedily.
_TRIED_PLACES = 3


class Goal(StrEnum):
    FEWEST = "fewest"
    EARLIEST = "earliest"
    CHEAPEST = "cheapest"

    @property
    def label(self) -> str:
        return {
            Goal.FEWEST: _("Найменше посилок"),
            Goal.EARLIEST: _("Найшвидше"),
            Goal.CHEAPEST: _("Найдешевше"),
        }[self]


@dataclass(frozen=True)
class Outcome:
    """What a choice comes to: the sum of the goods (hryvnias), the day all of it is ready, from how many places."""

    total: Decimal
    ready_on: date | None
    parcels: int


@dataclass(frozen=True)
class Plan:
    """One way to choose anew; ``changes`` says which lines would come from elsewhere."""

    goal: Goal
    before: Outcome
    after: Outcome
    changes: Sequence[tuple[BasketLine, CurrentOffer]]

    @property
    def difference(self) -> Decimal:
        return self.after.total - self.before.total

    @property
    def saving(self) -> Decimal:
        return max(-self.difference, Decimal(0))

    @property
    def sooner(self) -> int:
        return max(-self.days, 0)

    @property
    def days(self) -> int:
        """How many days later (or, below nothing, earlier) all of it is ready."""
        if self.after.ready_on is None or self.before.ready_on is None:
            return 0
        return (self.after.ready_on - self.before.ready_on).days

    @property
    def fingerprint(self) -> str:
        """What the form carries, so that what was seen is what is done."""
        seen = [(line.pk, line.quantity, offer.warehouse.pk, str(offer.price)) for line, offer in self.changes]
        return hashlib.sha256(json.dumps([self.goal, sorted(seen)]).encode()).hexdigest()[:32]


def plans(overview: BasketOverview) -> list[Plan]:
    """The ways that are better at something, in the order of ``Goal``; one query for all of them.

    While a line cannot be had as it is, every way that helps it is shown.
    """
    checked = [shown.checked for shown in overview.lines]
    if not checked:
        return []
    offers = current_offers({line.line.part_id for line in checked})
    before = _outcome([(line.total, line.ready_on, line.line.warehouse_id) for line in checked if line.offer])
    is_troubled = any(line.is_short for line in checked)
    found = []
    for goal in Goal:
        chosen = _CHOOSERS[goal](checked, offers)
        changes = [
            (line.line, chosen[line.line.pk])
            for line in checked
            if line.line.pk in chosen and chosen[line.line.pk].warehouse.pk != line.line.warehouse_id
        ]
        plan = Plan(goal, before, _after(checked, chosen), changes)
        if changes and (is_troubled or _reaches(plan)):
            found.append(plan)
    return found


def _reaches(plan: Plan) -> bool:
    """Whether it is better at what it is for; else nobody needs it."""
    if plan.goal == Goal.FEWEST:
        return plan.after.parcels < plan.before.parcels
    if plan.goal == Goal.EARLIEST:
        return plan.days < 0
    return plan.difference < 0


@transaction.atomic
def rechoose(basket: Basket, goal: str, *, seen: str) -> list[list[Any]]:
    """Do what the page showed; gives the lines as they were, for ``restore``. Raises OffersMoved."""
    basket = Basket.objects.locked(basket.pk)
    overview = BasketOverview.of(basket)
    plan = next((plan for plan in plans(overview) if plan.goal == goal), None)
    if plan is None or plan.fingerprint != seen:
        raise OffersMoved
    before = _snapshot(basket)
    for line, offer in plan.changes:
        _move(basket, line, offer)
    return before


@transaction.atomic
def restore(basket: Basket, before: Sequence[Sequence[Any]], *, after: str) -> bool:
    """Take the last choice back. False, and nothing changes, when the basket was changed since (``after`` its hash)."""
    basket = Basket.objects.locked(basket.pk)
    if lines_hash(basket.read_lines()) != after:
        return False
    basket.lines.all().delete()
    BasketLine.objects.bulk_create(
        BasketLine(
            basket=basket,
            part_id=part,
            warehouse_id=warehouse,
            modification_id=car,
            quantity=quantity,
            price_seen=Decimal(price),
        )
        for part, warehouse, car, quantity, price in before
    )
    return True


def _snapshot(basket: Basket) -> list[list[Any]]:
    return [
        [line.part_id, line.warehouse_id, line.modification_id, line.quantity, str(line.price_seen)]
        for line in basket.lines.all()
    ]


def _move(basket: Basket, line: BasketLine, offer: CurrentOffer) -> None:
    """From another place at its price; onto a line that is there already it adds up."""
    there = basket.lines.filter(part_id=line.part_id, warehouse=offer.warehouse, modification=line.modification).first()
    if there is None:
        basket.lines.filter(pk=line.pk).update(warehouse_id=offer.warehouse.pk, price_seen=offer.price)
        return
    there.quantity = min(there.quantity + line.quantity, MAX_PIECES)
    there.price_seen = offer.price
    there.save(update_fields=["quantity", "price_seen"])
    basket.lines.filter(pk=line.pk).delete()


def _cheapest(checked: Sequence[CheckedLine], offers: Mapping[int, Sequence[CurrentOffer]]) -> dict[int, CurrentOffer]:
    return _each(checked, offers, lambda offer: (offer.price, offer.ready_on, offer.warehouse.pk))


def _earliest(checked: Sequence[CheckedLine], offers: Mapping[int, Sequence[CurrentOffer]]) -> dict[int, CurrentOffer]:
    return _each(checked, offers, lambda offer: (offer.ready_on, offer.price, offer.warehouse.pk))


def _fewest(checked: Sequence[CheckedLine], offers: Mapping[int, Sequence[CurrentOffer]]) -> dict[int, CurrentOffer]:
    """The smallest set of places that has it all; among those of one size the cheapest, then the earliest."""
    by_place: defaultdict[int, set[int]] = defaultdict(set)
    for line in checked:
        for offer in offers.get(line.line.part_id, []):
            if offer.pieces >= line.line.quantity:
                by_place[offer.warehouse.pk].add(line.line.pk)
    wanted = set().union(*by_place.values())
    best: tuple[Any, dict[int, CurrentOffer]] | None = None
    for size in range(1, _TRIED_PLACES + 1):
        for places in combinations(sorted(by_place), size):
            if set().union(*(by_place[place] for place in places)) != wanted:
                continue
            chosen = _from(places, checked, offers)
            if len(chosen) < len(wanted):
                continue
            after = _after(checked, chosen)
            rank = (after.total, after.ready_on or date.max, places)
            if best is None or rank < best[0]:
                best = (rank, chosen)
        if best:
            return best[1]
    places_left, gathered = set(wanted), []
    while places_left:
        place = max(sorted(by_place), key=lambda place: len(by_place[place] & places_left))
        gathered.append(place)
        places_left -= by_place[place]
    return _from(gathered, checked, offers)


def _from(
    places: Sequence[int], checked: Sequence[CheckedLine], offers: Mapping[int, Sequence[CurrentOffer]]
) -> dict[int, CurrentOffer]:
    inside = {part: [offer for offer in some if offer.warehouse.pk in places] for part, some in offers.items()}
    return _cheapest(checked, inside)


def _each(
    checked: Sequence[CheckedLine],
    offers: Mapping[int, Sequence[CurrentOffer]],
    rank: Callable[[CurrentOffer], Any],
) -> dict[int, CurrentOffer]:
    """Line id to the best offer that has all its pieces; the same part for two cars shares what is there.

    A line for which nobody has enough pieces is left out: it stays as it is.
    """
    taken: Counter[tuple[int, int]] = Counter()
    chosen = {}
    for line in checked:
        part = line.line.part_id
        enough = [
            offer
            for offer in offers.get(part, [])
            if offer.pieces - taken[part, offer.warehouse.pk] >= line.line.quantity
        ]
        if enough:
            best = min(enough, key=rank)
            chosen[line.line.pk] = best
            taken[part, best.warehouse.pk] += line.line.quantity
    return chosen


def _after(checked: Sequence[CheckedLine], chosen: Mapping[int, CurrentOffer]) -> Outcome:
    rows: list[tuple[Decimal, date | None, int]] = []
    for line in checked:
        offer = chosen.get(line.line.pk)
        if offer is not None:
            rows.append((offer.price * line.line.quantity, offer.ready_on, offer.warehouse.pk))
        elif line.offer:
            rows.append((line.total, line.ready_on, line.line.warehouse_id))
    return _outcome(rows)


def _outcome(rows: Sequence[tuple[Decimal, date | None, int]]) -> Outcome:
    """``rows``: sum, day and place of each line that is offered."""
    days = [day for _total, day, _place in rows if day]
    return Outcome(
        total=sum((total for total, _day, _place in rows), Decimal(0)),
        ready_on=max(days) if days else None,
        parcels=len({place for _total, _day, place in rows}),
    )


_CHOOSERS: Mapping[Goal, Callable[..., dict[int, CurrentOffer]]] = {
    Goal.FEWEST: _fewest,
    Goal.EARLIEST: _earliest,
    Goal.CHEAPEST: _cheapest,
}
