"""What signing in does to the basket of a browser, and proving a contact to the orders of a guest."""

from typing import Any

from django.http import HttpRequest

from accounts.models import Customer
from orders.basket_count import remember_count
from orders.claiming import join_orders
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


def bring_orders(customer: Customer, email: str, phone: str, **_signal: Any) -> None:
    """Hears ``contact_proved``: what was ordered as a guest under this contact stands in the account from now on."""
    join_orders(customer, email=email, phone=phone)


def bring_later_orders(user: Customer, **_signal: Any) -> None:
    """Hears ``user_logged_in``: what was ordered without signing in since the contacts were proved."""
    join_orders(user, email=user.proved_email(), phone=user.proved_phone)
