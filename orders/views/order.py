"""The customer's page of one order, and what can be done from it. Whoever has the address has the order.

The site's Referrer-Policy, ``same-origin``, keeps the secret address from every other site. A stricter ``no-referrer``
would have browsers send ``Origin: null`` with this page's own forms, which the CSRF guard refuses.
"""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders.basket_count import remember_count
from orders.cancellation import cancel_order
from orders.capsule import capsule_of
from orders.errors import OrdersError
from orders.models import Basket, Order, OrderQuerySet
from orders.repeating import order_again
from orders.talk_form import TalkForm
from shop.lib.seller import seller
from vehicles.chosen import ShopRequest


@require_safe
@never_cache
def order(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Everything the customer may know about the order."""
    return order_page(request, order_or_404(number, secret, Order.objects.with_page_rows()), TalkForm())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def order_cancellation(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """GET asks whether it is meant; POST cancels. The second time, and too late, it says so."""
    found = order_or_404(number, secret, Order.objects.with_page_rows())
    capsule = capsule_of(found)
    if request.method == "POST":
        try:
            cancel_order(found)
        except OrdersError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Замовлення скасовано. Підтвердження надіслали на пошту."))
        return redirect(found.get_absolute_url())
    if not capsule.is_cancellable:
        return redirect(found.get_absolute_url())
    return _private(render(request, "orders/order_cancellation.html", {"order": found, "money": capsule.money}))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def order_repetition(request: ShopRequest, number: str, secret: str) -> HttpResponse:
    """Put the same parts into the visitor's basket at today's prices; the second press adds nothing."""
    found = order_or_404(number, secret, Order.objects.all())
    if request.method != "POST":
        return redirect(found.get_absolute_url())
    basket = Basket.objects.for_request_or_new(request)
    repeated = order_again(found, basket)
    remember_count(request, basket)
    for line in repeated.gone:
        messages.warning(
            request,
            _("Зараз немає в продажу: %(name)s %(brand)s %(number)s.")
            % {"name": line.name, "brand": line.brand_name, "number": line.article_number},
        )
    if not repeated.put_in:
        return redirect(found.get_absolute_url())
    count = len(repeated.put_in)
    text = ngettext(
        "У кошику %(count)d позиція з того замовлення, за сьогоднішньою ціною.",
        "У кошику %(count)d позицій з того замовлення, за сьогоднішніми цінами.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect("orders:basket")


def order_page(
    request: HttpRequest, found: Order, form: TalkForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """The page with ``form`` to write to the manager: empty, or with what is wrong in it."""
    capsule = capsule_of(found)
    context = {"order": found, "capsule": capsule, "money": capsule.money, "form": form, "seller": seller()}
    return _private(render(request, "orders/order.html", context, status=status))


def order_or_404(number: str, secret: str, orders: OrderQuerySet) -> Order:
    """A wrong number and a wrong secret are the same "not found"."""
    found = orders.under_secret(number, secret)
    if found is None:
        raise Http404
    return found


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
