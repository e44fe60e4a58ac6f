"""A car by its VIN. The number comes by POST and stays in the sealed cookie: never in an address, never in a log."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vehicles.chosen import ShopRequest
from vehicles.forms import VinForm
from vehicles.vin import CheckDigit, read_vin
from vehicles.vin_candidates import candidates


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vin(request: ShopRequest) -> HttpResponse:
    """Which cars a VIN may be. The buyer confirms one, or goes on in the picker from where the VIN ends."""
    if request.method == "POST":
        form = VinForm(request.POST)
        if not form.is_valid():
            return render(request, "storefront/cars/vin.html", {"form": form})
        request.chosen.look_up(form.cleaned_data["vin"], keeps=form.cleaned_data["keep"])
        if (reading := read_vin(form.data["vin"])) and reading.corrected:
            text = _("Літер %(letters)s у VIN не буває, тож ми прочитали їх як цифри. Звірте номер у полі.")
            messages.info(request, text % {"letters": ", ".join(reading.corrected)})
        return redirect("storefront:vin")
    asked = request.chosen.vin
    form = VinForm(initial={"vin": asked, "keep": request.chosen.kept.keeps_vin} if asked else None)
    context: dict[str, Any] = {"form": form, **(_found(asked) if asked else {})}
    return render(request, "storefront/cars/vin.html", context)


def _found(asked: str) -> dict[str, Any]:
    reading = read_vin(asked)
    if reading is None:
        return {"frame_number": asked}
    found = candidates(reading)
    return {
        "reading": reading,
        "is_wrong": reading.check_digit == CheckDigit.WRONG,
        "found": found,
        "year_query": f"?year={found.year}" if found.year else "",
    }
