"""A question to our staff: the form, and the page after it is sent."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders.enquiring import Question, TooManyEnquiries, ask
from orders.enquiry_form import EnquiryForm
from orders.models.enquiry import MOST_QUESTION
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
    question = Question(data["question"], data["name"], data["phone"], request.chosen.car)
    try:
        ask(question, customer=request.user)
    except TooManyEnquiries as error:
        form.add_error(None, str(error))
        return _page(request, form)
    return redirect("orders:enquiry_sent")


@require_safe
def enquiry_sent(request: ShopRequest) -> HttpResponse:
    return render(request, "orders/enquiry_sent.html")


def _page(request: ShopRequest, form: EnquiryForm) -> HttpResponse:
    return render(request, "orders/enquiry.html", {"form": form, "car": request.chosen.car})
