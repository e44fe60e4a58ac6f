"""From a guest's order to an account: a code to the order's mailbox or phone, and the way in."""

import time
from http import HTTPStatus

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import codes, notices
from accounts.errors import CodesTooOften
from accounts.models import Customer
from accounts.refusals import too_often
from orders.claiming import claim
from orders.errors import AlreadyClaimed, CodeRefused, MailboxTaken
from orders.forms import ClaimCodeForm
from orders.models import Order
from orders.views.order import order_or_404
from shop.lib.client_address import client_address
from shop.lib.crypto import keyed_hash
from shop.privacy.subjects import Subject

_SESSION_KEY = "claim"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def order_claim(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """POST with ``channel`` sends a code, with ``code`` proves the contact and signs in; GET shows what is next."""
    order = order_or_404(number, secret, Order.objects.all())
    if order.customer_id is not None or request.user.is_authenticated:
        return redirect(order.get_absolute_url())
    if request.method != "POST":
        return _page(request, order, ClaimCodeForm())
    if "channel" in request.POST:
        return _send(request, order, by_phone=request.POST["channel"] == "phone")
    form = ClaimCodeForm(request.POST)
    if not form.is_valid():
        return _page(request, order, form)
    return _prove(request, order, form)


def _send(request: HttpRequest, order: Order, *, by_phone: bool) -> HttpResponse:
    receiver = str(order.phone) if by_phone else order.email
    try:
        codes.count_sending(receiver, client=client_address(request) or "unknown", is_sms=by_phone)
    except CodesTooOften as error:
        return too_often(request, error)
    code, language = codes.new_code(), get_language() or "uk"
    if by_phone:
        notices.code_by_sms(receiver, code, language=language, subject_of=Subject("order", order.pk))
    else:
        notices.letter("code_order", receiver, code=code, language=language)
    request.session[_SESSION_KEY] = {
        "order": order.pk,
        "by_phone": by_phone,
        "code": _hash(order, code),
        "at": time.time(),
    }
    return redirect("orders:order_claim", order.number, order.secret)


def _prove(request: HttpRequest, order: Order, form: ClaimCodeForm) -> HttpResponse:
    try:
        by_phone = _check(request, order, form.cleaned_data["code"])
        customer = claim(order, by_phone=by_phone)
    except CodeRefused as refusal:
        if refusal.is_over:
            request.session.pop(_SESSION_KEY, None)
        form.add_error("code", str(refusal))
        return _page(request, order, form)
    except (AlreadyClaimed, MailboxTaken) as refusal:
        request.session.pop(_SESSION_KEY, None)
        messages.warning(request, str(refusal))
        return redirect("orders:order_claim", order.number, order.secret)
    request.session.pop(_SESSION_KEY, None)
    return _signed_in(request, customer, order, by_phone=by_phone)


def _check(request: HttpRequest, order: Order, typed: str) -> bool:
    """Whether the code came by phone. Raises CodeRefused."""
    sent = _sent(request, order)
    if sent is None:
        raise CodeRefused(is_over=True)
    if not codes.may_guess(f"{request.session.session_key}:{sent['code']}"):
        raise CodeRefused(is_over=True)
    if not constant_time_compare(str(sent["code"]), _hash(order, typed)):
        raise CodeRefused
    return bool(sent["by_phone"])


def _signed_in(request: HttpRequest, customer: Customer, order: Order, *, by_phone: bool) -> HttpResponse:
    messages.success(request, _("Готово: це замовлення тепер у вашому кабінеті."))
    if customer.is_staff:  # the desk has a sign-in of its own
        return redirect(order.get_absolute_url())
    email, phone = (None, str(order.phone)) if by_phone else (customer.email, None)
    record_authentication(request, customer, method="code", email=email, phone=phone)
    login = Login(
        user=customer,
        email=email,
        redirect_url=reverse("storefront:account"),
        # One of the two contacts is proved; the other can be later.
        email_verification=EmailVerificationMethod.NONE,
    )
    response: HttpResponse = perform_login(request, login)
    return response


def _sent(request: HttpRequest, order: Order) -> dict[str, object] | None:
    """The code that waits for this order, while it opens anything."""
    sent: dict[str, object] | None = request.session.get(_SESSION_KEY)
    if not sent or sent["order"] != order.pk or time.time() - float(str(sent["at"])) > codes.CODES_LIVE.total_seconds():
        return None
    return sent


def _hash(order: Order, code: str) -> str:
    return keyed_hash("claim code", f"{order.pk}:{code}")


def _page(request: HttpRequest, order: Order, form: ClaimCodeForm) -> HttpResponse:
    context = {"order": order, "form": form, "sent": _sent(request, order)}
    response = render(request, "orders/order_claim.html", context, status=HTTPStatus.OK)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
