"""Parts in lists: all that a row says, read for the whole list at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from urllib.parse import quote

from django.db.models import FETCH_RAISE
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shop.catalog.attributes import key_attributes
from shop.catalog.fitment import FitAnswer, fits_for
from shop.catalog.frame import frame
from shop.catalog.models import Part
from shop.offers.arrival import day_text
from shop.offers.current import CurrentOffer, current_offers
from shop.storefront.templatetags.storefront import drawing
from vehicles.models import Modification

type Prefer = Literal["soonest", "cheapest"]


@dataclass(frozen=True)
class PartRow:
    """``offer`` is the one that the row's button adds; ``cheaper`` and ``sooner`` tell of another that is better so."""

    part: Part
    address: str
    drawing: str
    attributes: Sequence[tuple[str, str]]
    fit: FitAnswer
    offer: CurrentOffer | None
    arrival: str
    pieces: str
    cheaper_price: Decimal | None
    sooner_arrival: str
    adding: str
    add_label: str


def part_address(brand_slug: str, article_key: str) -> str:
    """As ``reverse("storefront:part", …)`` in a hundredth of its time; lists and the site map hold thousands."""
    return f"{_parts_prefix(get_language(), get_script_prefix())}{brand_slug}/{quote(article_key)}/"


@lru_cache(maxsize=16)
def _parts_prefix(language: str | None, script_prefix: str) -> str:
    return reverse("storefront:part", args=["-", "-"]).removesuffix("-/-/")


def adding_address() -> str:
    """Where forms that add to the basket go."""
    return _adding_address(get_language(), get_script_prefix())


@lru_cache(maxsize=16)
def _adding_address(language: str | None, script_prefix: str) -> str:
    return reverse("orders:basket_lines")


def part_rows(part_ids: Sequence[int], *, car: Modification | None, prefer: Prefer = "soonest") -> list[PartRow]:
    """Rows in the order of ``part_ids``, in at most five queries whatever their number."""
    parts = with_frame(Part.objects.active().filter(pk__in=part_ids).defer("words").fetch_mode(FETCH_RAISE))
    fits = fits_for(parts.values(), car)
    offers = current_offers(part_ids)
    attributes = key_attributes(parts.values())
    days: dict[date, str] = {}
    return [
        _row(parts[pk], fits[pk], offers.get(pk, []), attributes.get(pk, []), prefer, days)
        for pk in part_ids
        if pk in parts
    ]


def with_frame(parts: Iterable[Part]) -> dict[int, Part]:
    """Parts by id with brand and category from memory; those of an inactive brand or category are left out."""
    known = frame()
    found = {}
    for part in parts:
        brand, node = known.brands.get(part.brand_id), known.by_id.get(part.category_id)
        if brand and node:
            part.brand, part.category = brand, node.category
            found[part.pk] = part
    return found


def pieces_text(offer: CurrentOffer, *, many: int = 10) -> str:
    """``3 шт.``; above ``many`` the number says nothing to a buyer of car parts: ``понад 10 шт.``."""
    if offer.pieces > many or offer.is_at_least:
        return _("понад %(count)d шт.") % {"count": min(offer.pieces, many)}
    return _("%(count)d шт.") % {"count": offer.pieces}


def arrival_text(offer: CurrentOffer, days: dict[date, str] | None = None) -> str:
    """``У Києві сьогодні``: when our shelf has it, or when it leaves for the customer."""
    days = {} if days is None else days
    if offer.ready_on not in days:
        days[offer.ready_on] = day_text(offer.ready_on)
    return days[offer.ready_on]


def _row(
    part: Part,
    fit: FitAnswer,
    offers: list[CurrentOffer],
    attributes: Sequence[tuple[str, str]],
    prefer: Prefer,
    days: dict[date, str],
) -> PartRow:
    soonest = offers[0] if offers else None
    cheapest = min(offers, key=lambda offer: (offer.price, offer.ready_on), default=None)
    shown = cheapest if prefer == "cheapest" else soonest
    is_cheaper = shown and cheapest and cheapest.price < shown.price
    is_sooner = shown and soonest and soonest.ready_on < shown.ready_on
    return PartRow(
        part=part,
        address=part_address(part.brand.slug, part.article_key),
        drawing=drawing(frame().by_id[part.category_id]),
        attributes=attributes,
        fit=fit,
        offer=shown,
        arrival=arrival_text(shown, days) if shown else "",
        pieces=pieces_text(shown) if shown else "",
        cheaper_price=cheapest.price if cheapest and is_cheaper else None,
        sooner_arrival=arrival_text(soonest, days) if soonest and is_sooner else "",
        adding=adding_address(),
        add_label=_("У кошик: %(part)s") % {"part": f"{part.brand.name} {part.article_number}"},
    )
