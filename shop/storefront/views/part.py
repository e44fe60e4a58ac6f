"""The page of one part: does it fit, what does it cost, when is it here; and all that is known about it."""

from collections.abc import Iterable
from typing import Final

from django.db.models import FETCH_RAISE, F
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.catalog.analogues import chain_of, related_parts
from shop.catalog.claims import DIFFERS, ORIGINAL, REPLACES, SUPERSEDES, NumberClaim, barcodes_in, numbers_of, of_kind
from shop.catalog.fitted import fitted_cars
from shop.catalog.frame import frame
from shop.catalog.listed import listed_parts
from shop.catalog.models import Brand, CrossReference, Part
from shop.catalog.numbers import article_key as key_of
from shop.lib.statements import Statement
from shop.offers.companions import needed_with
from shop.offers.models import PartShelf
from shop.storefront.grades import GRADES
from shop.storefront.page import Context, show
from shop.storefront.part_data import Fact, structured_data
from shop.storefront.part_numbers import NumberGroup, number_groups
from shop.storefront.rows import facts_of, offer_rows, part_address, rows_of, with_frame
from vehicles.chosen import ShopRequest
from vehicles.models import Modification

_ANALOGUES: Final = 20
_SOONEST: Final = (F("lead_days").asc(nulls_last=True), "price", "part_id")


@require_safe
def part(request: ShopRequest, brand: str, article_key: str) -> HttpResponse:
    """A number typed with blanks, dashes or in lower case leads to the one address of the part."""

    def build(query: QueryDict) -> Context | HttpResponse:
        found = _find(brand, article_key)
        address = part_address(found.brand.slug, found.article_key)
        if (brand, article_key) != (found.brand.slug, found.article_key):
            return HttpResponsePermanentRedirect(address)
        return _context(found, request.chosen.car, query)

    return show(request, "storefront/part.html", build, known=("cars",))


def _find(brand_slug: str, number: str) -> Part:
    brand = frame().brand_by_slug.get(brand_slug.lower())
    if brand is None:
        raise Http404
    parts = Part.objects.active().defer("words").fetch_mode(FETCH_RAISE)
    found = with_frame(parts.filter(brand=brand, article_key=key_of(number)))
    if not found:
        raise Http404
    return found[0]


def _context(part: Part, car: Modification | None, query: QueryDict) -> Context:
    claims = numbers_of(part.pk)
    barcodes = barcodes_in(claims)
    related = related_parts(part, claims)
    newer_ids = chain_of(part, related.successors)
    others = listed_parts([*newer_ids, *_soonest(related.analogues)])
    newer = [other for other in others if other.pk in newer_ids]
    analogues = [other for other in others if other.pk not in newer_ids]
    facts = facts_of([part, *others], car)
    offers = facts.offers.get(part.pk, [])
    return {
        "part": part,
        "identity": f"{part.brand.slug}/{part.article_key}",
        "node": frame().by_id[part.category_id],
        "grade": Brand.Tier(part.brand.tier).label,
        "grades": GRADES,
        "car": car,
        "here": part_address(part.brand.slug, part.article_key),
        "fit": facts.fits[part.pk],
        "attributes": [Fact(*named) for named in [*facts.attributes[part.pk], *_barcode_fact(barcodes)]],
        "oe_numbers": number_groups((claim.make, claim.number) for claim in of_kind(claims, ORIGINAL)),
        "cross_references": _by_brand(of_kind(claims, REPLACES)),
        "superseded": _by_brand(of_kind(claims, SUPERSEDES)),
        "notes": _notes(claims),
        "sources": _sources(claims),
        "offers": offer_rows(part, offers),
        "newer": rows_of(newer, facts),
        "analogues": rows_of(analogues, facts),
        "needed": needed_with([part.category_id], car),
        "cars": fitted_cars(part.pk, is_full=query.get("cars") == "all"),
        "structured_data": structured_data(part, offers, barcodes=barcodes),
    }


def _barcode_fact(barcodes: list[str]) -> list[tuple[str, str]]:
    return [(_("Штрихкод (EAN)"), ", ".join(barcodes))] if barcodes else []


_shelf = Statement(
    lambda parts: PartShelf.objects.filter(part__any_of=parts).order_by(*_SOONEST).values_list("part_id")[:_ANALOGUES]
)


def _soonest(ids: list[int]) -> list[int]:
    """What can be had first; nobody compares more than a page."""
    return [pk for (pk,) in _shelf(parts=ids)] if ids else []


def _by_brand(claims: Iterable[NumberClaim]) -> list[NumberGroup]:
    brands = frame().brands
    known = [claim for claim in claims if claim.owner_id in brands]
    return number_groups((brands[claim.owner_id].name, claim.number) for claim in known)


def _notes(claims: Iterable[NumberClaim]) -> list[tuple[str, str, str]]:
    """What staff say about a number: what it is to this part, whose number, and why."""
    brands = frame().brands
    return [
        (str(CrossReference.Kind(claim.kind).label), f"{brands[claim.owner_id]} {claim.number}", claim.note)
        for claim in claims
        if claim.owner_id in brands and (claim.note or claim.kind == DIFFERS) and claim.kind != ORIGINAL
    ]


def _sources(claims: Iterable[NumberClaim]) -> list[str]:
    """Who claims that the part replaces other numbers."""
    known = frame().sources
    return sorted({known[claim.source_id].name for claim in claims if claim.source_id in known})
