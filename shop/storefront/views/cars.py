"""The picker: make → model → generation → modification, each with an address of its own, and the choice itself."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.catalog.tree import category_tree_for_car, universal_tree
from vehicles.chosen import ShopRequest
from vehicles.models import Generation, Modification
from vehicles.queries import active_makes, generations_of, models_of, modifications_of, popular_makes


@require_safe
def makes(request: ShopRequest) -> HttpResponse:
    return _step(request, "makes", {"popular": popular_makes(), "makes": active_makes()})


@require_safe
def make(request: ShopRequest, make: str) -> HttpResponse:
    found = get_object_or_404(active_makes(), slug=make)
    return _step(request, "make", {"make": found, "models": models_of(found)})


@require_safe
def model(request: ShopRequest, make: str, model: str) -> HttpResponse:
    found = get_object_or_404(active_makes(), slug=make)
    found_model = get_object_or_404(models_of(found), slug=model)
    return _step(request, "model", {"make": found, "model": found_model, "generations": generations_of(found_model)})


@require_safe
def generation(request: ShopRequest, make: str, model: str, generation: str) -> HttpResponse:
    found = get_object_or_404(
        Generation.objects.select_related("model__make"),
        slug=generation,
        model__slug=model,
        model__make__slug=make,
        model__make__is_active=True,
    )
    context = {"make": found.model.make, "model": found.model, "generation": found}
    return _step(request, "generation", context | {"modifications": modifications_of(found)})


@require_safe
def modification(request: ShopRequest, make: str, model: str, generation: str, modification: str) -> HttpResponse:
    """One car: what it is, and the categories with parts for it."""
    car = get_object_or_404(
        Modification.objects.active().with_names(),
        slug=modification,
        generation__slug=generation,
        generation__model__slug=model,
        generation__model__make__slug=make,
        generation__model__make__is_active=True,
    )
    context = {"car": car, "categories": category_tree_for_car(car.pk), "universal": universal_tree()}
    return render(request, "storefront/modification.html", context | _way_back(request))


@require_POST
def chosen_car(request: ShopRequest) -> HttpResponse:
    """Remember a car, then go back to where the visitor was choosing from, else to the car's page."""
    pk = request.POST.get("modification", "")
    car = get_object_or_404(Modification.objects.active().with_names(), pk=pk if pk.isascii() and pk.isdigit() else 0)
    request.chosen.choose(car)
    messages.success(request, _("Обрано %(car)s. Тепер видно, що до нього підходить.") % {"car": car.short_name()})
    return _go(request, car.get_absolute_url())


@require_POST
def chosen_car_removal(request: ShopRequest) -> HttpResponse:
    request.chosen.forget()
    return _go(request, reverse("storefront:home"))


def _step(request: ShopRequest, step: str, context: dict[str, object]) -> HttpResponse:
    """A page of the picker; in place, htmx gets its list only."""
    template = f"storefront/cars/{step}.html"
    if request.htmx and not request.htmx.boosted:
        template += "#picker"
    return render(request, template, context | _way_back(request))


def _way_back(request: ShopRequest) -> dict[str, str]:
    """``next`` for the form, and ``next_query`` to hang on the links of the picker."""
    address = _own_address(request, request.GET.get("next", ""))
    return {"next": address, "next_query": f"?{urlencode({'next': address})}" if address else ""}


def _own_address(request: ShopRequest, address: str) -> str:
    """``address`` if it leads to this shop, else nothing."""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""


def _go(request: ShopRequest, otherwise: str) -> HttpResponseRedirect:
    return redirect(_own_address(request, request.POST.get("next", "")) or otherwise)
