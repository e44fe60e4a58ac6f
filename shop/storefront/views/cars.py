"""The picker: make → model → generation → modification, each with an address of its own, and the choice itself.

``year`` narrows what is offered; ``next`` is the page that waits for the choice. Both go along from step to step.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.catalog.frame import frame
from shop.catalog.models import Category
from shop.storefront.departments import departments_for_car, departments_for_cars, universal_departments
from shop.storefront.page import Context, show
from vehicles.chosen import ShopRequest
from vehicles.garage import LIMIT, GarageFull
from vehicles.models import Generation, Modification
from vehicles.queries import active_makes, generations_of, models_of, modifications_of, popular_makes, years_of

# Nothing older is on the road, and no number of a year is shorter or longer.
_FIRST_YEAR = 1950


@require_safe
def makes(request: ShopRequest) -> HttpResponse:
    return _step(request, "makes", lambda year: {"popular": popular_makes(), "makes": active_makes()})


@require_safe
def make(request: ShopRequest, make: str) -> HttpResponse:
    def build(year: int | None) -> Context:
        found = get_object_or_404(active_makes(), slug=make)
        cars = Modification.objects.active().filter(generation__model__make=found)
        return {"make": found, "models": models_of(found, year=year), **_around(found.name, cars, request.path)}

    return _step(request, "make", build)


@require_safe
def model(request: ShopRequest, make: str, model: str) -> HttpResponse:
    def build(year: int | None) -> Context:
        found_make = get_object_or_404(active_makes(), slug=make)
        found = get_object_or_404(models_of(found_make), slug=model)
        cars = Modification.objects.active().filter(generation__model=found)
        context = {"make": found_make, "model": found, "generations": generations_of(found, year=year)}
        return {**context, **_around(f"{found_make.name} {found.name}", cars, request.path)}

    return _step(request, "model", build)


@require_safe
def generation(request: ShopRequest, make: str, model: str, generation: str) -> HttpResponse:
    def build(year: int | None) -> Context:
        found = get_object_or_404(
            Generation.objects.select_related("model__make"),
            slug=generation,
            model__slug=model,
            model__make__slug=make,
            model__make__is_active=True,
        )
        context = {"make": found.model.make, "model": found.model, "generation": found, "chosen": request.chosen.id}
        cars = Modification.objects.active().filter(generation=found)
        return {
            **context,
            "modifications": modifications_of(found, year=year),
            **_around(f"{found.model.make.name} {found.model.name} {found.name}", cars, request.path),
        }

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
    """Shop for a car, new or from the garage; then back to where the visitor was, else to the car's page."""
    if kept := request.chosen.choose_from_garage(_number(request.POST.get("garage")) or 0):
        car = kept.car
    else:
        car = get_object_or_404(
            Modification.objects.active().with_names(), pk=_number(request.POST.get("modification"))
        )
        try:
            request.chosen.choose(car)
        except GarageFull:
            text = _("У гаражі вже %(count)s авто, тож це авто обрано, але не збережено. Приберіть зайві.")
            messages.warning(request, text % {"count": LIMIT})
    messages.success(request, _("Обрано %(car)s. Тепер видно, що до нього підходить.") % {"car": car.short_name()})
    return _go(request, car.get_absolute_url())


@require_POST
def chosen_car_removal(request: ShopRequest) -> HttpResponse:
    """Shop for no car; the garage stays as it is."""
    request.chosen.forget()
    return _go(request, reverse("storefront:home"))


def _step(request: ShopRequest, step: str, build: Callable[[int | None], Context]) -> HttpResponse:
    """A page of the picker; in place, htmx gets the list only."""

    def whole(query: QueryDict) -> Context:
        address, year = query.get("next", ""), _year(query.get("year", ""))
        along = {"year": str(year)} if year else {}
        if address:
            along["next"] = address
        context = build(year)
        return {
            **context,
            "next": address,
            "year": year,
            "next_query": f"?{urlencode(along)}" if along else "",
            "any_year_query": f"?{urlencode({'next': address})}" if address else "",
            "year_ends": f"&{urlencode({'next': address})}" if address else "",
            "waiting": _waiting(address),
        }

    return show(request, f"storefront/cars/{step}.html", whole, known=["next", "year"], fragment="picker")


def _around(name: str, cars: QuerySet[Modification], address: str) -> Context:
    """What the page of a make, model or generation says besides its list: years to narrow it by, doors with parts."""
    rows = list(cars.order_by().values_list("pk", "produced_from", "produced_to"))
    return {
        "name": name,
        "years": years_of((first, last) for _pk, first, last in rows),
        "departments": departments_for_cars([pk for pk, *_span in rows], picker=address),
    }


def _waiting(address: str) -> Category | None:
    """The category whose parts the visitor wanted when the picker was asked for a car."""
    try:
        match = resolve(urlsplit(address).path)
    except (ValueError, Resolver404):
        return None
    node = frame().by_slug.get(match.kwargs.get("slug", "")) if match.view_name == "storefront:category" else None
    return node.category if node else None


def _year(text: str) -> int | None:
    year = _number(text) if len(text) == 4 else None
    return year if year and _FIRST_YEAR <= year <= timezone.localdate().year + 1 else None


def _number(text: str | None) -> int | None:
    """A key or a year; what somebody made up is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _go(request: ShopRequest, otherwise: str) -> HttpResponseRedirect:
    """To ``next`` if it leads to this shop, else ``otherwise``."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(address if is_ours else otherwise)
