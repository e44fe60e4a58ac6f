"""Parts in lists: all that a row says, read for the whole list at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shop.catalog.analogues import successors_of
from shop.catalog.attributes import attribute_texts
from shop.catalog.fitment import FitAnswer, fits_for
from shop.catalog.frame import frame
from shop.catalog.listed import ListedPart, listed_parts
from shop.catalog.models import Brand, Part
from shop.lib.addresses import address_of
from shop.lib.money import format_money
from shop.offers.arrival import day_text
from shop.offers.current import CurrentOffer, current_offers
from shop.storefront.templatetags.storefront import drawing
from vehicles.models import Modification

# The first few, in the order of the category.
_KEY_ATTRIBUTES = 4
_MOST_PIECES = 999

type Prefer = Literal["soonest", "cheapest"]


@dataclass(frozen=True, slots=True)
class PartRow:
    """Flat texts: a list has twenty rows, and each look-up in a template costs more than one in Python.

    ``price``, ``warehouse`` and the rest belong to the offer that the row's button adds, and are empty without one;
    ``cheaper`` and ``sooner`` tell of another offer that is better so, ``newer`` of the number that took its place.
    """

    pk: int
    identity: str
    category: str
    drawing: str
    address: str
    brand: str
    number: str
    grade: str
    name: str
    facts: str
    fit: str
    fit_word: str
    fit_detail: str
    fit_source: str
    unit: str
    warehouse: int | None = None
    is_here: bool = False
    price: str = ""
    arrival: str = ""
    pieces: str = ""
    cheaper: str = ""
    sooner: str = ""
    newer: str = ""
    newer_address: str = ""


@dataclass(frozen=True, slots=True)
class OfferRow:
    """Flat texts, as above. Ordered until ``deadline`` (15:00) it is handled today; ``most``: pieces to buy."""

    part: int
    warehouse: int
    warehouse_name: str
    is_here: bool
    is_soonest: bool
    arrival: str
    pieces: str
    deadline: str
    price: str
    unit: str
    most: int


def part_address(brand_slug: str, article_key: str) -> str:
    return address_of("storefront:part", brand_slug, article_key)


def adding_address() -> str:
    """Where forms that add to the basket go."""
    return _adding_address(get_language(), get_script_prefix())


@lru_cache(maxsize=16)
def _adding_address(language: str | None, script_prefix: str) -> str:
    return reverse("orders:basket_lines")


@dataclass(frozen=True)
class PartFacts:
    """What is known about some parts beyond their own rows, by part id."""

    fits: Mapping[int, FitAnswer]
    offers: Mapping[int, list[CurrentOffer]]
    attributes: Mapping[int, list[tuple[str, str]]]


def facts_of(
    parts: Collection[Part | ListedPart], car: Modification | None, *, most_attributes: int | None = None
) -> PartFacts:
    """In at most four queries, whatever the number of parts; of attributes the first few or all."""
    ids = [part.pk for part in parts]
    return PartFacts(fits_for(parts, car), current_offers(ids), attribute_texts(parts, most=most_attributes))


def part_rows(part_ids: Sequence[int], *, car: Modification | None, prefer: Prefer = "soonest") -> list[PartRow]:
    """Rows in the order of ``part_ids``; those that are no longer sold are left out. At most five queries."""
    parts = listed_parts(part_ids)
    return rows_of(parts, facts_of(parts, car, most_attributes=_KEY_ATTRIBUTES), prefer=prefer)


def rows_of(parts: Iterable[Part | ListedPart], facts: PartFacts, *, prefer: Prefer = "soonest") -> list[PartRow]:
    days: dict[date, str] = {}
    return [_row(part, facts, prefer, days) for part in parts]


def with_newer(rows: Sequence[PartRow]) -> list[PartRow]:
    """The rows, those with a superseded number naming its successor; one query, another one when there is any."""
    brands = frame().brand_by_slug
    numbers = {row.pk: (brands[row.identity.partition("/")[0]].pk, row.number) for row in rows}
    newer = successors_of(numbers)
    parts = {part.pk: part for part in listed_parts([pks[0] for pks in newer.values()])} if newer else {}
    shown = []
    for row in rows:
        part = parts.get(newer[row.pk][0]) if row.pk in newer else None
        if part:
            address = part_address(part.brand.slug, part.article_key)
            row = replace(row, newer=f"{part.brand.name} {part.article_number}", newer_address=address)
        shown.append(row)
    return shown


def with_frame(parts: Iterable[Part]) -> list[Part]:
    """The parts with brand and category from memory; those of an inactive brand or category are left out."""
    known = frame()
    found = []
    for part in parts:
        brand, node = known.brands.get(part.brand_id), known.by_id.get(part.category_id)
        if brand and node:
            part.brand, part.category = brand, node.category
            found.append(part)
    return found


def grade_word(tier: str) -> str:
    """The grade of a brand, as rows name it."""
    return _grade_word(tier, get_language())


@lru_cache(maxsize=20)
def _grade_word(tier: str, language: str | None) -> str:
    return str(Brand.Tier(tier).label)


def pieces_text(offer: CurrentOffer, *, many: int = 10) -> str:
    """``3 шт.``; above ``many`` the number says nothing to a buyer of car parts: ``понад 10 шт.``."""
    return _pieces_text(min(offer.pieces, many), offer.pieces > many or offer.is_at_least, get_language())


@lru_cache(maxsize=1000)
def _pieces_text(count: int, is_more: bool, language: str | None) -> str:
    return (_("понад %(count)d шт.") if is_more else _("%(count)d шт.")) % {"count": count}


def arrival_text(offer: CurrentOffer, days: dict[date, str] | None = None) -> str:
    """``У Києві сьогодні``: when our shelf has it, or when it leaves for the customer."""
    days = {} if days is None else days
    if offer.ready_on not in days:
        days[offer.ready_on] = day_text(offer.ready_on)
    return days[offer.ready_on]


def offer_rows(part: Part, offers: Iterable[CurrentOffer]) -> list[OfferRow]:
    """For the table of a part's page; the days in words are looked up once."""
    days: dict[date, str] = {}
    return [
        OfferRow(
            part=part.pk,
            warehouse=offer.warehouse.pk,
            warehouse_name=offer.warehouse.public_name,
            is_here=offer.is_here,
            is_soonest=place == 0,
            arrival=arrival_text(offer, days),
            pieces=pieces_text(offer),
            deadline=f"{offer.order_by:%H:%M}" if offer.order_by else "",
            price=format_money(offer.price),
            unit=_unit(part.sold_as),
            most=_MOST_PIECES if offer.is_at_least else offer.pieces,
        )
        for place, offer in enumerate(offers)
    ]


def _unit(sold_as: str) -> str:
    """What a price is for, where that is not one piece."""
    return "" if sold_as == Part.SoldAs.PIECE else str(Part.SoldAs(sold_as).label)


def _row(part: Part | ListedPart, facts: PartFacts, prefer: Prefer, days: dict[date, str]) -> PartRow:
    fit = facts.fits[part.pk]
    return PartRow(
        pk=part.pk,
        identity=f"{part.brand.slug}/{part.article_key}",
        category=part.category.slug,
        drawing=drawing(frame().by_id[part.category_id]),
        address=part_address(part.brand.slug, part.article_key),
        brand=part.brand.name,
        number=part.article_number,
        grade=grade_word(part.brand.tier),
        name=part.name,
        facts=" · ".join(f"{name}: {value}" for name, value in facts.attributes[part.pk][:_KEY_ATTRIBUTES]),
        fit=fit.fit if fit.is_car_chosen else "",
        fit_word=fit.word if fit.is_car_chosen else "",
        fit_detail=fit.detail,
        fit_source=_fit_source(fit),
        unit=_unit(part.sold_as),
        **_offer_texts(facts.offers.get(part.pk, []), prefer, days),
    )


def _fit_source(fit: FitAnswer) -> str:
    """Who says so, and what buyers with such a car did."""
    return " · ".join(filter(None, (fit.source_text, fit.owners.text if fit.owners else "")))


def _offer_texts(offers: list[CurrentOffer], prefer: Prefer, days: dict[date, str]) -> dict[str, Any]:
    if not offers:
        return {}
    soonest = offers[0]
    cheapest = min(offers, key=lambda offer: (offer.price, offer.ready_on))
    shown = cheapest if prefer == "cheapest" else soonest
    return {
        "warehouse": shown.warehouse.pk,
        "is_here": shown.is_here,
        "price": format_money(shown.price),
        "arrival": arrival_text(shown, days),
        "pieces": pieces_text(shown),
        "cheaper": format_money(cheapest.price) if cheapest.price < shown.price else "",
        "sooner": arrival_text(soonest, days) if soonest.ready_on < shown.ready_on else "",
    }
