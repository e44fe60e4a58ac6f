"""One field for everything: a VIN, numbers in any spelling, words, a pasted list."""

from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shop.catalog.frame import frame
from shop.catalog.search import by_number
from shop.lib.version import catalogue_version, pinned
from shop.storefront.filters import PROPERTIES, QUERY
from shop.storefront.hints import hints_for
from shop.storefront.page import Context, show
from shop.storefront.results import search as find
from vehicles.chosen import ShopRequest
from vehicles.vin import read_car_number


@require_safe
def search(request: ShopRequest) -> HttpResponse:
    """Always a page, even for one exact hit: its replacements are under it, and going back works as expected.

    A VIN or frame number goes on to the page that asks for the car, and leaves the address at once.
    """
    text = request.GET.get("q", "")
    # Brand and number may have seventeen letters too: what the shop knows is a number.
    if (car_number := read_car_number(text)) and not by_number(text).how:
        request.chosen.look_up(car_number)
        return redirect("storefront:vin")
    if len(text.splitlines()) > 1:
        return redirect(f"{reverse('storefront:number_list')}?{urlencode({'q': text})}")

    def build(query: QueryDict) -> Context:
        results = find(query, request.chosen.car)
        return {"results": results, "roots": frame().roots if not results.text else []}

    return show(
        request,
        "storefront/search.html",
        build,
        known=QUERY | {"q"},
        known_prefix=PROPERTIES,
        fragment="results",
    )


@require_safe
@cache_control(private=True, max_age=60)
def hints(request: ShopRequest) -> HttpResponse:
    """Rows under the search field while somebody types; htmx puts them there."""
    with pinned(catalogue_version()):
        groups = hints_for(request.GET.get("q", ""))
    return render(request, "storefront/search_hints.html", {"groups": groups})
