"""One page of the parts of a category: filtered, counted, sorted, and what can be pressed around it."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Count, F, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from shop.catalog.frame import Node, frame
from shop.catalog.models import Fitment
from shop.catalog.version import catalogue_version
from shop.lib.money import format_money
from shop.offers.models import PartShelf
from shop.storefront.filters import CHEAPEST, DEAREST, SOONEST, SORTS, ShelfFilter, price_order_error
from shop.storefront.pages import Pages, address_with
from shop.storefront.rows import PartRow, part_rows
from vehicles.models import Modification

PAGE_SIZE: Final = 20
_SHOWN_BRANDS: Final = 12
_COUNTS_ARE_KEPT = 3600  # seconds
_ORDERS: Final = {
    SOONEST: (F("lead_days").asc(nulls_last=True), "price", "part_id"),
    CHEAPEST: (F("price").asc(nulls_last=True), "part_id"),
    DEAREST: (F("price").desc(nulls_last=True), "-part_id"),
}


@dataclass(frozen=True)
class BrandChoice:
    slug: str
    name: str
    count: str
    is_chosen: bool


@dataclass(frozen=True)
class Listing:
    """``car`` is None where the list is not about one: no car is chosen, or the category belongs to no car."""

    node: Node
    query: QueryDict
    car: Modification | None
    filters: ShelfFilter = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "filters", ShelfFilter(self.query, PartShelf.objects.filter(category=self.category)))
        if self.is_for_car:
            self.filters.queryset = self.filters.queryset.filter(part__in=self._listed_for_car())

    @property
    def category(self) -> Any:
        return self.node.category

    @property
    def is_for_car(self) -> bool:
        """Cut down to the chosen car."""
        return self.car is not None and not self.filters.chosen("all_cars")

    @cached_property
    def counts(self) -> dict[int, int]:
        """Parts by brand under all filters but that of the brand; one narrow query, kept for this version."""
        values = {name: self.filters.chosen(name) for name in ("price_from", "price_to", "in_stock")}
        parts = (catalogue_version(), self.category.pk, self.car.pk if self.is_for_car and self.car else 0, values)
        key = f"counts:{hashlib.sha256(repr(parts).encode()).hexdigest()}"
        counts: dict[int, int] | None = cache.get(key)
        if counts is None:
            rows = self.filters.filtered(but=frozenset({"brand"})).order_by().values_list("brand_id")
            counts = dict(rows.annotate(Count("part_id")))
            cache.set(key, counts, _COUNTS_ARE_KEPT)
        return counts

    @cached_property
    def total(self) -> int:
        chosen = self._chosen_brands
        return sum(count for brand, count in self.counts.items() if not chosen or brand in chosen)

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.query, number=int(self.filters.chosen("page") or 1), total=self.total, size=PAGE_SIZE)

    @cached_property
    def rows(self) -> list[PartRow]:
        order = _ORDERS[self.sort]
        ids = self.filters.filtered().order_by(*order).values_list("part_id", flat=True)
        is_about_price = self.sort != SOONEST or self.filters.chosen("price_to") is not None
        return part_rows(
            list(ids[self.pages.start : self.pages.start + PAGE_SIZE]),
            car=self.car,
            prefer="cheapest" if is_about_price else "soonest",
        )

    @property
    def sort(self) -> str:
        return self.filters.chosen("sort") or SOONEST

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        return [(value, str(label), value == self.sort) for value, label in SORTS]

    @cached_property
    def brand_choices(self) -> tuple[list[BrandChoice], list[BrandChoice]]:
        """Those to show at once (chosen ones and those with most parts) and the rest; both in order of names."""
        counts, chosen = self.counts, self._chosen_brands
        brands = [brand for pk, brand in frame().brands.items() if pk in counts or pk in chosen]
        by_weight = sorted(brands, key=lambda brand: (brand.pk not in chosen, -counts.get(brand.pk, 0)))
        first = {brand.slug for brand in by_weight[: max(_SHOWN_BRANDS, len(chosen))]}
        choices = [
            BrandChoice(brand.slug, brand.name, str(counts.get(brand.pk, 0)), brand.pk in chosen) for brand in brands
        ]
        shown = [choice for choice in choices if choice.slug in first]
        return shown, [choice for choice in choices if choice.slug not in first]

    @cached_property
    def in_force(self) -> list[tuple[str, str]]:
        """Filters in force in words, each with the address of the list without it."""
        found = []
        for brand in (frame().brand_by_slug[slug] for slug in self.filters.chosen("brand") or ()):
            others = [slug for slug in self.query.getlist("brand") if slug != brand.slug]
            found.append((brand.name, address_with(self.query, brand=others, page=None)))
        for name, text in (("price_from", _("від %s")), ("price_to", _("до %s"))):
            if (price := self.filters.chosen(name)) is not None:
                found.append((text % format_money(price), address_with(self.query, **{name: None, "page": None})))
        if self.filters.chosen("in_stock"):
            found.append((_("в наявності"), address_with(self.query, in_stock=None, page=None)))
        return found

    @property
    def without_filters(self) -> str:
        return address_with(self.query, brand=None, price_from=None, price_to=None, in_stock=None, page=None)

    @property
    def for_car(self) -> str:
        return address_with(self.query, all_cars=None, page=None)

    @property
    def for_all_cars(self) -> str:
        return address_with(self.query, all_cars="1", page=None)

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """Messages by field, to stand beside it."""
        errors = {name: list(messages) for name, messages in self.filters.form.errors.items()}
        prices = [*errors.pop("price_from", []), *errors.pop("price_to", []), price_order_error(self.filters)]
        return errors | {"price": list(dict.fromkeys(filter(None, prices)))}

    @property
    def is_in_stock(self) -> bool:
        return bool(self.filters.chosen("in_stock"))

    @cached_property
    def _chosen_brands(self) -> set[int]:
        brands = frame().brand_by_slug
        return {brands[slug].pk for slug in self.filters.chosen("brand") or ()}

    def _listed_for_car(self) -> QuerySet[Fitment, Any]:
        return Fitment.objects.filter(modification=self.car, category=self.category).values("part")
