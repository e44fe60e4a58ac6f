"""The basket: what is in it, at what price, and when it comes; every change is a plain form."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from orders.basket_count import remember_count
from orders.checkout import lines_hash
from orders.forms import AddingForm, QuantityForm
from orders.models import MAX_LINES, Basket, BasketLine, SharedBasket
from orders.overview import BasketOverview
from orders.rechoosing import plans
from orders.views.basket_ways import RECHOSEN
from shop.catalog.fitment import fit_of
from shop.catalog.models import Part
from shop.offers.companions import Needed, needed_with
from vehicles.chosen import ShopRequest

# What was taken out last, offered back on the next view of the basket.
_REMOVED = "basket_removed"


@require_safe
@never_cache
def basket(request: ShopRequest) -> HttpResponse:
    """Lines, their current prices and arrivals."""
    return _basket_page(request, Basket.objects.for_request(request))


@require_POST
def basket_lines(request: ShopRequest) -> HttpResponse:
    """Put a part into the basket, for the chosen car."""
    form = AddingForm(request.POST)
    current = Basket.objects.for_request(request)
    if current and current.lines.count() >= MAX_LINES:
        return _refuse(request, _("У кошику вже сто різних позицій. Оформіть їх, а решту замовте окремо."))
    if not form.is_valid():
        spoken = form.non_field_errors() or [_("Не вдалося додати деталь: спробуйте ще раз зі сторінки деталі.")]
        return _refuse(request, str(spoken[0]))
    offer = form.cleaned_data["offer"]
    car = form.cleaned_data["modification"] or request.chosen.car
    if not form.cleaned_data["modification"] and not form.cleaned_data["is_sure"] and car:
        answer = fit_of(offer.part, car)
        if answer.needs_a_second_thought:
            return _ask(request, {"offer": offer, "car": car, "fit": answer, "quantity": form.cleaned_data["quantity"]})
    current = Basket.objects.for_request_or_new(request)
    current.add(offer, quantity=form.cleaned_data["quantity"], car=car)
    request.session.pop(_REMOVED, None)
    count = remember_count(request, current)
    if request.htmx and request.htmx.target != "basket-lines":
        needed = needed_with([offer.part.category_id], car, without=current.category_ids())
        return _around(request, {"part": offer.part, "count": count, "needed": needed})
    if request.htmx:
        return _basket_page(request, current)
    messages.success(request, _("Додано в кошик: %(part)s") % {"part": f"{offer.part.name} {offer.part}"})
    return redirect("orders:basket")


@require_POST
def basket_line(request: ShopRequest, pk: int) -> HttpResponse:
    """Set the quantity of one line; without JavaScript it is a plain form."""
    current = Basket.objects.for_request(request)
    line = _own_line(current, pk)
    form = QuantityForm(request.POST)
    if not form.is_valid():
        return _basket_page(request, current, wrong={line.pk: form})
    line.quantity = form.cleaned_data["quantity"]
    line.save(update_fields=["quantity"])
    return _changed(request, current)


@require_POST
def basket_line_removal(request: ShopRequest, pk: int) -> HttpResponse:
    """Take a line out; the next view offers it back."""
    current = Basket.objects.for_request(request)
    line = _own_line(current, pk)
    request.session[_REMOVED] = {
        "part": line.part_id,
        "warehouse": line.warehouse_id,
        "quantity": line.quantity,
        "modification": line.modification_id,
    }
    line.delete()
    return _changed(request, current)


@require_POST
def basket_agreement(request: ShopRequest) -> HttpResponse:
    """The customer has seen the new prices, up to the sum that the page showed, and agrees."""
    current = Basket.objects.for_request(request)
    if current:
        overview = BasketOverview.of(current)
        if request.POST.get("total") == str(overview.total):
            overview.agree()
        else:
            messages.warning(request, _("Ціни щойно змінилися ще раз. Погляньте на нову суму."))
    return _changed(request, current)


def _own_line(current: Basket | None, pk: int) -> BasketLine:
    """A stranger's line is as absent as one that never was."""
    return get_object_or_404(BasketLine.objects.filter(basket=current, basket__isnull=False), pk=pk)


def _changed(request: ShopRequest, current: Basket | None) -> HttpResponse:
    remember_count(request, current)
    if request.htmx:
        return _basket_page(request, current)
    return redirect("orders:basket")


def _needed(overview: BasketOverview, request: ShopRequest) -> list[Needed]:
    """What goes with the parts in the basket and is not there yet."""
    inside = list(dict.fromkeys(shown.line.part.category_id for shown in reversed(overview.lines)))
    return needed_with(inside, request.chosen.car, without=inside)


def _ways(request: ShopRequest, current: Basket, overview: BasketOverview) -> dict[str, Any]:
    """All offers chosen anew, the way back from that, and the link that was just made to share."""
    ways: dict[str, Any] = {"plans": plans(overview)}
    if kept := request.session.get(RECHOSEN):
        if kept["after"] == lines_hash(shown.line for shown in overview.lines):
            ways["is_rechosen"] = True
        else:
            del request.session[RECHOSEN]
    if token := request.GET.get("shared"):
        shared = SharedBasket.objects.filter(basket=current, token=token[:24].replace("\x00", "")).first()
        if shared:
            path = reverse("orders:basket_shared", args=[shared.token])
            ways["shared_address"] = f"{settings.PUBLIC_URL}{path}"
    return ways


def _ask(request: ShopRequest, context: dict[str, Any]) -> HttpResponse:
    """Nobody lists the part for the car: a page asks whether it is meant, for htmx a dialog over the page."""
    if not request.htmx:
        return render(request, "orders/asking.html", context)
    response = render(request, "orders/asking.html#dialog", context)
    response["HX-Reswap"] = "none"
    return response


def _around(request: ShopRequest, context: dict[str, Any]) -> HttpResponse:
    """For htmx on other pages: the header's count and a notice change, the page stays."""
    response = render(request, "orders/added.html", context)
    response["HX-Reswap"] = "none"
    return response


def _refuse(request: ShopRequest, text: str) -> HttpResponse:
    messages.error(request, text)
    if request.htmx and request.htmx.target != "basket-lines":
        return _around(request, {})
    return redirect("orders:basket")


def _basket_page(
    request: ShopRequest, current: Basket | None, *, wrong: dict[int, QuantityForm] | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"basket": BasketOverview.of(current, wrong=wrong or {})}
    context["count"] = remember_count(request, current)
    if current:
        context["needed"] = _needed(context["basket"], request)
        context |= _ways(request, current, context["basket"])
    if removed := request.session.pop(_REMOVED, None):
        context["removed"] = removed
        context["removed_part"] = Part.objects.with_names().filter(pk=removed["part"]).first()
    template = "orders/basket.html#lines" if request.htmx else "orders/basket.html"
    return render(request, template, context)
