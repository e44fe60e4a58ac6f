"""The category tree and the lists of parts at its ends."""

from django.http import Http404, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from shop.catalog.frame import frame
from shop.storefront.filters import PROPERTIES, QUERY
from shop.storefront.listing import category_listing
from shop.storefront.page import Context, show
from vehicles.chosen import ShopRequest


@require_safe
def categories(request: ShopRequest) -> HttpResponse:
    """All categories on one page."""
    return show(request, "storefront/categories.html", lambda query: {"roots": frame().roots})


@require_safe
def category(request: ShopRequest, slug: str) -> HttpResponse:
    """What is under a category: further categories, or parts."""

    def build(query: QueryDict) -> Context:
        node = frame().by_slug.get(slug)
        if node is None:
            raise Http404
        if not node.is_leaf:
            return {"node": node}
        car = None if node.category.is_universal else request.chosen.car
        listing = category_listing(node, query, car)
        return {"node": node, "listing": listing, "canonical_query": listing.pages.own_query}

    return show(request, "storefront/category.html", build, known=QUERY, known_prefix=PROPERTIES, fragment="results")
