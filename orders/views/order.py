"""The customer's page of one order, and cancelling from it. Whoever has the address has the order."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders.cancellation import cancel_order
from orders.errors import WrongStatus
from orders.fits import ordered_lines
from orders.models import Order, OrderQuerySet
from orders.payments.overview import payment_overview
from orders.timeline import timeline
from shop.lib.seller import seller


@require_safe
@never_cache
def order(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Everything the customer may know about the order."""
    found = _order_or_404(number, secret, Order.objects.with_page_rows())
    return _private(
        render(
            request,
            "orders/order.html",
            {
                "order": found,
                "goods": ordered_lines(found),
                "steps": timeline(found),
                "money": payment_overview(found),
                "seller": seller(),
            },
        )
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def order_cancellation(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """GET asks whether it is meant; POST cancels. The second time, and too late, it says so."""
    found = _order_or_404(number, secret, Order.objects.with_page_rows())
    if request.method == "POST":
        try:
            cancel_order(found)
        except WrongStatus as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Замовлення скасовано. Підтвердження надіслали на пошту."))
        return redirect(found.get_absolute_url())
    if not found.is_cancellable:
        return redirect(found.get_absolute_url())
    return _private(render(request, "orders/order_cancellation.html", {"order": found, "seller": seller()}))


def _order_or_404(number: str, secret: str, orders: OrderQuerySet) -> Order:
    """A wrong number and a wrong secret are the same "not found"."""
    found = orders.under_secret(number, secret)
    if found is None:
        raise Http404
    return found


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
