"""Paying for an order: the page under its secret address, leaving for a provider's page, and coming back from it."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.csp import CSP, build_policy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from orders.errors import NothingToPay, OrdersError, PaymentWayClosed
from orders.models import ONLINE, Order, PaymentStatus
from orders.payments.calling import origin
from orders.payments.overview import payment_overview
from orders.payments.polling import ask_now
from orders.payments.registry import page_hosts, provider_of
from orders.payments.starting import choose_invoice, return_address, returned_payment, start_payment

# Orders this visitor began to pay for: coming back, they are led to the order's own page.
_SESSION = "paying"
_MOST_REMEMBERED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def payment(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """GET shows what is due and the ways; POST begins one: a redirect to its page, or a page with its one button."""
    order = _order_or_404(number, secret)
    if request.method != "POST":
        return _page(request, order)
    kind = request.POST.get("kind", "")
    # The rules decide which ways this order has, not the form.
    money = payment_overview(order)
    if kind not in {option.kind for option in money.ways}:
        messages.error(request, str(PaymentWayClosed() if money.to_pay else NothingToPay()))
        return redirect(_address(order))
    try:
        if kind not in ONLINE:
            choose_invoice(order)
            return redirect(_address(order))
        page = start_payment(order, kind=kind)
    except OrdersError as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(order))
    _remember(request, order)
    if origin(page.address) not in page_hosts():
        raise Http404
    if not page.fields:
        return HttpResponseRedirect(page.address, status=HTTPStatus.SEE_OTHER)
    context = {"order": order, "page": page, "provider": provider_of(kind).name, "amount": _amount(order, kind)}
    return _private(render(request, "orders/payment_leave.html", context))


@require_POST
@never_cache
def payment_check(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """The customer says to have paid: ask the provider now."""
    order = _order_or_404(number, secret)
    attempt = order.payments.filter(status=PaymentStatus.PENDING, kind__in=ONLINE).last()
    if attempt is not None:
        ask_now(attempt)
    return redirect(_address(order))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def payment_return(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """Where a provider sends the buyer back to. Its words are not listened to: the provider is asked.

    Some come back by POST; it is turned into a GET, which carries the visitor's session again.
    """
    attempt = returned_payment(reference, secret)
    if attempt is None:
        raise Http404
    if request.method == "POST":
        return HttpResponseRedirect(return_address(attempt), status=HTTPStatus.SEE_OTHER)
    if attempt.status == PaymentStatus.PENDING:
        ask_now(attempt)
        attempt.refresh_from_db()
    order = attempt.order
    if order.pk in request.session.get(_SESSION, []):
        return redirect(_address(order))
    return _private(render(request, "orders/payment_returned.html", {"attempt": attempt, "order": order}))


def _page(request: HttpRequest, order: Order) -> HttpResponse:
    overview = payment_overview(order)
    template = "orders/payment.html#state" if getattr(request, "htmx", False) else "orders/payment.html"
    return _private(render(request, template, {"order": order, "money": overview}))


def _amount(order: Order, kind: str) -> Any:
    return order.payments.filter(kind=kind, status=PaymentStatus.PENDING).values_list("amount", flat=True).last()


def _remember(request: HttpRequest, order: Order) -> None:
    known = [pk for pk in request.session.get(_SESSION, []) if pk != order.pk]
    request.session[_SESSION] = [*known, order.pk][-_MOST_REMEMBERED:]


def _address(order: Order) -> str:
    return reverse("orders:payment", args=[order.number, order.secret])


def _order_or_404(number: str, secret: str) -> Order:
    found = Order.objects.select_related("customer").under_secret(number, secret)
    if found is None:
        raise Http404
    return found


def _private(response: HttpResponse) -> HttpResponse:
    """Out of search engines; forms may lead to the providers' pages and nowhere else."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    policy = settings.SECURE_CSP | {"form-action": [CSP.SELF, *page_hosts()]}
    response["Content-Security-Policy"] = build_policy(policy)
    return response
