"""What every page's header shows of the basket."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from orders.basket_count import remembered_count


def basket(request: HttpRequest) -> dict[str, object]:
    """``basket_count``: pieces in the visitor's basket, without a query of its own and only when a page asks."""
    return {"basket_count": SimpleLazyObject(lambda: remembered_count(request))}
