"""The page of one part: does it fit, what does it cost, when is it here; and all that is known about it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import FETCH_RAISE, F
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shop.catalog.analogues import analogue_ids
from shop.catalog.fitted import fitted_cars
from shop.catalog.frame import frame
from shop.catalog.models import Brand, CrossReference, OeNumber, Part
from shop.catalog.numbers import article_key as key_of
from shop.storefront.page import Context, show
from shop.storefront.part_data import structured_data
from shop.storefront.rows import adding_address, facts_of, offer_rows, part_address, rows_of, with_frame
from vehicles.chosen import ShopRequest
from vehicles.models import Modification

_ANALOGUES: Final = 20
_TIERS: Final = {
    Brand.Tier.OE: _("Виробник постачає деталі на складальні конвеєри автозаводів."),
    Brand.Tier.PREMIUM: _("Якість рівня оригіналу на ринку запчастин."),
    Brand.Tier.STANDARD: _("Добре співвідношення ціни та ресурсу."),
    Brand.Tier.BUDGET: _("Найнижча ціна, ресурс зазвичай менший."),
}


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
    oe_numbers = list(
        OeNumber.objects.filter(part=part).select_related("make").order_by("make__name_sort", "number", "id")
    )
    references = list(CrossReference.objects.filter(part=part).order_by("number", "id"))
    analogues = _analogues(part, analogue_ids(part, oe_numbers, references))
    facts = facts_of([part, *analogues], car)
    offers = facts.offers.get(part.pk, [])
    return {
        "part": part,
        "node": frame().by_id[part.category_id],
        "tier": _TIERS[Brand.Tier(part.brand.tier)],
        "car": car,
        "here": part_address(part.brand.slug, part.article_key),
        "fit": facts.fits[part.pk],
        "attributes": facts.attributes[part.pk],
        "oe_numbers": _grouped((number.make.name, number.number) for number in oe_numbers),
        "cross_references": _cross_references(references),
        "offers": offer_rows(offers),
        "adding": adding_address(),
        "analogues": rows_of(analogues, facts),
        "cars": fitted_cars(part, is_full=query.get("cars") == "all"),
        "structured_data": structured_data(part, offers),
    }


def _analogues(part: Part, ids: list[int]) -> list[Part]:
    """What can be had first; nobody compares more than a page."""
    if not ids:
        return []
    parts = Part.objects.filter(pk__in=ids).defer("words").fetch_mode(FETCH_RAISE)
    order = (F("shelf__lead_days").asc(nulls_last=True), "shelf__price", "pk")
    return with_frame(parts.order_by(*order)[:_ANALOGUES])


def _cross_references(references: Sequence[CrossReference]) -> dict[str, list[str]]:
    brands = frame().brands
    known = [reference for reference in references if reference.brand_id in brands]
    return _grouped(sorted((brands[reference.brand_id].name, reference.number) for reference in known))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name, number in pairs:
        if number not in groups[name]:
            groups[name].append(number)
    return dict(groups)
