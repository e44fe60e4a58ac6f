"""What a search shows: parts found by number, or categories first and then parts found by words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from orders.enquiry_form import EnquiryForm
from shop.catalog.car_words import NamedCar
from shop.catalog.frame import Node, frame
from shop.catalog.meaning import Meaning, meaning_of
from shop.catalog.models import Brand, Fitment, Part
from shop.catalog.number_list import looks_like_list
from shop.catalog.search import (
    LONGEST_QUERY,
    MOST_PARTS,
    How,
    NumberHits,
    beginning_with,
    by_number,
    categories_of_brands,
    clean_query,
    parts_with_words,
)
from shop.catalog.word_keys import place_of, word_keys
from shop.lib.addresses import address_of
from shop.storefront.listing import Listing, found_in_category, found_listing
from shop.storefront.pages import Pages, address_with
from shop.storefront.rows import PartRow, part_rows, with_newer
from shop.storefront.soonest import soonest_parts
from vehicles.models import Modification

_PAGE_SIZE: Final = 20
# Words that name a whole department show its doors; parts are taken from the first of its leaves.
_MOST_LEAVES: Final = 12
# Each leaf is compared with all modifications of the car that is named.
_MOST_LEAVES_FOR_CARS: Final = 6
_MOST_CATEGORIES: Final = 8
_MOST_CARS: Final = 6
# A word with so many digits among other words may be the number itself.
_DIGITS_OF_A_NUMBER: Final = 4


@dataclass(frozen=True)
class NamedGeneration:
    """``path`` is make, model and generation as addresses spell them."""

    path: str
    address: str
    name: str


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
    read_as: str = ""
    car: Modification | None = None
    named: NamedCar | None = None
    only_car: Modification | None = None
    is_for_car: bool = False
    is_car_ignored: bool = False
    rows: list[PartRow] = field(default_factory=list)
    listing: Listing | None = None

    @property
    def has_parts(self) -> bool:
        return bool(self.ids) or self.listing is not None

    @property
    def is_nothing(self) -> bool:
        return not self.has_parts and not self.categories and not self.named and not self.error

    @property
    def car_ids(self) -> tuple[int, ...]:
        """Modifications that the parts should fit: of the car that the query names, else the chosen one."""
        if self.query.get("all_cars"):
            return ()
        if self.named:
            return self.named.modifications
        return (self.car.pk,) if self.car else ()

    @property
    def fit_car(self) -> Modification | None:
        """The car that rows say "fits" about."""
        return self.only_car or (None if self.named and self.named.is_model else self.car)

    @property
    def car_name(self) -> str:
        if self.only_car:
            return self.only_car.short_name()
        return self.named.name if self.named else self.car.short_name() if self.car else ""

    @property
    def named_generations(self) -> list[NamedGeneration]:
        """What the named car may be, to choose from; newest first."""
        if not self.named or self.only_car:
            return []
        return [
            NamedGeneration(one.address, address_of("storefront:generation", *one.address.split("/")), one.title)
            for one in self.named.generations[:_MOST_CARS]
        ]

    @property
    def enquiry(self) -> EnquiryForm:
        """A question to our staff, filled in with what was not found."""
        return EnquiryForm(initial={"question": self.text})

    @property
    def may_be_list(self) -> bool:
        """Several numbers side by side: they can be looked up together."""
        return not self.how and looks_like_list(self.text)

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
    """One to five queries for the ids, and those of the rows."""
    results = Results(clean_query(query.get("q", "")), query, car=car)
    results.error = _text_error(results.text)
    if results.error or not results.text:
        return results
    hits = by_number(results.text)
    if not hits.how:
        meaning = meaning_of(results.text)
        if not meaning.explains_all:
            hits = beginning_with(results.text)
        if not hits.how:
            hits = _find_by_words(results, meaning)
    if hits.how:
        results.how = hits.how
        results.ids = hits.ids
    if results.how:
        start = results.pages.start
        results.rows = with_newer(part_rows(results.ids[start : start + _PAGE_SIZE], car=results.fit_car))
    elif results.ids and results.listing is None:
        results.listing = found_listing(query, results.ids, results.fit_car)
    return results


def _text_error(text: str) -> str:
    if len(text) > LONGEST_QUERY:
        return _("Запит задовгий: до %(count)d знаків. Лишіть номер або кілька слів.") % {"count": LONGEST_QUERY}
    if text and not any(letter.isalnum() for letter in text):
        return _("Введіть літери або цифри: номер запчастини чи її назву.")
    return ""


def _find_by_words(results: Results, meaning: Meaning) -> NumberHits:
    """Fills in what the words mean; gives back parts only where one of the words is their number."""
    results.read_as, results.brands, results.named = meaning.read_as, meaning.brands, meaning.car
    if results.named and len(results.named.modifications) == 1:
        results.only_car = Modification.objects.with_names().get(pk=results.named.modifications[0])
    results.categories, leaves = _categories_of(meaning)
    if meaning.brands and not leaves:
        results.categories = _made_by(meaning.brands)
    told = [*meaning.rest, *meaning.unknown]
    for word in told:
        if sum(letter.isdigit() for letter in word) >= _DIGITS_OF_A_NUMBER and (hits := by_number(word)).how:
            return hits
    if told:
        words = told if leaves else [*told, *_typed_without_brand(meaning)]
        results.ids = _for_car(results, parts_with_words(words, brands=meaning.brands, categories=leaves))
        if not results.ids and meaning.unknown and meaning.rest and leaves:
            results.ids = _for_car(results, parts_with_words(meaning.rest, brands=meaning.brands, categories=leaves))
            results.unknown = meaning.unknown if results.ids else []
        if not results.ids and (leaves or meaning.brands or meaning.car):
            results.unknown = meaning.unknown or [word for word in meaning.rest if not place_of(word_keys(word))]
    if not results.ids and leaves:
        _take_from_shelves(results, leaves[:_MOST_LEAVES])
    elif not results.has_parts and meaning.brands:
        results.ids = _for_car(results, _parts_of(meaning.brands))
    if results.is_nothing:
        results.nearest = frame().roots
    return NumberHits({})


def _typed_without_brand(meaning: Meaning) -> list[str]:
    """Words of known kinds, when no category was taken for them."""
    return [] if meaning.brands or meaning.car else [word for word in meaning.words if word not in meaning.unknown]


def _categories_of(meaning: Meaning) -> tuple[list[Node], list[int]]:
    """Categories to offer, and the leaves that parts come from. Of several, those that the named brands make."""
    offered, meant = meaning.categories, meaning.meant
    if meaning.brands and len(offered) > 1:
        asked = {leaf.category.pk for node in offered for leaf in node.leaves()}
        made = categories_of_brands(meaning.brands, asked)
        known = [node for node in offered if any(leaf.category.pk in made for leaf in node.leaves())]
        if known and not any(node in known for node in meant):
            meant = known[:1]
        offered = [*known, *(node for node in offered if node not in known)]
    leaves = list(dict.fromkeys(leaf.category.pk for node in meant for leaf in node.leaves()))
    # Of a group those that have the name themselves: "brake pads" means pads before their sensors and fitting kits.
    namesakes = {node.category.pk for node in offered if node.is_leaf}
    leaves = [leaf for leaf in leaves if leaf in namesakes] or leaves
    return offered[:_MOST_CATEGORIES], leaves


def _made_by(brands: Iterable[Brand]) -> list[Node]:
    """The kinds of parts that the brands make, in the order of the catalogue; one query."""
    made = categories_of_brands(brands, [pk for pk, node in frame().by_id.items() if node.is_leaf])
    return [node for pk, node in frame().by_id.items() if pk in made][:_MOST_CATEGORIES]


def _take_from_shelves(results: Results, leaves: list[int]) -> None:
    """For the car that the query names, or the chosen one, unless the visitor asked for all or it has none of these."""
    brands = [brand.pk for brand in results.brands]
    if len(leaves) == 1:
        _take_from_category(results, leaves[0], brands)
        return
    if cars := results.car_ids:
        results.ids = soonest_parts(leaves[:_MOST_LEAVES_FOR_CARS], brands=brands, cars=cars)
        results.is_for_car = bool(results.ids)
        results.is_car_ignored = not results.ids
    if not results.ids:
        results.ids = soonest_parts(leaves, brands=brands)


def _take_from_category(results: Results, leaf: int, brands: list[int]) -> None:
    """As above for one kind of part, all of it: the list may be as long as that of the category."""
    if cars := results.car_ids:
        listing = found_in_category(results.query, leaf, brands=brands, cars=cars, car=results.fit_car)
        results.is_for_car, results.is_car_ignored = bool(listing.scope), not listing.scope
        if listing.scope:
            results.listing = listing
            return
    listing = found_in_category(results.query, leaf, brands=brands, cars=(), car=results.fit_car)
    results.listing = listing if listing.scope else None


def _parts_of(brands: Iterable[Brand]) -> list[int]:
    parts = Part.objects.active().filter(brand__in=[brand.pk for brand in brands])
    return list(parts.order_by().values_list("pk", flat=True)[:MOST_PARTS])


def _for_car(results: Results, ids: list[int]) -> list[int]:
    """Those listed for the car, if there are any; the list puts them in its order."""
    if ids and results.car_ids:
        rows = Fitment.objects.filter(part__in=ids, modification__in=results.car_ids)
        fitting = list(rows.order_by().values_list("part_id", flat=True).distinct())
        results.is_for_car = bool(fitting)
        return fitting or ids
    return ids
