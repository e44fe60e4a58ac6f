"""How many pieces lie in the basket: counted when it changes, remembered in the session for every other page."""

from django.http import HttpRequest

from orders.models import Basket, BasketLine
from shop.lib.statements import Statement

_SESSION_KEY = "basket_count"
_quantities = Statement(lambda basket: BasketLine.objects.filter(basket=basket).order_by().values_list("quantity"))


def remembered_count(request: HttpRequest) -> int:
    """0 without a session: error pages have none."""
    session = getattr(request, "session", None)
    count: int = session.get(_SESSION_KEY, 0) if session is not None else 0
    return count


def remember_count(request: HttpRequest, basket: Basket | None) -> int:
    """Count again after a change; the session is written only when the number differs."""
    count = sum(quantity for (quantity,) in _quantities(basket=basket.pk)) if basket else 0
    if remembered_count(request) != count:
        request.session[_SESSION_KEY] = count
    return count
