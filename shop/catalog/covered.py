"""Which categories have parts for some cars: one engine, all engines of a generation, all cars of a make."""

from collections.abc import Collection

from django.db import connection
from django.db.models import Count, Exists, OuterRef

from shop.catalog.models import Fitment, Part

# A make has 400 engines with 6,000 fitments each. Reading them all to name 150 categories takes seconds, so each
# category is asked in turn, car by car, until the first part: two look-ups in an index, and most end at the first car.
_COVERED = """
    SELECT category.id
    FROM catalog_category category
    WHERE category.numchild = 0 AND category.fitment_kind = 'vehicle' AND category.is_active
      AND EXISTS (
        SELECT FROM unnest(%s::bigint[]) AS car (id)
        CROSS JOIN LATERAL (
            SELECT FROM catalog_fitment fitment
            JOIN catalog_part part ON part.id = fitment.part_id AND part.is_active
            WHERE fitment.modification_id = car.id AND fitment.category_id = category.id
            LIMIT 1
        ) AS first_part
      )
"""


def covered_categories(modification_ids: Collection[int]) -> set[int]:
    """Ids of leaf categories with an active part listed for at least one of the cars; one query."""
    if not modification_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_COVERED, [list(modification_ids)])
        return {pk for (pk,) in cursor.fetchall()}


def parts_by_category(modification_id: int) -> dict[int, int]:
    """How many active parts are listed for a car, by id of the category; one query.

    A car has thousands of fitments. They are counted in the index; the parts themselves are not read, only the few
    that were taken off are left out.
    """
    taken_off = Part.objects.filter(pk=OuterRef("part"), is_active=False)
    rows = Fitment.objects.filter(~Exists(taken_off), modification=modification_id).order_by().values_list("category")
    return dict(rows.annotate(parts=Count("part", distinct=True)))
