"""Up to four parts side by side: price, arrival, fit, grade and every property that any of them has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from shop.catalog.frame import frame
from shop.catalog.listed import listed_parts
from shop.catalog.models import Part
from shop.catalog.numbers import article_key
from shop.storefront.pages import address_with
from shop.storefront.rows import PartRow, facts_of, rows_of
from vehicles.models import Modification

MOST: Final = 4
PARAMETER: Final = "part"
_NOTHING: Final = "—"


@dataclass(frozen=True)
class Column:
    """``without`` is the address of the comparison without this part."""

    row: PartRow
    without: str


@dataclass(frozen=True)
class Line:
    """One property of all parts; ``differs`` when they are not all the same."""

    name: str
    values: Sequence[str]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


@dataclass(frozen=True)
class Comparison:
    columns: Sequence[Column]
    lines: Sequence[Line]
    is_cut: bool

    @property
    def has_same_lines(self) -> bool:
        return not all(line.differs for line in self.lines)


def compare(query: QueryDict, car: Modification | None) -> Comparison:
    """The parts that the query names as ``part=brand/number``; what is unknown or too much is left out."""
    named = [text for text in query.getlist(PARAMETER) if "/" in text]
    parts = listed_parts(_ids(named[:MOST]))
    facts = facts_of(parts, car)
    columns = [
        Column(row, address_with(query, part=[text for text in named[:MOST] if not _names(text, row)]))
        for row in rows_of(parts, facts)
    ]
    texts = [dict(facts.attributes[part.pk]) for part in parts]
    names = dict.fromkeys(name for of_part in texts for name in of_part)
    lines = [
        Line(_("Рівень бренду"), [column.row.grade for column in columns]),
        *(Line(name, [of_part.get(name, _NOTHING) for of_part in texts]) for name in names),
    ]
    return Comparison(columns, lines if columns else [], is_cut=len(named) > MOST)


def _names(text: str, row: PartRow) -> bool:
    return _identity(text) == tuple(row.identity.split("/", 1))


def _identity(text: str) -> tuple[str, str]:
    brand, _slash, number = text.partition("/")
    return brand.lower(), article_key(number)


def _ids(named: Sequence[str]) -> list[int]:
    """In the order in which they are named; one query."""
    brands = frame().brand_by_slug
    wanted = {
        (brands[slug].pk, key): place
        for place, (slug, key) in enumerate(map(_identity, named))
        if slug in brands and key
    }
    if not wanted:
        return []
    these = Q()
    for brand, key in wanted:
        these |= Q(brand=brand, article_key=key)
    found = Part.objects.active().filter(these).values_list("brand_id", "article_key", "pk")
    return [pk for _place, pk in sorted((wanted[brand, key], pk) for brand, key, pk in found)]
