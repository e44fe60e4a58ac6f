"""A paper of an order as PDF, under the order's secret address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.models import Order
from orders.papers import available_papers, paper
from orders.views.order import order_or_404


@require_safe
@never_cache
def order_paper(request: HttpRequest, number: str, secret: str, kind: str) -> HttpResponse:
    """Only what the customer's page offers; anything else is as unknown as a wrong secret."""
    found = order_or_404(number, secret, Order.objects.prefetch_related("shipments"))
    made = paper(found, kind) if kind in {each.kind for each in available_papers(found)} else None
    if made is None:
        raise Http404
    return pdf_response(made, f"{kind}-{found.number}")


def pdf_response(made: bytes, name: str) -> HttpResponse:
    """Shown in the browser, saved under ``name``; never cached or listed."""
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "X-Robots-Tag": "noindex, nofollow",
            "X-Content-Type-Options": "nosniff",
        },
    )
