"""Parts as lists show them: a few columns of each, with brand and category from memory."""

from collections.abc import Collection
from typing import NamedTuple

from shop.catalog.frame import frame
from shop.catalog.models import Brand, Category, Part
from shop.lib.names import in_language
from shop.lib.statements import Statement


class ListedPart(NamedTuple):
    """What a row needs of a ``Part``, under the same names."""

    pk: int
    brand_id: int
    category_id: int
    article_number: str
    article_key: str
    name_uk: str
    name_en: str
    sold_as: str
    brand: Brand
    category: Category

    @property
    def name(self) -> str:
        return in_language(self, "name")


_parts = Statement(
    lambda ids: (
        Part.objects.active()
        .filter(pk__any_of=ids)
        .order_by()
        .values_list("pk", "brand_id", "category_id", "article_number", "article_key", "name_uk", "name_en", "sold_as")
    )
)


def listed_parts(ids: Collection[int]) -> list[ListedPart]:
    """In the order of ``ids``; those no longer sold, or of an inactive brand or category, are left out. One query."""
    known = frame()
    found = {}
    for row in _parts(ids=list(ids)):
        brand, node = known.brands.get(row[1]), known.by_id.get(row[2])
        if brand and node:
            found[row[0]] = ListedPart._make((*row, brand, node.category))
    return [found[pk] for pk in ids if pk in found]
