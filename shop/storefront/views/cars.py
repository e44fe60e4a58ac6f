"""The picker: make → model → generation → modification, each with an address of its own, and the choice itself."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.storefront.departments import departments_for_car, universal_departments
from shop.storefront.page import Context, show
from vehicles.chosen import ShopRequest
from vehicles.models import Generation, Modification
from vehicles.queries import active_makes, generations_of, models_of, modifications_of, popular_makes


@require_safe
def makes(request: ShopRequest) -> HttpResponse:
    return _step(request, "makes", lambda: {"popular": popular_makes(), "makes": active_makes()})


@require_safe
def make(request: ShopRequest, make: str) -> HttpResponse:
    def build() -> Context:
        found = get_object_or_404(active_makes(), slug=make)
        return {"make": found, "models": models_of(found)}

    return _step(request, "make", build)


@require_safe
def model(request: ShopRequest, make: str, model: str) -> HttpResponse:
    def build() -> Context:
        found_make = get_object_or_404(active_makes(), slug=make)
        found = get_object_or_404(models_of(found_make), slug=model)
        return {"make": found_make, "model": found, "generations": generations_of(found)}

    return _step(request, "model", build)


@require_safe
def generation(request: ShopRequest, make: str, model: str, generation: str) -> HttpResponse:
    def build() -> Context:
        found = get_object_or_404(
            Generation.objects.select_related("model__make"),
            slug=generation,
            model__slug=model,
            model__make__slug=make,
            model__make__is_active=True,
        )
        context = {"make": found.model.make, "model": found.model, "generation": found}
        return context | {"modifications": modifications_of(found), "chosen": request.chosen.id}

    return _step(request, "generation", build)


@require_safe
def modification(request: ShopRequest, make: str, model: str, generation: str, modification: str) -> HttpResponse:
    """One car: what it is, and the categories with parts for it."""

    def build(query: QueryDict) -> Context:
        car = get_object_or_404(
            Modification.objects.active().with_names(),
            slug=modification,
            generation__slug=generation,
            generation__model__slug=model,
            generation__model__make__slug=make,
            generation__model__make__is_active=True,
        )
        context = {"car": car, "is_chosen": car.pk == request.chosen.id, "next": query.get("next", "")}
        return context | {"departments": departments_for_car(car.pk), "universal": universal_departments()}

    return show(request, "storefront/cars/modification.html", build, known=["next"])


@require_POST
def chosen_car(request: ShopRequest) -> HttpResponse:
    """Remember a car, then go back to where the visitor was choosing from, else to the car's page."""
    pk = request.POST.get("modification", "")
    known = pk if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    car = get_object_or_404(Modification.objects.active().with_names(), pk=known)
    request.chosen.choose(car)
    messages.success(request, _("Обрано %(car)s. Тепер видно, що до нього підходить.") % {"car": car.short_name()})
    return _go(request, car.get_absolute_url())


@require_POST
def chosen_car_removal(request: ShopRequest) -> HttpResponse:
    request.chosen.forget()
    return _go(request, reverse("storefront:home"))


def _step(request: ShopRequest, step: str, build: Callable[[], Context]) -> HttpResponse:
    """A page of the picker; in place, htmx gets the list only."""

    def whole(query: QueryDict) -> Context:
        address = query.get("next", "")
        return {**build(), "next": address, "next_query": f"?{urlencode({'next': address})}" if address else ""}

    return show(request, f"storefront/cars/{step}.html", whole, known=["next"], fragment="picker")


def _go(request: ShopRequest, otherwise: str) -> HttpResponseRedirect:
    """To ``next`` if it leads to this shop, else ``otherwise``."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(address if is_ours else otherwise)
