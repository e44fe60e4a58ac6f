"""Parts side by side; which ones is in the address, so that it can be sent to somebody."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from shop.storefront.comparison import MOST, PARAMETER, compare
from shop.storefront.page import show
from shop.storefront.rows import adding_address
from vehicles.chosen import ShopRequest


@require_safe
def comparison(request: ShopRequest) -> HttpResponse:
    return show(
        request,
        "storefront/compare.html",
        lambda query: {"comparison": compare(query, request.chosen.car), "most": MOST, "adding": adding_address()},
        known=(PARAMETER,),
    )
