"""What can be pressed beside a list: brands, prices, arrival, properties, each with the number of parts behind it.

A number tells how many parts the list would hold with that value pressed: all other filters count, values of the same
filter do not stand in each other's way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from shop.catalog.attributes import number_text, unit_text
from shop.catalog.frame import frame
from shop.catalog.models import Attribute
from shop.storefront.filters import ARRIVALS, PLACES, Filters, Range, parameter
from shop.storefront.shelf_index import Scale, ShelfIndex, thousandths

_SHOWN_AT_ONCE: Final = 12
_YES: Final = 1000  # thousandths, as all numbers of an index


@dataclass(frozen=True)
class Choice:
    """A row of a stencil: texts only."""

    id: str
    kind: str
    name: str
    value: str
    text: str
    count: str
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """``more`` folds away what few people look for. A facet of a range has no choices but the two ends."""

    name: str
    title: str
    choices: Sequence[Choice] = ()
    more: Sequence[Choice] = ()
    low: str = ""
    high: str = ""
    value_from: str = ""
    value_to: str = ""
    is_range: bool = False
    is_open: bool = False
    errors: Sequence[str] = ()


@dataclass(frozen=True)
class Facets:
    """The parts of ``index`` within ``scope``, cut down by the filters. ``places``: masks by place on the car."""

    index: ShelfIndex
    filters: Filters
    scope: int
    places: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def mask(self) -> int:
        """The parts of the list."""
        return self._without("")

    def _without(self, name: str) -> int:
        """The parts that all filters but one leave."""
        mask = self.scope
        for other, parts in self._masks.items():
            if other != name:
                mask &= parts
        return mask

    @cached_property
    def _masks(self) -> dict[str, int]:
        """By the name of the filter; only of those in force."""
        filters, index = self.filters, self.index
        masks: dict[str, int] = {}
        if filters.brands:
            masks["brand"] = _any(index.brands.get(brand.pk, 0) for brand in filters.brands)
        if filters.categories:
            masks["category"] = _any(index.categories.get(pk, 0) for pk in filters.categories)
        if filters.price:
            low, high = (None if end is None else int(end * 100) for end in (filters.price.low, filters.price.high))
            masks["price"] = index.of_places(index.prices.between(low, high))
        if filters.in_stock:
            masks["in_stock"] = index.in_stock
        if filters.arrival is not None:
            masks["arrival"] = index.within_days(filters.arrival)
        if filters.places:
            masks["place"] = _any(self.places.get(place, 0) for place in filters.places)
        for attribute in filters.attributes:
            if attribute.pk in filters.choices:
                masks[parameter(attribute)] = _any(
                    self._with_choice(attribute, choice) for choice in filters.choices[attribute.pk]
                )
            elif attribute.pk in filters.ranges:
                masks[parameter(attribute)] = self._in_range(attribute, filters.ranges[attribute.pk])
        return masks

    def _with_choice(self, attribute: Attribute, choice: int) -> int:
        if attribute.kind == Attribute.Kind.BOOL:
            scale = self.index.numbers.get(attribute.pk)
            return self.index.of_places(scale.between(_YES, None)) if scale else 0
        return self.index.choices.get((attribute.pk, choice), 0)

    def _in_range(self, attribute: Attribute, asked: Range) -> int:
        scale = self.index.numbers.get(attribute.pk)
        if scale is None:
            return 0
        low, high = (None if end is None else thousandths(end) for end in (asked.low, asked.high))
        return self.index.of_places(scale.between(low, high))

    @property
    def stock(self) -> str:
        """How many there are to buy."""
        return str((self._without("in_stock") & self.index.in_stock).bit_count())

    @cached_property
    def facets(self) -> list[Facet]:
        """In the order of the page; those with nothing to choose are left out."""
        return [facet for facet in self._all() if facet.choices or facet.is_range or facet.errors]

    def _all(self) -> Iterator[Facet]:
        errors = self.filters.errors
        yield self._categories()
        yield self._places()
        yield self._arrival()
        yield self._brands()
        for attribute in self.filters.attributes:
            name = parameter(attribute)
            if attribute.kind == Attribute.Kind.NUMBER:
                if facet := self._numbers(attribute, name, errors.get(name, ())):
                    yield facet
            else:
                yield self._values(attribute, name, errors.get(name, ()))

    def _brands(self) -> Facet:
        base = self._without("brand")
        chosen = {brand.pk for brand in self.filters.brands}
        counts = {pk: (base & parts).bit_count() for pk, parts in self.index.brands.items()}
        brands = [brand for brand in frame().brands.values() if counts.get(brand.pk) or brand.pk in chosen]
        by_weight = sorted(brands, key=lambda brand: (brand.pk not in chosen, -counts.get(brand.pk, 0)))
        first = {brand.pk for brand in by_weight[: max(_SHOWN_AT_ONCE, len(chosen))]}
        choices = {
            brand.pk: _choice("brand", brand.slug, brand.name, counts.get(brand.pk, 0), brand.pk in chosen)
            for brand in brands
        }
        return Facet(
            "brand",
            _("Бренд"),
            [choice for pk, choice in choices.items() if pk in first],
            [choice for pk, choice in choices.items() if pk not in first],
            is_open=True,
            errors=self.filters.errors.get("brand", ()),
        )

    def _categories(self) -> Facet:
        """Where the parts are of several categories: brands and searches."""
        errors = self.filters.errors.get("category", ())
        if len(self.index.categories) < 2 and not self.filters.categories:
            return Facet("category", _("Категорія"), errors=errors)
        base, chosen = self._without("category"), set(self.filters.categories)
        choices = []
        for pk, parts in self.index.categories.items():
            count, node = (base & parts).bit_count(), frame().by_id.get(pk)
            if node and (count or pk in chosen):
                category = node.category
                choices.append((-count, _choice("category", category.slug, category.name, count, pk in chosen)))
        choices.sort(key=lambda pair: (not pair[1].is_chosen, pair[0], pair[1].text))
        shown = [choice for _weight, choice in choices]
        return Facet(
            "category", _("Категорія"), shown[:_SHOWN_AT_ONCE], shown[_SHOWN_AT_ONCE:], is_open=True,
            errors=errors,
        )  # fmt: skip

    def _places(self) -> Facet:
        base, chosen = self._without("place"), self.filters.places
        counts = {place: (base & self.places.get(place, 0)).bit_count() for place, _text in PLACES}
        whole = base.bit_count()
        telling = any(0 < count < whole for count in counts.values())
        choices = [
            _choice("place", place, str(text), counts[place], place in chosen)
            for place, text in PLACES
            if (counts[place] and telling) or place in chosen
        ]
        return Facet("place", _("Місце на авто"), choices, is_open=True, errors=self.filters.errors.get("place", ()))

    def _arrival(self) -> Facet:
        base, chosen = self._without("arrival"), self.filters.arrival
        choices, before = [], 0
        for days, text in ARRIVALS:
            count = (base & self.index.within_days(days)).bit_count()
            if count > before or days == chosen:
                choices.append(_choice("arrival", str(days), str(text), count, days == chosen, kind="radio"))
            before = max(before, count)
        if choices:
            anyhow = _choice("arrival", "", _("будь-коли"), base.bit_count(), chosen is None, kind="radio")
            choices.insert(0, anyhow)
        return Facet("arrival", _("Відправимо"), choices, is_open=True, errors=self.filters.errors.get("arrival", ()))

    def _values(self, attribute: Attribute, name: str, errors: Sequence[str]) -> Facet:
        base, chosen = self._without(name), self.filters.choices.get(attribute.pk, ())
        if attribute.kind == Attribute.Kind.BOOL:
            known = [(1, _("так"))]
        else:
            theirs = frame().choices_of.get(attribute.pk, ())
            known = [(each.pk, each.name) for each in theirs]
        choices = []
        for pk, text in known:
            count = (base & self._with_choice(attribute, pk)).bit_count()
            if count or pk in chosen:
                choices.append(_choice(name, str(pk), text, count, pk in chosen))
        return Facet(
            name, attribute.name, choices[:_SHOWN_AT_ONCE], choices[_SHOWN_AT_ONCE:],
            is_open=bool(chosen), errors=errors,
        )  # fmt: skip

    def _numbers(self, attribute: Attribute, name: str, errors: Sequence[str]) -> Facet | None:
        scale: Scale | None = self.index.numbers.get(attribute.pk)
        ends = scale.ends(self.index.flags(self._without(name))) if scale else None
        asked = [self.filters.query.get(f"{name}_{end}", "") for end in ("from", "to")]
        if not any(asked) and (ends is None or ends[0] == ends[1]):
            return None
        low, high = ("" if ends is None else number_text(Decimal(end) / 1000) for end in ends or ("", ""))
        title = f"{attribute.name}, {unit_text(attribute.unit)}" if attribute.unit else attribute.name
        return Facet(
            name, title, low=low, high=high, value_from=asked[0], value_to=asked[1],
            is_range=True, is_open=any(asked), errors=errors,
        )  # fmt: skip


def _choice(name: str, value: str, text: str, count: int, is_chosen: bool, *, kind: str = "checkbox") -> Choice:
    return Choice(f"{name}-{value}", kind, name, value, text, str(count), is_chosen)


def _any(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
