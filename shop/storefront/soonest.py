"""The parts of some categories that come soonest, for some brands and cars, in one short statement."""

from collections.abc import Iterable, Sequence

from django.db import connection

from shop.catalog.frame import frame
from shop.catalog.search import MOST_PARTS

# Each category is read from its own index and no further than it can matter.
_SOONEST = """
SELECT part_id FROM unnest(%s::bigint[]) AS leaf (id) CROSS JOIN LATERAL (
    SELECT part_id, lead_days, price FROM offers_partshelf shelf
    WHERE shelf.category_id = leaf.id {brands} {cars}
    ORDER BY lead_days NULLS LAST, price, part_id LIMIT {limit}
) AS soonest ORDER BY lead_days NULLS LAST, price, part_id LIMIT {limit}
"""
_BRANDS = "AND shelf.brand_id = ANY(%s::bigint[])"
_CARS = """AND shelf.part_id IN (
    SELECT part_id FROM catalog_fitment WHERE modification_id = ANY(%s::bigint[]) AND category_id = leaf.id
)"""


def soonest_parts(leaves: Sequence[int], *, brands: Iterable[int] = (), cars: Sequence[int] = ()) -> list[int]:
    """Ids, the soonest first, at most MOST_PARTS. Universal categories know no cars, so theirs are for all of them."""
    known = frame().by_id
    universal = [leaf for leaf in leaves if known[leaf].category.is_universal] if cars else []
    others = [leaf for leaf in leaves if leaf not in universal]
    found = _parts(others, list(brands), list(cars)) if others else []
    return [*found, *(_parts(universal, list(brands), []) if universal else [])][:MOST_PARTS]


def _parts(leaves: list[int], brands: list[int], cars: list[int]) -> list[int]:
    statement = _SOONEST.format(brands=_BRANDS if brands else "", cars=_CARS if cars else "", limit=MOST_PARTS)
    with connection.cursor() as cursor:
        cursor.execute(statement, [leaves, *([brands] if brands else []), *([cars] if cars else [])])
        return [part_id for (part_id,) in cursor.fetchall()]
