"""Repairs as people name them, and the parts that each takes for the chosen car."""

from django.http import Http404, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from shop.catalog.companions import repair_jobs
from shop.storefront.page import Context, show
from shop.storefront.repairs import parts_for
from vehicles.chosen import ShopRequest


@require_safe
def jobs(request: ShopRequest) -> HttpResponse:
    return show(
        request,
        "storefront/jobs.html",
        lambda query: {"jobs": [job.job for job in repair_jobs().values()], "car": request.chosen.car},
    )


@require_safe
def job(request: ShopRequest, slug: str) -> HttpResponse:
    """The form puts all chosen parts into the basket at once."""

    def build(query: QueryDict) -> Context:
        found = repair_jobs().get(slug)
        if found is None:
            raise Http404
        car = request.chosen.car
        return {"job": found.job, "car": car, "parts": parts_for(found, car), "here": found.job.get_absolute_url()}

    return show(request, "storefront/job.html", build)
