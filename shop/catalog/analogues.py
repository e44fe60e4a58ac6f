"""Parts that can stand in for a part: they carry the same original number, or a source says that one replaces another.

Only inside one category: pads of the front and of the rear axle may share the original number of a set.
"""

from collections.abc import Collection

from django.db.models import Q

from shop.catalog.models import CrossReference, OeNumber, Part

# Where a number is that common, more of the same helps nobody.
_MOST = 500


def analogue_ids(
    part: Part, oe_numbers: Collection[OeNumber], cross_references: Collection[CrossReference]
) -> list[int]:
    """Ids of analogues in one query, unsorted; the two collections are those of ``part`` itself."""
    claimed_by_others = CrossReference.objects.filter(
        brand=part.brand_id, search_key=part.search_key, part__category=part.category_id, part__is_active=True
    )
    found = claimed_by_others.order_by().values_list("part_id")
    if oe_numbers:
        same_original = Q()
        for number in oe_numbers:
            same_original |= Q(make=number.make_id, search_key=number.search_key)
        others = OeNumber.objects.filter(same_original, part__category=part.category_id, part__is_active=True)
        found = found.union(others.order_by().values_list("part_id"))
    if cross_references:
        replaced = Q()
        for reference in cross_references:
            replaced |= Q(brand=reference.brand_id, search_key=reference.search_key)
        parts = Part.objects.active().filter(replaced, category=part.category_id)
        found = found.union(parts.order_by().values_list("pk"))
    return sorted({pk for (pk,) in found[:_MOST]} - {part.pk})
