"""Brands: all of them, and the parts of one."""

from itertools import groupby

from django.http import Http404, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from shop.catalog.frame import frame
from shop.catalog.models import Brand
from shop.storefront.filters import QUERY
from shop.storefront.listing import brand_listing
from shop.storefront.page import Context, show
from vehicles.chosen import ShopRequest


@require_safe
def brands(request: ShopRequest) -> HttpResponse:
    """All brands by their first letter."""
    return show(request, "storefront/brands.html", lambda query: {"letters": _by_letter()})


def _by_letter() -> list[tuple[str, list[Brand]]]:
    names = frame().brands.values()
    return [(letter, list(group)) for letter, group in groupby(names, key=lambda brand: _letter(brand.name))]


def _letter(name: str) -> str:
    return name[0].upper() if name[0].isalpha() else "#"


@require_safe
def brand(request: ShopRequest, slug: str) -> HttpResponse:
    """What a brand makes, by category; with a car what fits it."""

    def build(query: QueryDict) -> Context:
        found = frame().brand_by_slug.get(slug)
        if found is None:
            raise Http404
        listing = brand_listing(found, query, request.chosen.car)
        return {"brand": found, "listing": listing, "canonical_query": listing.pages.own_query}

    return show(request, "storefront/brand.html", build, known=QUERY - {"brand"}, fragment="results")
