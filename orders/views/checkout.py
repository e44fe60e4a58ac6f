"""The checkout: one page, one button, one order."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from orders.basket_count import remember_count
from orders.checkout_form import CheckoutForm
from orders.checkout_page import CHOOSING, checkout_context, customer_of, first_values, typed_values
from orders.errors import (
    BasketChanged,
    BasketEmpty,
    OfferChanged,
    OrderChanged,
    OrdersError,
    OutOfStock,
    PriceChanged,
    TermsChanged,
    TermsRefused,
    TooManyOrders,
)
from orders.models import ONLINE, Basket
from orders.overview import BasketOverview
from orders.placement import place_order
from orders.terms import check_terms
from shop.lib import limits
from shop.lib.client_address import client_address
from vehicles.chosen import ShopRequest


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: ShopRequest) -> HttpResponse:
    """Ask where to, how it is paid and who takes it, beside what it costs; POST places the order."""
    basket = Basket.objects.for_request(request)
    if basket is None:
        return redirect("orders:basket")
    if request.method != "POST":
        return _opened(request, basket)
    if "find" in request.POST:
        return _page(request, basket, CheckoutForm(initial=typed_values(request.POST)))
    if "fit" in request.POST:
        BasketOverview.of(basket).fit_to_stock()
        remember_count(request, basket)
        return _page(request, basket, CheckoutForm(initial=typed_values(request.POST)))
    form = CheckoutForm(request.POST)
    if not form.is_valid():
        return _page(request, basket, form)
    return _placed(request, basket, form)


@require_POST
@never_cache
def checkout_terms(request: ShopRequest) -> HttpResponse:
    """For htmx: another town, delivery or payment was chosen; ways, prices and sums anew. Nothing personal comes in."""
    basket = Basket.objects.for_request(request)
    context = basket and checkout_context(
        request, basket, CheckoutForm(initial={name: request.POST.get(name, "") for name in CHOOSING})
    )
    if not context or not context["basket"].lines:
        return HttpResponseClientRedirect(redirect("orders:basket").url)
    return render(request, "orders/checkout_terms.html", context)


def _opened(request: ShopRequest, basket: Basket) -> HttpResponse:
    overview = BasketOverview.of(basket)
    if not overview.can_be_ordered:
        return redirect("orders:basket")
    return _page(request, basket, CheckoutForm(initial=first_values(request, overview)))


def _placed(request: ShopRequest, basket: Basket, form: CheckoutForm) -> HttpResponse:
    customer = customer_of(request)
    checkout = form.checked(customer)
    # An old key places nothing new: the second press of the button finds its order, however many there were.
    is_counted = customer is None and checkout.key == basket.placement_key
    who = {"phone": checkout.phone, "address": client_address(request)}
    if is_counted and limits.is_too_often("guest-order", **who):
        return _page(request, basket, form, refusal=TooManyOrders())
    try:
        order = place_order(basket, checkout, shown_total=form.cleaned_data["shown_total"], check=check_terms(customer))
    except BasketEmpty as error:
        messages.error(request, str(error))
        return redirect("orders:basket")
    except TermsRefused as error:
        form.add_error(error.field, str(error))
        return _page(request, basket, form)
    except (BasketChanged, PriceChanged, OutOfStock, OrderChanged, OfferChanged, TermsChanged) as error:
        return _page(request, basket, form, refusal=error)
    if is_counted:
        limits.count("guest-order", **who)
    remember_count(request, basket)
    if order.payment_kind in ONLINE:
        return redirect("orders:payment", order.number, order.secret)
    return redirect(order.get_absolute_url())


def _page(
    request: ShopRequest, basket: Basket, form: CheckoutForm, *, refusal: OrdersError | None = None
) -> HttpResponse:
    context = checkout_context(request, basket, form, refusal=refusal)
    if not context["basket"].lines:
        # Placed already, from another tab or by the first of two clicks.
        if refusal:
            messages.error(request, str(refusal))
        return redirect("orders:basket")
    if context["is_too_often"]:
        return render(request, "orders/checkout.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    return render(request, "orders/checkout.html", context)
