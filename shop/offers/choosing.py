"""The soonest parts of some categories for a car: what goes with a part, what a repair takes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db import connection

from shop.catalog.frame import frame
from shop.catalog.models import Fitment
from vehicles.models import Modification

_Place = Fitment.Position
# Which places of a part on the car answer a wish for a place; any place answers a wish for none.
_SERVES: Final = {
    _Place.ANY: set(_Place),
    _Place.FRONT: {_Place.ANY, _Place.FRONT},
    _Place.REAR: {_Place.ANY, _Place.REAR},
    _Place.LEFT: {_Place.ANY, _Place.LEFT},
    _Place.RIGHT: {_Place.ANY, _Place.RIGHT},
    _Place.FRONT_LEFT: {_Place.ANY, _Place.FRONT, _Place.LEFT, _Place.FRONT_LEFT},
    _Place.FRONT_RIGHT: {_Place.ANY, _Place.FRONT, _Place.RIGHT, _Place.FRONT_RIGHT},
    _Place.REAR_LEFT: {_Place.ANY, _Place.REAR, _Place.LEFT, _Place.REAR_LEFT},
    _Place.REAR_RIGHT: {_Place.ANY, _Place.REAR, _Place.RIGHT, _Place.REAR_RIGHT},
}
# Written out: each wish is answered from an index by itself, and the union of eight would cost the ORM more to build
# than the database to answer. Of a car's parts in one category the first ones are looked at: a common car has thousands
# of them in a large catalogue, and the soonest of a hundred is there as soon.
_LOOKED_AT: Final = 150
_FOR_CAR: Final = f"""
SELECT wish.number, found.part_id, found.lead_days, found.price
FROM unnest(%s::int[], %s::bigint[], %s::int[]) AS wish (number, category, places)
CROSS JOIN LATERAL (
    SELECT part_id, lead_days, price
    FROM (
        SELECT DISTINCT part_id FROM catalog_fitment
        WHERE modification_id = %s AND category_id = wish.category AND (1 << position) & wish.places <> 0
        ORDER BY part_id LIMIT {_LOOKED_AT}
    ) AS fitting JOIN offers_partshelf USING (part_id)
    WHERE price IS NOT NULL ORDER BY lead_days, price, part_id LIMIT %s
) AS found
"""  # noqa: S608  # a number of ours
_FOR_ANY_CAR: Final = """
SELECT wish.number, found.part_id, found.lead_days, found.price
FROM unnest(%s::int[], %s::bigint[]) AS wish (number, category)
CROSS JOIN LATERAL (
    SELECT part_id, lead_days, price FROM offers_partshelf
    WHERE category_id = wish.category AND price IS NOT NULL
    ORDER BY lead_days ASC NULLS LAST, price, part_id LIMIT %s
) AS found
"""


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
    universal: list[tuple[int, Wish]] = []
    of_cars: list[tuple[int, Wish]] = []
    for number, wish in enumerate(wishes):
        if node := known.get(wish.category_id):
            (universal if node.category.is_universal else of_cars).append((number, wish))
    statements: list[str] = []
    values: list[Any] = []
    if universal:
        statements.append(_FOR_ANY_CAR)
        values += [*_columns(universal), most]
    if of_cars and car:
        statements.append(_FOR_CAR)
        values += [*_columns(of_cars), [_bits(_SERVES[_Place(wish.place)]) for _number, wish in of_cars], car.pk, most]
    found: list[list[Choice]] = [[] for _wish in wishes]
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(statements), values)
            rows = cursor.fetchall()
        for number, part_id, _days, price in sorted(rows, key=lambda row: (row[0], row[2], row[3], row[1])):
            found[number].append(Choice(part_id, price))
    return found


def _columns(wishes: Sequence[tuple[int, Wish]]) -> list[list[int]]:
    return [[number for number, _wish in wishes], [wish.category_id for _number, wish in wishes]]


def _bits(places: Collection[int]) -> int:
    return sum(1 << place for place in places)
