"""Which categories have parts for some cars: all engines of a generation, all cars of a make."""

from collections.abc import Collection

from django.db import connection

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
