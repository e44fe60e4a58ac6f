"""What a search shows: parts found by number, or categories first and then parts found by words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from shop.catalog.frame import Node, frame
from shop.catalog.models import Brand, Fitment, Part
from shop.catalog.search import LONGEST_QUERY, MOST_PARTS, How, by_number, by_words, clean_query, parts_with_words
from shop.catalog.word_index import nearest_categories
from shop.offers.models import PartShelf
from shop.storefront.pages import Pages, address_with
from shop.storefront.rows import PartRow, part_rows
from vehicles.models import Modification

_PAGE_SIZE: Final = 20
# Words that name a whole department show its doors; parts are taken from the first of its leaves.
_MOST_LEAVES: Final = 12
_SOONEST: Final = (F("lead_days").asc(nulls_last=True), "price", "part_id")


@dataclass
class Results:
    """``error`` says what is wrong with the text itself. ``is_nothing``: the ways out are shown instead of a list."""

    text: str
    query: QueryDict
    error: str = ""
    categories: list[Node] = field(default_factory=list)
    brands: list[Brand] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    nearest: list[Node] = field(default_factory=list)
    ids: Sequence[int] = ()
    how: dict[int, How] = field(default_factory=dict)
    car: Modification | None = None
    is_for_car: bool = False
    is_car_ignored: bool = False
    rows: list[PartRow] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        return not self.ids and not self.categories and not self.error

    @property
    def begins_only(self) -> bool:
        """Nothing has this number; these begin with it."""
        return bool(self.how) and set(self.how.values()) == {How.BEGINS}

    @property
    def pages(self) -> Pages:
        number = self.query.get("page", "1")
        page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
        return Pages(self.query, number=max(page, 1), total=len(self.ids), size=_PAGE_SIZE)

    @property
    def is_cut(self) -> bool:
        return len(self.ids) >= MOST_PARTS

    @property
    def for_car(self) -> str:
        return address_with(self.query, all_cars=None, page=None)

    @property
    def for_all_cars(self) -> str:
        return address_with(self.query, all_cars="1", page=None)


def search(query: QueryDict, car: Modification | None) -> Results:
    """One to three queries for the ids, and those of the rows."""
    results = Results(clean_query(query.get("q", "")), query, car=car)
    results.error = _text_error(results.text)
    if results.error or not results.text:
        return results
    hits = by_number(results.text)
    if hits.how:
        results.how = hits.how
        results.ids = hits.ids
    else:
        _find_by_words(results)
    start = results.pages.start
    results.rows = part_rows(results.ids[start : start + _PAGE_SIZE], car=car)
    return results


def _text_error(text: str) -> str:
    if len(text) > LONGEST_QUERY:
        return _("Запит задовгий: до %(count)d знаків. Лишіть номер або кілька слів.") % {"count": LONGEST_QUERY}
    if text and not any(letter.isalnum() for letter in text):
        return _("Введіть літери або цифри: номер запчастини чи її назву.")
    return ""


def _find_by_words(results: Results) -> None:
    words = by_words(results.text)
    results.brands, results.categories = words.brands, words.categories
    if words.unknown and (words.categories or words.brands):
        # The whole text first: the unknown words may be in the names of parts.
        results.ids = _soonest(parts_with_words(results.text))
        if not results.ids:
            results.unknown = words.unknown
    if not results.ids and words.categories:
        _take_from_shelves(results, words.leaves[:_MOST_LEAVES])
    elif not results.ids and words.brands:
        results.ids = _soonest(_parts_of(words.brands))
    elif not results.ids:
        results.ids = _soonest(parts_with_words(results.text))
    if not results.ids and not results.categories:
        results.nearest = nearest_categories(results.text) or frame().roots


def _take_from_shelves(results: Results, leaves: list[int]) -> None:
    """For the chosen car if it has any of these parts, unless the visitor asked for all."""
    if results.car and not results.query.get("all_cars"):
        results.ids = _from_shelves(leaves, results.brands, results.car)
        results.is_for_car = bool(results.ids)
        results.is_car_ignored = not results.ids
    if not results.ids:
        results.ids = _from_shelves(leaves, results.brands, None)


def _from_shelves(leaves: list[int], brands: Iterable[Brand], car: Modification | None) -> list[int]:
    """The soonest of each category by its own index, then the soonest of these; one query."""
    brand_ids = [brand.pk for brand in brands]
    shelves: list[QuerySet[PartShelf, Any]] = []
    for leaf in leaves:
        shelf = PartShelf.objects.filter(category=leaf)
        if brand_ids:
            shelf = shelf.filter(brand__in=brand_ids)
        if car and not frame().by_id[leaf].category.is_universal:
            shelf = shelf.filter(part__in=Fitment.objects.filter(modification=car, category=leaf).values("part"))
        shelves.append(shelf.order_by(*_SOONEST)[:MOST_PARTS])
    first, *others = [shelf.values_list("part_id", "lead_days", "price") for shelf in shelves]
    rows = list(first.union(*others, all=True)) if others else list(first)
    rows.sort(key=lambda row: (row[1] is None, row[1] or 0, row[2] or 0, row[0]))
    return [row[0] for row in rows[:MOST_PARTS]]


def _parts_of(brands: Iterable[Brand]) -> list[int]:
    parts = Part.objects.active().filter(brand__in=[brand.pk for brand in brands])
    return list(parts.order_by().values_list("pk", flat=True)[:MOST_PARTS])


def _soonest(ids: list[int]) -> list[int]:
    if not ids:
        return []
    return list(PartShelf.objects.filter(part__in=ids).order_by(*_SOONEST).values_list("part_id", flat=True))
