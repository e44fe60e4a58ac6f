"""What can be done with a basket as a whole: choose all offers anew, share it, go on elsewhere, print it."""

from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.basket_count import remember_count
from orders.checkout import lines_hash
from orders.continuing import Contact, join_here, linked_basket, send_link
from orders.errors import BasketEmpty, LinkTooOften, OffersMoved
from orders.forms import ContactForm
from orders.models import Basket
from orders.models.basket import SESSION_KEY
from orders.moving_in import move_in
from orders.overview import BasketOverview
from orders.rechoosing import rechoose, restore
from orders.sharing import lines_today, share, shared_under, take_over
from shop.lib import limits
from shop.lib.client_address import client_address
from shop.lib.seller import seller
from vehicles.chosen import ShopRequest

# How the lines were before all offers were chosen anew, offered back while the basket stays as it is.
RECHOSEN = "basket_rechosen"


@require_POST
def basket_choice(request: ShopRequest) -> HttpResponse:
    """Choose all offers by one goal, as the page showed it; the next view offers the way back."""
    basket = Basket.objects.for_request(request)
    if basket is not None:
        try:
            before = rechoose(basket, request.POST.get("goal", ""), seen=request.POST.get("seen", ""))
        except OffersMoved as error:
            messages.warning(request, str(error))
        else:
            request.session[RECHOSEN] = {"before": before, "after": lines_hash(basket.read_lines())}
            remember_count(request, basket)
            messages.success(request, _("Обрали інші пропозиції."))
    return redirect("orders:basket")


@require_POST
def basket_choice_undo(request: ShopRequest) -> HttpResponse:
    """Take the last choice back."""
    basket = Basket.objects.for_request(request)
    kept = request.session.pop(RECHOSEN, None)
    if basket is not None and kept and restore(basket, kept["before"], after=kept["after"]):
        messages.success(request, _("Повернули, як було."))
    else:
        messages.warning(request, _("Кошик відтоді змінився, повернути вже нічого."))
    remember_count(request, basket)
    return redirect("orders:basket")


@require_POST
def basket_sharing(request: ShopRequest) -> HttpResponse:
    """Make a link to what the basket holds now; it is shown on the basket's page."""
    basket = Basket.objects.for_request(request)
    if basket is None:
        return redirect("orders:basket")
    try:
        shared = share(basket)
    except BasketEmpty as error:
        messages.error(request, str(error))
        return redirect("orders:basket")
    return redirect(f"{reverse('orders:basket')}?shared={shared.token}#share")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def basket_shared(request: ShopRequest, token: str) -> HttpResponse:
    """GET shows what is inside, at today's prices; POST puts it into the visitor's own basket."""
    shared = shared_under(token)
    if shared is None:
        raise Http404
    if request.method != "POST":
        lines = lines_today(shared)
        total = sum((line.offer.price * line.quantity for line in lines if line.offer), Decimal(0))
        return _private(render(request, "orders/basket_shared.html", {"lines": lines, "total": total}))
    basket = Basket.objects.for_request_or_new(request)
    count = take_over(shared, basket)
    remember_count(request, basket)
    if count:
        text = ngettext("У кошик додано %(count)d позицію.", "У кошик додано %(count)d позицій.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Усе, що ще продають, уже є у вашому кошику."))
    return redirect("orders:basket")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def basket_link(request: ShopRequest) -> HttpResponse:
    """Send the visitor a link to the basket, by SMS or e-mail: to go on with it elsewhere."""
    basket = Basket.objects.for_request(request)
    if basket is None or not basket.lines.exists():
        return redirect("orders:basket")
    if request.user.is_authenticated:
        # The basket of an account is on every device already.
        messages.info(request, _("Ваш кошик уже є на кожному пристрої, де ви ввійдете."))
        return redirect("orders:basket")
    if request.method != "POST":
        return render(request, "orders/basket_link.html", {"form": ContactForm()})
    form = ContactForm(request.POST)
    if not form.is_valid():
        return render(request, "orders/basket_link.html", {"form": form})
    contact = Contact(phone=form.cleaned_data["phone"], email=form.cleaned_data["email"])
    address = client_address(request)
    try:
        if limits.is_too_often("basket-link", address=address):
            raise LinkTooOften
        send_link(basket, contact, language=get_language() or "uk")
    except LinkTooOften as error:
        form.add_error(None, str(error))
        return render(request, "orders/basket_link.html", {"form": form}, status=HTTPStatus.TOO_MANY_REQUESTS)
    limits.count("basket-link", address=address)
    messages.success(request, _("Надіслали посилання. Відкрийте його там, де зручніше продовжити."))
    return redirect("orders:basket")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def basket_continued(request: ShopRequest, pk: int, ends_at: int, secret: str) -> HttpResponse:
    """GET shows what lies in the basket of the link; POST makes it the basket of this browser."""
    linked = linked_basket(pk, ends_at, secret)
    if linked is None:
        raise Http404
    if request.method != "POST":
        return _private(render(request, "orders/basket_continued.html", {"basket": BasketOverview.of(linked)}))
    if request.user.is_authenticated:
        basket = move_in(linked.pk, request.user) or linked
    else:
        basket = join_here(linked, Basket.objects.for_request(request))
    request.session[SESSION_KEY] = basket.pk
    remember_count(request, basket)
    return redirect("orders:basket")


@require_safe
@never_cache
def basket_quote(request: ShopRequest) -> HttpResponse:
    """The basket on plain paper: what, how many, how much, until when, from whom."""
    overview = BasketOverview.of(Basket.objects.for_request(request))
    if not overview.lines:
        return redirect("orders:basket")
    context: dict[str, Any] = {"basket": overview, "now": timezone.now(), "seller": seller()}
    return _private(render(request, "orders/basket_quote.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
