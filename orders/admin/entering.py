"""The page on which staff enter an order for a customer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from orders.admin.entry_form import EntryForm
from orders.admin.order_acts import OrderActs, order_address
from orders.checkout_form import is_id
from orders.errors import OrdersError
from orders.models import Enquiry
from orders.staff_orders import enter_order


def entering(page: OrderActs, request: HttpRequest) -> HttpResponse:
    """GET shows the form, filled from an enquiry when one is named; POST looks up, or places. What was typed stays."""
    enquiry = _enquiry(request)
    is_sent = request.method == "POST"
    form = EntryForm(request.POST if is_sent else None, enquiry=enquiry)
    if is_sent and "look_up" in request.POST:
        # Only offers or points are wanted: nothing that is still empty is found fault with.
        form.errors.clear()
    elif form.is_valid():
        checkout = form.checked(enquiry.customer if enquiry else None)
        try:
            order = enter_order(checkout, form.wanted_lines(), author=request.user, enquiry=enquiry)  # type: ignore[arg-type]
        except OrdersError as refusal:
            form.add_error(None, str(refusal))
        else:
            page.log_addition(request, order, "entered")
            messages.success(request, _("Замовлення № %(number)s оформлено.") % {"number": order.number})
            return HttpResponseRedirect(order_address(order.pk))
    context = page.admin_site.each_context(request) | {
        "title": _("Нове замовлення за покупця"),
        "opts": page.opts,
        "form": form,
        "enquiry": enquiry,
        "sees_costs": request.user.has_perm("offers.view_purchase_price"),
    }
    return TemplateResponse(request, "admin/orders/order/entering.html", context)


def _enquiry(request: HttpRequest) -> Enquiry | None:
    """Of the address, or of the form that was sent."""
    typed = request.POST.get("enquiry", "") or request.GET.get("enquiry", "")
    if not is_id(typed):
        return None
    return Enquiry.objects.select_related("modification__generation__model__make", "customer").filter(pk=typed).first()
