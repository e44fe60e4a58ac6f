"""What a search field offers while somebody types: numbers, categories, brands, cars; eight rows at most."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from shop.catalog.completion import brands_beginning, cars_beginning, categories_beginning
from shop.catalog.frame import frame
from shop.catalog.gtin import read_gtin
from shop.catalog.models import Part
from shop.catalog.search import clean_query, keys_of
from shop.lib.addresses import address_of
from shop.storefront.rows import part_address

MOST_ROWS: Final = 8
_SHORTEST: Final = 2
_LONGEST: Final = 60
_MOST_NUMBERS: Final = 4
_MOST_BRANDS: Final = 2
_MOST_CARS: Final = 3


@dataclass(frozen=True)
class Hint:
    """A row that leads somewhere; ``detail`` is said softly after it."""

    text: str
    address: str
    detail: str = ""


@dataclass(frozen=True)
class HintGroup:
    name: str
    hints: list[Hint]


def hints_for(text: str) -> list[HintGroup]:
    """Groups that have rows; at most one query, for numbers."""
    text = clean_query(text)
    if not _SHORTEST <= len(text) <= _LONGEST:
        return []
    room = MOST_ROWS
    groups = []
    for name, hints in (
        (_("Номери"), _numbers(text)),
        (_("Категорії"), _categories(text)),
        (_("Бренди"), _brands(text)),
        (_("Автомобілі"), _cars(text)),
    ):
        # Some room is kept for the groups that follow.
        shown = list(islice(hints, min(room, 5)))
        room -= len(shown)
        if shown:
            groups.append(HintGroup(name, shown))
    return groups


def _numbers(text: str) -> Iterator[Hint]:
    for key in keys_of(text)[:1]:
        parts = Part.objects.active().filter(search_key__startswith=key).order_by()
        columns = ("search_key", "brand_id", "article_number", "article_key", "category_id")
        rows = parts.values_list(*columns)
        if gtin := read_gtin(text):
            bearers = Part.objects.active().filter(barcodes__gtin=gtin).order_by()
            rows = rows.union(bearers.values_list(*columns))
        for _key, brand_id, number, article_key, category_id in sorted(rows[:_MOST_NUMBERS]):
            brand, node = frame().brands.get(brand_id), frame().by_id.get(category_id)
            if brand and node:
                yield Hint(f"{brand.name} {number}", part_address(brand.slug, article_key), node.category.name)


def _categories(text: str) -> Iterator[Hint]:
    for node in categories_beginning(text):
        parent = node.parent.category.name if node.parent else ""
        yield Hint(node.category.name, node.category.get_absolute_url(), parent)


def _brands(text: str) -> Iterator[Hint]:
    for brand in islice(brands_beginning(text), _MOST_BRANDS):
        yield Hint(brand.name, address_of("storefront:brand", brand.slug))


def _cars(text: str) -> Iterator[Hint]:
    for name, path in islice(cars_beginning(text), _MOST_CARS):
        view = ("storefront:make", "storefront:model", "storefront:generation")[path.count("/")]
        yield Hint(name, address_of(view, *path.split("/")))
