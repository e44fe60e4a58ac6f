"""The soonest parts of some categories for a car: what goes with a part, what a repair takes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import F, IntegerField, QuerySet, Value

from shop.catalog.frame import frame
from shop.catalog.models import Fitment
from shop.offers.models import PartShelf
from vehicles.models import Modification

_SOONEST: Final = (F("lead_days").asc(nulls_last=True), "price", "part_id")
_Place = Fitment.Position
# Which places of a part on the car answer a wish for a place.
_SERVES: Final = {
    _Place.FRONT: {_Place.ANY, _Place.FRONT},
    _Place.REAR: {_Place.ANY, _Place.REAR},
    _Place.LEFT: {_Place.ANY, _Place.LEFT},
    _Place.RIGHT: {_Place.ANY, _Place.RIGHT},
    _Place.FRONT_LEFT: {_Place.ANY, _Place.FRONT, _Place.LEFT, _Place.FRONT_LEFT},
    _Place.FRONT_RIGHT: {_Place.ANY, _Place.FRONT, _Place.RIGHT, _Place.FRONT_RIGHT},
    _Place.REAR_LEFT: {_Place.ANY, _Place.REAR, _Place.LEFT, _Place.REAR_LEFT},
    _Place.REAR_RIGHT: {_Place.ANY, _Place.REAR, _Place.RIGHT, _Place.REAR_RIGHT},
}


@dataclass(frozen=True, slots=True)
class Wish:
    """Parts of one leaf category, for one place on the car or any (``Fitment.Position``)."""

    category_id: int
    place: int = _Place.ANY


class Choice(NamedTuple):
    """``price`` is the lowest retail price of the part in UAH, taxes included."""

    part_id: int
    price: Decimal


def soonest_parts(wishes: Sequence[Wish], car: Modification | None, *, most: int) -> list[list[Choice]]:
    """For each wish up to ``most`` parts on offer, soonest first; one query for all, none without wishes.

    Without a car only universal categories have an answer: nobody should buy pads for some car or other. Conditions are
    not weighed here; ``fits_for`` tells them.
    """
    known = frame().by_id
    shelves: list[QuerySet[PartShelf, Any]] = []
    for number, wish in enumerate(wishes):
        node = known.get(wish.category_id)
        if node is None or not (node.category.is_universal or car):
            continue
        shelf = PartShelf.objects.filter(category=wish.category_id, price__isnull=False)
        if car and not node.category.is_universal:
            shelf = shelf.filter(part__in=_fitting(wish, car))
        shelf = shelf.order_by(*_SOONEST)[:most]
        shelves.append(shelf.values_list(Value(number, IntegerField()), "part_id", "lead_days", "price"))
    found: list[list[Choice]] = [[] for _wish in wishes]
    if shelves:
        first, *others = shelves
        rows = list(first.union(*others, all=True)) if others else list(first)
        for number, part_id, _days, price in sorted(rows, key=lambda row: (row[0], row[2], row[3], row[1])):
            found[number].append(Choice(part_id, price))
    return found


def _fitting(wish: Wish, car: Modification) -> QuerySet[Fitment, Any]:
    fitments = Fitment.objects.filter(modification=car, category=wish.category_id)
    places: Collection[int] = _SERVES.get(_Place(wish.place), ())
    if places:
        fitments = fitments.filter(position__in=places)
    return fitments.values("part")
