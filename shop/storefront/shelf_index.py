"""The parts of one category or brand in memory, for lists that filter, count and sort without asking the database.

A set of parts is one long integer, a *mask*: bit ``n`` stands for the ``n``-th part in the order "soonest first".
Cutting a set down is ``&``, counting it is ``bit_count()``, so that the numbers beside forty brands and fifty values
cost less than one query. An index holds some fifty bytes a part, is read in two queries, and is kept for one version
of the catalogue; prices and pieces of the rows that are shown are always read fresh.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.db.models import BigIntegerField, F, QuerySet
from django.db.models.functions import Cast

from shop.catalog.frame import frame
from shop.catalog.models import AttributeValue
from shop.lib.statements import Statement
from shop.lib.version import PerVersion, catalogue_version
from shop.offers.models import PartShelf

SOONEST, CHEAPEST, DEAREST = "soonest", "cheapest", "dearest"
_THOUSAND: Final = 1000
_SHARED_FOR: Final = 3600  # seconds
_SOONEST: Final = (F("lead_days").asc(nulls_last=True), "price", "part_id")
_COLUMNS: Final = ("part_id", "price", "lead_days", "brand_id", "category_id")


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers in order, each with the place of its part. Integers: thousandths of the unit, or kopecks."""

    numbers: "array[int]"
    places: "array[int]"

    def between(self, low: int | None, high: int | None) -> Sequence[int]:
        """Places of the parts whose number lies between, both ends included."""
        start = 0 if low is None else bisect_left(self.numbers, low)
        end = len(self.numbers) if high is None else bisect_right(self.numbers, high)
        return self.places[start:end]

    def ends(self, flags: bytes) -> tuple[int, int] | None:
        """The smallest and the largest number of the parts of a set."""
        inside = (number for number, place in zip(self.numbers, self.places, strict=True) if _has(flags, place))
        low = next(inside, None)
        if low is None:
            return None
        backwards = zip(reversed(self.numbers), reversed(self.places), strict=True)
        return low, next(number for number, place in backwards if _has(flags, place))


@dataclass(frozen=True, slots=True, repr=False)
class ShelfIndex:
    """Read only: all threads share it. Masks by brand, category, lead time (working days) and attribute choice."""

    part_ids: "array[int]"
    brands: dict[int, int]
    categories: dict[int, int]
    lead_days: dict[int, int]
    prices: Scale
    choices: dict[tuple[int, int], int] = field(default_factory=dict)
    numbers: dict[int, Scale] = field(default_factory=dict)
    by_id: "Scale" = field(default_factory=lambda: Scale(array("q"), array("q")))

    @property
    def all(self) -> int:
        return (1 << len(self.part_ids)) - 1

    @property
    def in_stock(self) -> int:
        """Parts that somebody has: only they have a lead time."""
        return self.within_days(max(self.lead_days, default=0))

    def within_days(self, days: int) -> int:
        mask = 0
        for lead_days, parts in self.lead_days.items():
            if lead_days <= days:
                mask |= parts
        return mask

    def of_parts(self, part_ids: Iterable[int]) -> int:
        """The set of those parts that are in this index."""
        ids, places, end = self.by_id.numbers, self.by_id.places, len(self.part_ids)
        found = []
        for part_id in part_ids:
            at = bisect_left(ids, part_id)
            if at < end and ids[at] == part_id:
                found.append(places[at])
        return self.of_places(found)

    def of_places(self, places: Iterable[int]) -> int:
        return _mask(places, len(self.part_ids))

    def flags(self, mask: int) -> bytes:
        """The mask as bytes, for many questions about single parts."""
        return mask.to_bytes(len(self.part_ids) // 8 + 1, "little")

    def page(self, mask: int, *, sort: str, start: int, size: int) -> list[int]:
        """Ids of parts ``start`` to ``start + size`` of a set; the last page costs what the first one costs."""
        if sort == SOONEST:
            places = islice(_bits_after(mask, start, len(self.part_ids)), size)
        else:
            flags = self.flags(mask)
            places = islice((place for place in self._by_price(sort) if _has(flags, place)), start, start + size)
        return [self.part_ids[place] for place in places]

    def _by_price(self, sort: str) -> Iterator[int]:
        """Parts that nobody offers come last, whichever way the prices go."""
        yield from self.prices.places if sort == CHEAPEST else reversed(self.prices.places)
        yield from _bits(self.all & ~self.of_places(self.prices.places))


def index_of(shelf: QuerySet[PartShelf, Any]) -> ShelfIndex:
    """An index of other parts than those of a category; one query."""
    return _from_rows(list(shelf.order_by(*_SOONEST).values_list(*_COLUMNS)), ())


def _from_rows(rows: Sequence[Sequence[Any]], values: Iterable[Sequence[Any]]) -> ShelfIndex:
    size = len(rows)
    brands, categories, leads = defaultdict(list), defaultdict(list), defaultdict(list)
    places: dict[int, int] = {}
    prices: list[tuple[int, int]] = []
    for place, (part_id, price, lead_days, brand_id, category_id) in enumerate(rows):
        places[part_id] = place
        brands[brand_id].append(place)
        categories[category_id].append(place)
        if lead_days is not None:
            leads[lead_days].append(place)
        if price is not None:
            prices.append((int(price * 100), place))
    choices: dict[tuple[int, int], int] = {}
    scales: dict[int, Scale] = {}
    for attribute_id, choice_id, numbers, parts in values:
        found = [places.get(part_id, -1) for part_id in parts]
        if -1 in found:  # taken off the shelf
            numbers = [number for number, place in zip(numbers, found, strict=True) if place >= 0]
            found = [place for place in found if place >= 0]
        if choice_id is not None:
            choices[attribute_id, choice_id] = _mask(found, size)
        else:
            scales[attribute_id] = Scale(array("q", numbers), array("i", found))
    return ShelfIndex(
        part_ids=array("q", places),
        brands={key: _mask(found, size) for key, found in brands.items()},
        categories={key: _mask(found, size) for key, found in categories.items()},
        lead_days={key: _mask(found, size) for key, found in leads.items()},
        prices=_scale(prices),
        choices=choices,
        numbers=scales,
        by_id=_scale(list(places.items())),
    )


_category_shelf = Statement(
    lambda category: PartShelf.objects.filter(category=category).order_by(*_SOONEST).values_list(*_COLUMNS)
)
# Each attribute belongs to one category, so that its values are those of the category's parts.
_values = Statement(
    lambda attributes: (
        AttributeValue.objects.filter(attribute__any_of=attributes)
        .order_by()
        .values_list("attribute_id", "choice_id")
        .annotate(
            numbers=ArrayAgg(Cast(F("number") * _THOUSAND, BigIntegerField()), order_by=("number", "part_id")),
            parts=ArrayAgg("part_id", order_by=("number", "part_id")),
        )
    )
)
_by_category: PerVersion[dict[int, ShelfIndex]] = PerVersion(dict, of_offers=True)
_by_brand: PerVersion[dict[int, ShelfIndex]] = PerVersion(dict, of_offers=True)


def category_index(category_id: int) -> ShelfIndex:
    """All parts of a leaf category with their attributes; two queries, once for each version of the catalogue."""
    kept = _by_category()
    if category_id not in kept:
        kept[category_id] = shared_category_index(category_id)
    return kept[category_id]


def shared_category_index(category_id: int) -> ShelfIndex:
    """The index of the version in force from the cache; put there for all processes when it is missing."""
    attributes = [attribute.pk for attribute in frame().attributes.get(category_id, [])]
    return _shared(
        f"category:{category_id}",
        lambda: _from_rows(_category_shelf(category=category_id), _values(attributes=attributes)),
    )


def brand_index(brand_id: int) -> ShelfIndex:
    """All parts of a brand, without attributes; one query, once for each version of the catalogue."""
    kept = _by_brand()
    if brand_id not in kept:
        kept[brand_id] = _shared(f"brand:{brand_id}", lambda: index_of(PartShelf.objects.filter(brand=brand_id)))
    return kept[brand_id]


def _shared(name: str, build: Callable[[], ShelfIndex]) -> ShelfIndex:
    """What one process built serves the others: reading it back costs a fiftieth."""
    key = f"shelf:{catalogue_version()}:{name}"
    index: ShelfIndex | None = cache.get(key)
    if index is None:
        index = build()
        cache.set(key, index, _SHARED_FOR)
    return index


def thousandths(number: Decimal) -> int:
    return int(number * _THOUSAND)


def _scale(pairs: list[tuple[int, int]]) -> Scale:
    pairs.sort()
    return Scale(array("q", [pair[0] for pair in pairs]), array("i", [pair[1] for pair in pairs]))


def _mask(places: Iterable[int], size: int) -> int:
    flags = bytearray(size // 8 + 1)
    for place in places:
        flags[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(flags, "little")


def _has(flags: bytes, place: int) -> int:
    return flags[place >> 3] & (1 << (place & 7))


def _bits(mask: int) -> Iterator[int]:
    digits = bin(mask)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def _bits_after(mask: int, skipped: int, size: int) -> Iterator[int]:
    """The places of a set without its first ``skipped`` ones: found by halving, not by walking there."""
    low, high = 0, size
    while low < high:  # the smallest cut with enough parts below it
        middle = (low + high) // 2
        if (mask & ((1 << middle) - 1)).bit_count() < skipped:
            low = middle + 1
        else:
            high = middle
    for place in _bits(mask >> low):
        yield place + low
