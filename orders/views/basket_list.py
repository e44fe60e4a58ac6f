"""Many parts into the basket by one press: what the review of a pasted list sends."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from orders.basket_count import remember_count
from orders.forms import AddingForm
from orders.models import MAX_LINES, Basket
from vehicles.chosen import ShopRequest


@require_POST
def basket_list(request: ShopRequest) -> HttpResponse:
    """Fields ``pick-N`` (``part.warehouse``) and ``quantity-N``; what is sold out or wrong is counted and said."""
    forms = [form for number in range(1, MAX_LINES + 1) if (form := _form(request, number))]
    right = [form for form in forms if form.is_valid()]
    current = Basket.objects.for_request(request)
    room = MAX_LINES - (current.lines.count() if current else 0)
    added = right[: max(room, 0)]
    if added:
        current = Basket.objects.for_request_or_new(request)
        with transaction.atomic():
            for form in added:
                data = form.cleaned_data
                current.add(data["offer"], quantity=data["quantity"], car=request.chosen.car)
        remember_count(request, current)
        messages.success(
            request,
            ngettext("У кошик додано %(count)d позицію.", "У кошик додано %(count)d позицій.", len(added))
            % {"count": len(added)},
        )
    if left := len(forms) - len(added):
        messages.warning(
            request,
            ngettext(
                "%(count)d позицію не додано: її вже не продають, кількість хибна або кошик повний.",
                "%(count)d позицій не додано: їх уже не продають, кількість хибна або кошик повний.",
                left,
            )
            % {"count": left},
        )
    if not forms:
        messages.warning(request, _("Нічого не обрано: позначте деталі в списку."))
    return redirect("orders:basket")


def _form(request: ShopRequest, number: int) -> AddingForm | None:
    """The N-th line of the list, if something is picked in it."""
    part, _dot, warehouse = request.POST.get(f"pick-{number}", "").partition(".")
    if not part:
        return None
    return AddingForm({"part": part, "warehouse": warehouse, "quantity": request.POST.get(f"quantity-{number}", "")})
