"""Tell me when it is back: the form, and the way out."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Customer, StockWatch
from orders.checkout_form import is_id
from orders.checkout_page import customer_of
from orders.errors import TooManyWatches
from orders.stock_watching import Wish, stop, watch, withdraw
from orders.watch_form import CustomerWatchForm, GuestWatchForm
from shop.catalog.models import Part
from shop.lib import limits
from shop.lib.client_address import client_address
from vehicles.chosen import ShopRequest


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stock_watch(request: ShopRequest) -> HttpResponse:
    """``part`` is the part's id; what is there already needs no waiting for."""
    asked = (request.POST if request.method == "POST" else request.GET).get("part", "")
    part = get_object_or_404(Part.objects.active().select_related("brand"), pk=int(asked) if is_id(asked) else 0)
    customer = customer_of(request)
    form = _form(request, customer)
    if request.method != "POST" or not form.is_valid():
        return render(request, "orders/stock_watch.html", {"part": part, "form": form})
    channel, receiver = form.chosen()
    address = "" if customer else client_address(request)
    wish = Wish(part, channel, receiver, get_language() or "uk", "orders:stock_watch")
    try:
        if limits.is_too_often("stock-watch", address=address):
            raise TooManyWatches
        watch(wish, customer=customer)
    except TooManyWatches as refusal:
        form.add_error(None, str(refusal))
        status = HTTPStatus.TOO_MANY_REQUESTS
        return render(request, "orders/stock_watch.html", {"part": part, "form": form}, status=status)
    limits.count("stock-watch", address=address)
    messages.success(request, _("Напишемо, щойно деталь з’явиться. Один раз, без реклами."))
    return redirect("storefront:part", part.brand.slug, part.article_key)


@csrf_exempt  # mail programs post here by themselves: no cookie, no token but the one in the address
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stock_watch_removal(request: ShopRequest, pk: int, secret: str) -> HttpResponse:
    """From the message: GET asks and changes nothing, POST ends it. A wrong address gets the very same answers."""
    is_done = request.method == "POST"
    if is_done:
        stop(pk, secret, page="orders:stock_watch_removal")
    response = render(request, "orders/stock_watch_removal.html", {"is_done": is_done})
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_http_methods(["POST"])
def own_watch_removal(request: ShopRequest, pk: int) -> HttpResponse:
    """From the account: one press."""
    customer = customer_of(request)
    if customer is None:
        raise Http404
    found = get_object_or_404(StockWatch, pk=pk, customer=customer)
    if withdraw(found, page="storefront:account"):
        messages.success(request, _("Більше не чекаємо на цю деталь."))
    return redirect("storefront:account")


def _form(request: ShopRequest, customer: Customer | None) -> GuestWatchForm | CustomerWatchForm:
    data = request.POST if request.method == "POST" else None
    return CustomerWatchForm(data, customer=customer) if customer else GuestWatchForm(data)
