"""The few pages around signing in that allauth has not, or has with a gap."""

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmLoginCodeView
from allauth.account.views import change_phone as allauth_change_phone
from allauth.core.exceptions import RateLimited
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.channels import KEYS, PARCEL_KEYS, choices_of
from accounts.forms import NamesForm
from accounts.models import Customer
from accounts.refusals import too_often


@never_cache
def change_phone(request: HttpRequest) -> HttpResponseBase:
    """Prove the phone, or another one in its place. allauth lets its own limit on SMS end in an error."""
    try:
        response: HttpResponseBase = allauth_change_phone(request)
    except RateLimited:
        return too_often(request)
    return response


class ConfirmLoginCode(ConfirmLoginCodeView):
    """Where the code for signing in is typed."""

    def _resend_form_valid(self, form: Form) -> HttpResponse:
        """allauth breaks when a code is asked for again to a phone that nobody has proved, and so tells of it."""
        phone = self._process.state.get("phone")
        if self._process.user is not None or not phone:
            response: HttpResponse = super()._resend_form_valid(form)
            return response
        get_adapter().send_unknown_account_sms(phone)
        self._process.record_resend()
        self._process.persist()
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def names(request: HttpRequest) -> HttpResponse:
    """How the person is called; orders placed before keep the name they were placed under."""
    customer = Customer.objects.get(pk=request.user.pk)
    form = NamesForm(request.POST or None, instance=customer)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Ім’я збережено."))
        return redirect("storefront:account")
    return render(request, "account/names.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def channels(request: HttpRequest) -> HttpResponse:
    """Of what the customer hears by letter and by SMS; a tick that is missing from the form is one taken out."""
    customer = Customer.objects.get(pk=request.user.pk)
    if request.method != "POST":
        return render(request, "account/channels.html", {"table": choices_of(customer.muted)})
    muted = sorted(set(KEYS) - set(request.POST.getlist("wanted")))
    if set(PARCEL_KEYS) <= set(muted):
        refusal = _("Про посилку треба повідомляти хоча б одним способом: інакше зберігання стане платним.")
        return render(request, "account/channels.html", {"table": choices_of(muted), "refusal": refusal})
    Customer.objects.filter(pk=customer.pk).update(muted=muted)
    messages.success(request, _("Збережено."))
    return redirect("storefront:account")
