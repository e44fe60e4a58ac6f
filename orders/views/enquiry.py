"""A question to our staff: the form, and the page after it is sent."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders.enquiring import Question, TooManyEnquiries, ask
from orders.enquiry_form import EnquiryForm
from orders.models.enquiry import MOST_QUESTION
from shop.lib import limits
from shop.lib.client_address import client_address
from vehicles.chosen import ShopRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: ShopRequest) -> HttpResponse:
    """``q`` in the address fills in the question; the chosen car goes with it."""
    if request.method != "POST":
        typed = request.GET.get("q", "").replace("\x00", "")[:MOST_QUESTION]
        customer = request.user if request.user.is_authenticated else None
        known = {"name": customer.given_name, "phone": customer.phone} if customer else {}
        return _page(request, EnquiryForm(initial={"question": typed, **known}))
    form = EnquiryForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    data = form.cleaned_data
    address = client_address(request) if request.user.is_anonymous else ""
    if limits.is_too_often("guest-enquiry", address=address):
        return _refused(request, form, TooManyEnquiries())
    question = Question(data["question"], data["name"], data["phone"], request.chosen.car)
    try:
        ask(question, customer=request.user)
    except TooManyEnquiries as error:
        return _refused(request, form, error)
    limits.count("guest-enquiry", address=address)
    return redirect("orders:enquiry_sent")


@require_safe
def enquiry_sent(request: ShopRequest) -> HttpResponse:
    return render(request, "orders/enquiry_sent.html")


def _refused(request: ShopRequest, form: EnquiryForm, error: TooManyEnquiries) -> HttpResponse:
    form.add_error(None, str(error))
    context = {"form": form, "car": request.chosen.car, "is_too_often": True}
    return render(request, "orders/enquiry.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)


def _page(request: ShopRequest, form: EnquiryForm) -> HttpResponse:
    return render(request, "orders/enquiry.html", {"form": form, "car": request.chosen.car})
