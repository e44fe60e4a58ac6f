"""The first page."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from shop.catalog.companions import repair_jobs
from shop.storefront.departments import departments, departments_for_car, universal_departments
from shop.storefront.page import Context, show
from vehicles.chosen import ShopRequest
from vehicles.queries import popular_makes


@require_safe
def home(request: ShopRequest) -> HttpResponse:
    """Search, the car, the categories. Somebody who chose English once lands on the English page, from here only."""
    remembered = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if get_language() == settings.LANGUAGE_CODE and remembered in dict(settings.LANGUAGES):
        with override(remembered):
            address = reverse("storefront:home")
        if address != request.path:
            return HttpResponseRedirect(address)
    return show(request, "storefront/home.html", lambda query: _context(request))


def _context(request: ShopRequest) -> Context:
    jobs = [job.job for job in repair_jobs().values()]
    if car := request.chosen.car:
        mine = {"departments": departments_for_car(car.pk), "universal": universal_departments()}
        return {"car": car, "jobs": jobs, **mine}
    return {"makes": popular_makes(), "jobs": jobs, "departments": departments()}
