"""Leaving a phone and nothing else: an order in one click, and a call back."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.checkout_page import customer_of
from orders.enquiring import Question, TooManyEnquiries, WantedLine, ask, in_words
from orders.enquiry_form import CallBackForm, PhoneForm
from orders.forms import AddingForm
from orders.models import Basket, Enquiry
from orders.overview import BasketOverview
from shop.lib import limits
from shop.lib.client_address import client_address
from vehicles.chosen import ShopRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one_click(request: ShopRequest) -> HttpResponse:
    """``part`` and ``warehouse`` (and ``quantity``) name one offer; without them the basket is meant.

    Nothing is held and nothing leaves the basket: a manager calls and places the order together with the person.
    """
    asked = request.POST if request.method == "POST" else request.GET
    lines = _offer(asked) if "part" in asked else _basket(request)
    if not lines:
        return redirect("orders:basket")
    context = {"lines": lines, "total": sum(line.total for line in lines), "is_one": "part" in asked}
    if request.method != "POST":
        return render(request, "orders/one_click.html", context | {"form": PhoneForm(initial=_known(request))})
    form = PhoneForm(request.POST)
    if form.is_valid():
        car = request.chosen.car
        question = Question(
            in_words(lines), "", form.cleaned_data["phone"], car, kind=Enquiry.Kind.ONE_CLICK, lines=lines
        )
        if sent := _send(request, form, question):
            return sent
    return _again(request, "orders/one_click.html", context | {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: ShopRequest) -> HttpResponse:
    """We call; about what may be left open."""
    if request.method != "POST":
        return render(request, "orders/call_back.html", {"form": CallBackForm(initial=_known(request))})
    form = CallBackForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        text = data["question"] or _("Просять передзвонити.")
        question = Question(text, data["name"], data["phone"], request.chosen.car, kind=Enquiry.Kind.CALL_BACK)
        if sent := _send(request, form, question):
            return sent
    return _again(request, "orders/call_back.html", {"form": form})


def _send(request: ShopRequest, form: PhoneForm, question: Question) -> HttpResponse | None:
    """To the page that says it is sent; None with the refusal on the form."""
    address = client_address(request) if request.user.is_anonymous else ""
    try:
        if limits.is_too_often("guest-enquiry", address=address):
            raise TooManyEnquiries
        ask(question, customer=request.user)
    except TooManyEnquiries as error:
        form.add_error(None, str(error))
        return None
    limits.count("guest-enquiry", address=address)
    return redirect("orders:enquiry_sent")


def _again(request: ShopRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    is_too_often = bool(context["form"].non_field_errors())
    status = HTTPStatus.TOO_MANY_REQUESTS if is_too_often else HTTPStatus.OK
    return render(request, template, context | {"is_too_often": is_too_often}, status=status)


def _offer(asked: QueryDict) -> Sequence[WantedLine]:
    """The offer as it is now; none for what is not offered any more."""
    form = AddingForm({name: asked.get(name, "") for name in ("part", "warehouse", "quantity")})
    if not form.is_valid():
        return ()
    offer = form.cleaned_data["offer"]
    return [WantedLine(offer.part, offer.warehouse_id, form.cleaned_data["quantity"], offer.price)]


def _basket(request: ShopRequest) -> Sequence[WantedLine]:
    overview = BasketOverview.of(Basket.objects.for_request(request))
    return [
        WantedLine(shown.line.part, shown.line.warehouse_id, shown.line.quantity, shown.checked.price)
        for shown in overview.lines
        if not shown.checked.is_gone
    ]


def _known(request: ShopRequest) -> dict[str, object]:
    customer = customer_of(request)
    return {"name": customer.given_name, "phone": str(customer.phone)} if customer else {}
