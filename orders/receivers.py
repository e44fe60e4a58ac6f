"""What signing in does to the basket of a browser."""

from typing import Any

from django.http import HttpRequest

from orders.basket_count import remember_count
from orders.models.basket import SESSION_KEY
from orders.moving_in import move_in as move_basket_in


def move_in(request: HttpRequest | None, user: Any, **_signal: Any) -> None:
    """Hears ``user_logged_in``: what a guest put in joins the account's basket, which is at hand on every device."""
    session = getattr(request, "session", None)
    if request is None or session is None:
        return
    basket = move_basket_in(session.get(SESSION_KEY), user)
    if basket is None:
        session.pop(SESSION_KEY, None)
    else:
        session[SESSION_KEY] = basket.pk
    remember_count(request, basket)
