"""The first page."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override

from shop.catalog.tree import category_tree
from vehicles.chosen import ShopRequest
from vehicles.queries import popular_makes


def home(request: ShopRequest) -> HttpResponse:
    """Search, the car, the categories. Somebody who chose English once lands on the English page, from here only."""
    remembered = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if get_language() == settings.LANGUAGE_CODE and remembered in dict(settings.LANGUAGES):
        with override(remembered):
            address = reverse("storefront:home")
        if address != request.path:
            return HttpResponseRedirect(address)
    return render(request, "storefront/home.html", {"makes": popular_makes(), "categories": category_tree()})
