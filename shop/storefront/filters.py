"""What the address of a list asks for. A wrong value gets its message and is left out; the rest still counts."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from shop.catalog.frame import frame
from shop.catalog.models import Attribute, Brand
from shop.storefront.shelf_index import CHEAPEST, DEAREST, SOONEST

SORTS: Final = [
    (SOONEST, gettext_lazy("спершу найшвидші")),
    (CHEAPEST, gettext_lazy("від дешевих")),
    (DEAREST, gettext_lazy("від дорогих")),
]
# Working days until it leaves for the customer.
ARRIVALS: Final = [
    (0, gettext_lazy("того ж дня")),
    (2, gettext_lazy("за 2 робочі дні")),
    (5, gettext_lazy("за 5 робочих днів")),
]
PLACES: Final = [
    ("front", gettext_lazy("спереду")),
    ("rear", gettext_lazy("ззаду")),
    ("left", gettext_lazy("ліворуч")),
    ("right", gettext_lazy("праворуч")),
]
# What the address of a list may hold, besides properties of parts.
QUERY: Final = frozenset(
    ("all_cars", "arrival", "brand", "category", "in_stock", "page", "place", "price_from", "price_to", "sort")
)
PROPERTIES: Final = "a_"
_LARGEST: Final = Decimal("9999999.99")


def parameter(attribute: Attribute) -> str:
    """``a_thread`` with ids of choices, ``a_height_from`` and ``a_height_to`` with numbers."""
    return f"{PROPERTIES}{attribute.code}"


@dataclass(frozen=True)
class Range:
    low: Decimal | None = None
    high: Decimal | None = None

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None


@dataclass
class Filters:
    """The right values of an address. ``choices`` holds ids of attribute choices (1 for a yes) by attribute id."""

    query: QueryDict
    attributes: Sequence[Attribute] = ()
    sort: str = SOONEST
    page: int = 1
    all_cars: bool = False
    in_stock: bool = False
    arrival: int | None = None
    price: Range = Range()
    brands: list[Brand] = field(default_factory=list)
    categories: list[int] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    choices: dict[int, list[int]] = field(default_factory=dict)
    ranges: dict[int, Range] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.query:
            return
        self.all_cars, self.in_stock = bool(self.query.get("all_cars")), bool(self.query.get("in_stock"))
        self.sort = self._one("sort", dict(SORTS), _("Такого впорядкування немає.")) or SOONEST
        arrival = self._one("arrival", {str(days) for days, _text in ARRIVALS}, _("Такого строку немає."))
        self.arrival = int(arrival) if arrival else None
        self.page = self._page()
        self.brands = self._many("brand", frame().brand_by_slug.get, _("Такого бренда в нас немає."))
        nodes = self._many("category", frame().by_slug.get, _("Такої категорії немає."))
        self.categories = [node.category.pk for node in nodes]
        places = {name: name for name, _text in PLACES}
        self.places = self._many("place", places.get, _("Такого місця на авто немає."))
        self.price = self._range("price", "price", _PRICE)
        for attribute in self.attributes:
            self._read_attribute(attribute)

    def _read_attribute(self, attribute: Attribute) -> None:
        name = parameter(attribute)
        if attribute.kind == Attribute.Kind.NUMBER:
            if found := self._range(name, name, _NUMBER):
                self.ranges[attribute.pk] = found
        elif name in self.query:
            known = {"1": 1}
            if attribute.kind == Attribute.Kind.CHOICE:
                theirs = (each.pk for each in frame().choices_of.get(attribute.pk, ()))
                known = {str(pk): pk for pk in theirs}
            if chosen := self._many(name, known.get, _("Такого значення немає.")):
                self.choices[attribute.pk] = chosen

    def _one(self, name: str, known: Collection[str], message: str) -> str:
        text = self.query.get(name, "")
        if text and text not in known:
            self._complain(name, message)
            return ""
        return text

    def _many[T](self, name: str, find: Callable[[str], T | None], message: str) -> list[T]:
        found = []
        for text in self.query.getlist(name):
            value = find(text)
            if value is None:
                self._complain(name, message)
            elif value not in found:
                found.append(value)
        return found

    def _page(self) -> int:
        text = self.query.get("page", "1")
        if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) > 0:
            return int(text)
        self._complain("page", _("Такої сторінки немає, ось перша."))
        return 1

    def _range(self, name: str, field_name: str, words: "_Words") -> Range:
        low = self._number(f"{name}_from", field_name, words)
        high = self._number(f"{name}_to", field_name, words)
        if low is not None and high is not None and low > high:
            self._complain(field_name, _("«Від» більше за «до»: поміняйте їх місцями."))
        return Range(low, high)

    def _number(self, name: str, field_name: str, words: "_Words") -> Decimal | None:
        text = self.query.get(name, "").replace(",", ".").replace(" ", "").replace("\u00a0", "")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        problem = words.problem(number)
        if problem:
            self._complain(field_name, problem)
            return None
        return number

    def _complain(self, name: str, message: str) -> None:
        messages = self.errors.setdefault(name, [])
        if message not in messages:
            messages.append(message)


@dataclass(frozen=True)
class _Words:
    """What is said of a wrong number."""

    invalid: str
    negative: str
    too_large: str
    decimals: str
    most_decimals: int

    def problem(self, number: Decimal) -> str:
        if not number.is_finite():
            return _(self.too_large if number.is_infinite() else self.invalid)
        if number < 0:
            return _(self.negative)
        if number > _LARGEST:
            return _(self.too_large)
        exponent = number.normalize().as_tuple().exponent
        return _(self.decimals) if isinstance(exponent, int) and -exponent > self.most_decimals else ""


_PRICE: Final = _Words(
    invalid=gettext_noop("Ціна — це число, наприклад 450."),
    negative=gettext_noop("Ціна не може бути від’ємною."),
    too_large=gettext_noop("Такої великої ціни не буває."),
    decimals=gettext_noop("Не більше двох знаків після коми."),
    most_decimals=2,
)
_NUMBER: Final = _Words(
    invalid=gettext_noop("Потрібне число, наприклад 76."),
    negative=gettext_noop("Число не може бути від’ємним."),
    too_large=gettext_noop("Такого великого числа тут не буває."),
    decimals=gettext_noop("Не більше трьох знаків після коми."),
    most_decimals=3,
)
