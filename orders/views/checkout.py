"""The checkout: one page, one button, one order."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders.basket_count import remember_count
from orders.checkout import lines_hash
from orders.checkout_form import CheckoutForm, car_text
from orders.delivery_choice import DeliveryChoice
from orders.errors import BasketChanged, BasketEmpty, OrderChanged, OrdersError, OutOfStock, PriceChanged, TooManyOrders
from orders.models import Basket
from orders.overview import BasketOverview
from orders.placement import place_order
from shop.delivery.places import stores
from shop.lib import limits
from shop.lib.client_address import client_address
from vehicles.chosen import ShopRequest


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: ShopRequest) -> HttpResponse:
    """Ask who takes the parcel, where and how it is paid, beside what it costs; POST places the order."""
    basket = Basket.objects.for_request(request)
    if basket is None:
        return redirect("orders:basket")
    if request.method != "POST":
        return _opened(request, basket)
    if "find" in request.POST:
        return _page(request, basket, CheckoutForm(initial=_typed(request.POST)))
    if "fit" in request.POST:
        BasketOverview.of(basket).fit_to_stock()
        remember_count(request, basket)
        return _page(request, basket, CheckoutForm(initial=_typed(request.POST)))
    form = CheckoutForm(request.POST)
    if not form.is_valid():
        return _page(request, basket, form)
    return _placed(request, basket, form)


@require_safe
@never_cache
def pickup_points(request: ShopRequest) -> HttpResponse:
    """The towns that begin as typed, or the points of the one chosen: a fragment of the checkout."""
    choice = DeliveryChoice.of(request.GET.get("town", ""), request.GET.get("settlement", ""))
    return render(request, "orders/pickup_points.html", {"choice": choice, "form": CheckoutForm()})


def _opened(request: ShopRequest, basket: Basket) -> HttpResponse:
    if not BasketOverview.of(basket).can_be_ordered:
        return redirect("orders:basket")
    return _page(request, basket, CheckoutForm(initial={"car": car_text(request.chosen)}))


def _placed(request: ShopRequest, basket: Basket, form: CheckoutForm) -> HttpResponse:
    checkout = form.checked(request.chosen)
    # An old key places nothing new: the second press of the button finds its order, however many there were.
    is_counted = request.user.is_anonymous and checkout.key == basket.placement_key
    who = {"phone": checkout.phone, "address": client_address(request)}
    if is_counted and limits.is_too_often("guest-order", **who):
        return _page(request, basket, form, refusal=TooManyOrders())
    try:
        order = place_order(basket, checkout, shown_total=form.cleaned_data["shown_total"])
    except BasketEmpty as error:
        messages.error(request, str(error))
        return redirect("orders:basket")
    except (BasketChanged, PriceChanged, OutOfStock, OrderChanged) as error:
        return _page(request, basket, form, refusal=error)
    if is_counted:
        limits.count("guest-order", **who)
    remember_count(request, basket)
    return redirect(order.get_absolute_url())


def _page(
    request: ShopRequest, basket: Basket, form: CheckoutForm, *, refusal: OrdersError | None = None
) -> HttpResponse:
    overview = BasketOverview.of(basket)
    if not overview.lines:
        # Placed already, from another tab or by the first of two clicks.
        if refusal:
            messages.error(request, str(refusal))
        return redirect("orders:basket")
    if refusal is None and _is_changed_elsewhere(request, overview):
        refusal = BasketChanged()
    # The page shows old and new; sending it once more is the agreement.
    changes = [(shown, shown.line.price_seen, shown.checked.price) for shown in overview.changed]
    overview.agree()
    basket.refresh_from_db(fields=["placement_key"])
    context: dict[str, Any] = {
        "form": form,
        "basket": overview,
        "changes": changes,
        "refusal": refusal,
        "is_too_often": isinstance(refusal, TooManyOrders),
        "key": basket.placement_key,
        "shown_total": str(overview.total),
        "shown_lines": lines_hash(shown.line for shown in overview.lines),
        "choice": DeliveryChoice.of(str(form["town"].value() or ""), str(form["settlement"].value() or "")),
        "stores": stores(),
    }
    if context["is_too_often"]:
        return render(request, "orders/checkout.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    return render(request, "orders/checkout.html", context)


def _is_changed_elsewhere(request: ShopRequest, overview: BasketOverview) -> bool:
    """Whether the page that was sent showed other lines; a look for a town or a mistyped name may not hide that."""
    if request.method != "POST" or "fit" in request.POST:
        return False
    return request.POST.get("shown_lines") != lines_hash(shown.line for shown in overview.lines)


def _typed(data: QueryDict) -> dict[str, str]:
    return {name: str(data[name]) for name in CheckoutForm.base_fields if name in data}
