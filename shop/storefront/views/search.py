"""One field for everything: numbers in any spelling, and words."""

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from shop.catalog.frame import frame
from shop.storefront.page import Context, show
from shop.storefront.results import search as find
from vehicles.chosen import ShopRequest


@require_safe
def search(request: ShopRequest) -> HttpResponse:
    """Always a page, even for one exact hit: its replacements are under it, and going back works as expected."""

    def build(query: QueryDict) -> Context:
        results = find(query, request.chosen.car)
        return {"results": results, "roots": frame().roots if not results.text else []}

    return show(request, "storefront/search.html", build, known=("all_cars", "page", "q"))
