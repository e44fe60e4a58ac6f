"""Finding rows of bulk tables by the number of their part."""

from django.db import models

from shop.catalog.models import Part
from shop.catalog.numbers import search_key

# Part ids taken into a search; a longer prefix finds fewer.
MAX_PARTS = 500


def of_parts[Row: models.Model](rows: models.QuerySet[Row], typed: str) -> models.QuerySet[Row]:
    """Rows whose part's number begins as typed; the ids are fetched first, so both tables are read by index."""
    key = search_key(typed)
    if not key:
        return rows.none() if typed.strip() else rows
    return rows.filter(
        part_id__in=list(Part.objects.filter(search_key__startswith=key).values_list("pk", flat=True)[:MAX_PARTS])
    )
