"""The garage: several cars, one of them shopped for. Personal pages: nothing of them is kept in a cache."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from vehicles.chosen import ShopRequest
from vehicles.forms import GarageCarForm
from vehicles.garage import LIMIT, GarageCar, find


@dataclass(frozen=True)
class _Place:
    car: GarageCar
    is_chosen: bool
    form: GarageCarForm


@never_cache
@require_safe
def garage(request: ShopRequest) -> HttpResponse:
    return _page(request)


@never_cache
@require_POST
def garage_car(request: ShopRequest, key: int) -> HttpResponse:
    """Another name or VIN for a car; an empty VIN takes it away."""
    found = find(request.chosen.garage, key)
    if found is None:
        raise Http404
    form = GarageCarForm(request.POST, auto_id=f"car-{key}-%s")
    if not form.is_valid():
        return _page(request, wrong={key: form})
    request.chosen.garage.describe(key, **form.cleaned_data)
    messages.success(request, _("Записано."))
    return redirect("storefront:garage")


@require_POST
def garage_car_removal(request: ShopRequest, key: int) -> HttpResponse:
    if found := find(request.chosen.garage, key):
        request.chosen.remove(key)
        messages.success(request, _("«%(car)s» прибрано з гаража.") % {"car": found.label})
    return redirect("storefront:garage")


def _page(request: ShopRequest, *, wrong: dict[int, GarageCarForm] | None = None) -> HttpResponse:
    places = [
        _Place(car, car.key == request.chosen.key, (wrong or {}).get(car.key) or _form(car))
        for car in request.chosen.garage.cars()
    ]
    context = {"places": places, "limit": LIMIT, "is_full": len(places) >= LIMIT}
    return render(request, "storefront/cars/garage.html", context)


def _form(car: GarageCar) -> GarageCarForm:
    return GarageCarForm(initial={"name": car.name, "vin": car.vin}, auto_id=f"car-{car.key}-%s")
