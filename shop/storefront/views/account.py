"""What a customer sees first after signing in: the orders, the contacts, the way to the rest."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Customer
from orders.models import Order

_ON_PAGE = 20


@require_safe
@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """The customer's own orders, newest first, and who the customer is."""
    customer = Customer.objects.get(pk=request.user.pk)
    orders = Paginator(Order.objects.of_customer(customer), _ON_PAGE).get_page(request.GET.get("page"))
    watches = customer.stock_watches.filter(told_at__isnull=True, withdrawn_at__isnull=True)
    return render(
        request,
        "storefront/account.html",
        {
            "customer": customer,
            "orders": orders,
            "is_email_proved": bool(customer.proved_email()),
            "watches": watches.select_related("part__brand"),
        },
    )
