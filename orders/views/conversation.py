"""The customer writes to the manager of an order, from its secret page."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.errors import NoteRefused
from orders.models import Order
from orders.notes import write_note
from orders.talk_form import TalkForm
from orders.views.order import order_or_404, order_page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def order_conversation(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """POST writes once per form; what is refused comes back as it was typed. GET leads to the page."""
    found = order_or_404(number, secret, Order.objects.with_page_rows())
    if request.method != "POST":
        return redirect(f"{found.get_absolute_url()}#talk")
    form = TalkForm(request.POST)
    if not form.is_valid():
        return order_page(request, found, form)
    try:
        # Keys are unique in the whole shop, and a form can be sent to two orders: each has its own.
        write_note(found, form.cleaned_data["text"], key=uuid.uuid5(form.cleaned_data["key"], found.number))
    except NoteRefused as refusal:
        form.add_error("text", str(refusal))
        status = HTTPStatus.TOO_MANY_REQUESTS if refusal.is_too_often else HTTPStatus.OK
        return order_page(request, found, form, status=status)
    messages.success(request, _("Повідомлення в менеджера. Відповідь надійде листом і з’явиться тут."))
    return redirect(f"{found.get_absolute_url()}#talk")
