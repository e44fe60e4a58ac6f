"""One page of a list of parts: filtered, counted, sorted, and what can be pressed around it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from shop.catalog.attributes import number_text
from shop.catalog.frame import Node, frame
from shop.catalog.models import Attribute, Brand, Fitment
from shop.lib.money import format_money
from shop.lib.statements import Statement
from shop.offers.models import PartShelf
from shop.storefront.facets import Facets
from shop.storefront.filters import ARRIVALS, PLACES, SORTS, Filters, parameter
from shop.storefront.pages import Pages, address_with
from shop.storefront.rows import PartRow, part_rows
from shop.storefront.shelf_index import SOONEST, ShelfIndex, brand_index, category_index, index_of
from vehicles.models import Modification

PAGE_SIZE: Final = 20
_POSITIONS: Final = {
    "front": (Fitment.Position.FRONT, Fitment.Position.FRONT_LEFT, Fitment.Position.FRONT_RIGHT),
    "rear": (Fitment.Position.REAR, Fitment.Position.REAR_LEFT, Fitment.Position.REAR_RIGHT),
    "left": (Fitment.Position.LEFT, Fitment.Position.FRONT_LEFT, Fitment.Position.REAR_LEFT),
    "right": (Fitment.Position.RIGHT, Fitment.Position.FRONT_RIGHT, Fitment.Position.REAR_RIGHT),
}
_listed_in_category = Statement(
    lambda car, category: (
        Fitment.objects.filter(modification=car, category=category).order_by().values_list("part_id", "position")
    )
)
_listed_for_any = Statement(
    lambda cars, category: (
        Fitment.objects.filter(modification__any_of=cars, category=category).order_by().values_list("part_id")
    )
)
_listed = Statement(
    lambda car, parts: (
        Fitment.objects.filter(modification=car, part__any_of=parts).order_by().values_list("part_id").distinct()
    )
)


@dataclass(frozen=True)
class Listing:
    """``car`` is None where the list is not about one: no car is chosen, or the goods belong to no car.

    ``scope`` is the set of parts that the list is about before any filter; ``places`` are its parts by place on the
    car.
    """

    query: QueryDict
    index: ShelfIndex
    filters: Filters
    scope: int
    car: Modification | None = None
    places: dict[str, int] = field(default_factory=dict)

    @property
    def is_for_car(self) -> bool:
        """Cut down to the chosen car."""
        return self.car is not None and not self.filters.all_cars

    @cached_property
    def facets(self) -> Facets:
        return Facets(self.index, self.filters, self.scope, self.places)

    @cached_property
    def total(self) -> int:
        return self.facets.mask.bit_count()

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.query, number=self.filters.page, total=self.total, size=PAGE_SIZE)

    @cached_property
    def rows(self) -> list[PartRow]:
        sort = self.filters.sort
        ids = self.index.page(self.facets.mask, sort=sort, start=self.pages.start, size=PAGE_SIZE)
        is_about_price = sort != SOONEST or self.filters.price.high is not None
        return part_rows(ids, car=self.car, prefer="cheapest" if is_about_price else "soonest")

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        return [(value, str(label), value == self.filters.sort) for value, label in SORTS]

    @property
    def errors(self) -> dict[str, list[str]]:
        """Messages by field, to stand beside it."""
        return self.filters.errors

    @cached_property
    def in_force(self) -> list[tuple[str, str]]:
        """Filters in force in words, each with the address of the list without it."""
        return list(self._chips()) if self.query else []

    def _chips(self) -> Iterator[tuple[str, str]]:
        filters, query = self.filters, self.query
        for brand in filters.brands:
            yield brand.name, self._without("brand", brand.slug)
        for pk in filters.categories:
            category = frame().by_id[pk].category
            yield category.name, self._without("category", category.slug)
        for place, words in PLACES:
            if place in filters.places:
                yield str(words), self._without("place", place)
        if filters.arrival is not None:
            arrival = dict(ARRIVALS)[filters.arrival]
            yield _("відправимо %s") % arrival, address_with(query, arrival=None, page=None)
        for name, text, price in (
            ("price_from", _("від %s"), filters.price.low),
            ("price_to", _("до %s"), filters.price.high),
        ):
            if price is not None:
                yield text % format_money(price), address_with(query, **{name: None, "page": None})
        if filters.in_stock:
            yield _("в наявності"), address_with(query, in_stock=None, page=None)
        for attribute in filters.attributes:
            yield from self._attribute_chips(attribute)

    def _attribute_chips(self, attribute: Attribute) -> Iterator[tuple[str, str]]:
        name = parameter(attribute)
        for value in self.filters.choices.get(attribute.pk, ()):
            is_yes = attribute.kind == Attribute.Kind.BOOL
            text = _("так") if is_yes else frame().choices[value].name
            yield f"{attribute.name}: {text}", self._without(name, str(value))
        if asked := self.filters.ranges.get(attribute.pk):
            for end, text, number in (("from", _("від %s"), asked.low), ("to", _("до %s"), asked.high)):
                if number is not None:
                    without = address_with(self.query, **{f"{name}_{end}": None, "page": None})
                    yield f"{attribute.name} {text % number_text(number, attribute.unit)}", without

    def _without(self, name: str, value: str) -> str:
        others = [each for each in self.query.getlist(name) if each != value]
        return address_with(self.query, **{name: others, "page": None})

    @cached_property
    def without_filters(self) -> str:
        kept = {name: self.query.getlist(name) for name in ("all_cars", "q", "sort") if name in self.query}
        return address_with(QueryDict(mutable=True), **kept)

    @property
    def for_car(self) -> str:
        return address_with(self.query, all_cars=None, page=None)

    @property
    def for_all_cars(self) -> str:
        return address_with(self.query, all_cars="1", page=None)


def category_listing(node: Node, query: QueryDict, car: Modification | None) -> Listing:
    """The parts of a leaf category; with a car those listed for it. At most two queries, none without a car."""
    category = node.category
    index = category_index(category.pk)
    filters = Filters(query, frame().attributes.get(category.pk, []))
    car = None if category.is_universal else car
    if car is None or filters.all_cars:
        return Listing(query, index, filters, index.all, car)
    rows = _listed_in_category(car=car.pk, category=category.pk)
    return Listing(query, index, filters, index.of_parts({row[0] for row in rows}), car, _by_place(index, rows))


def brand_listing(brand: Brand, query: QueryDict, car: Modification | None) -> Listing:
    """The parts of a brand; with a car those listed for it and those that belong to no car."""
    index = brand_index(brand.pk)
    filters = Filters(query)
    if car is None or filters.all_cars:
        return Listing(query, index, filters, index.all, car)
    scope = index.of_parts(part_id for (part_id,) in _listed(car=car.pk, parts=index.part_ids.tolist()))
    for pk, parts in index.categories.items():
        node = frame().by_id.get(pk)
        if node and node.category.is_universal:
            scope |= parts
    return Listing(query, index, filters, scope, car)


def found_listing(query: QueryDict, part_ids: Sequence[int], car: Modification | None) -> Listing:
    """Parts that a search found; one query. ``car`` is what rows say "fits" about, it cuts nothing down."""
    index = index_of(PartShelf.objects.filter(part__any_of=list(part_ids)))
    return Listing(query, index, Filters(query), index.all, car)


def found_in_category(
    query: QueryDict,
    category_id: int,
    *,
    brands: Collection[int],
    cars: Collection[int],
    car: Modification | None,
) -> Listing:
    """What a search for a kind of part means, of all its parts: those of the brands that are listed for the cars."""
    index = category_index(category_id)
    scope = index.all
    if brands:
        scope &= _of_brands(index, brands)
    if cars and not frame().by_id[category_id].category.is_universal:
        scope &= index.of_parts({pk for (pk,) in _listed_for_any(cars=list(cars), category=category_id)})
    return Listing(query, index, Filters(query, frame().attributes.get(category_id, [])), scope, car)


def _of_brands(index: ShelfIndex, brands: Iterable[int]) -> int:
    mask = 0
    for brand in brands:
        mask |= index.brands.get(brand, 0)
    return mask


def _by_place(index: ShelfIndex, rows: Iterable[tuple[int, int]]) -> dict[str, int]:
    parts: dict[int, list[int]] = defaultdict(list)
    for part_id, position in rows:
        parts[position].append(part_id)
    return {
        place: index.of_parts({part_id for position in positions for part_id in parts.get(position, ())})
        for place, positions in _POSITIONS.items()
    }
