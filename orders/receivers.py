"""What other apps' signals do here: signing in and proving a contact bring baskets and orders, a dead number asks."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Customer
from orders.basket_count import remember_count
from orders.claiming import join_orders
from orders.models import Order
from orders.models.basket import SESSION_KEY
from orders.moving_in import move_in as move_basket_in
from shop.messaging.models import Channel, Message, Suppression
from shop.messaging.suppression import is_suppressed


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


def mark_bad_number(message: Message, **_signal: Any) -> None:
    """Hears ``message_failed``: a number that does not exist puts its order before a person, once for each number.

    The carrier would call that number too, so a letter that arrived does not settle it.
    """
    if message.channel != Channel.SMS or message.subject_kind != "order":
        return
    closing = is_suppressed(message.channel, message.receiver)
    if closing is None or closing.reason != Suppression.Reason.BAD_NUMBER:
        return
    order = Order.objects.open().filter(messages=message).first()
    if order is None:
        return
    earlier = order.messages.filter(
        channel=message.channel,
        receiver=message.receiver,
        status__in=[Message.Status.REJECTED, Message.Status.UNDELIVERED],
    ).exclude(pk=message.pk)
    if not earlier.exists():
        order.ask_a_person(_("Такого номера немає: SMS не доходять, перевізник теж не додзвониться."))


def bring_orders(customer: Customer, email: str, phone: str, **_signal: Any) -> None:
    """Hears ``contact_proved``: what was ordered as a guest under this contact stands in the account from now on."""
    join_orders(customer, email=email, phone=phone)


def bring_later_orders(user: Customer, **_signal: Any) -> None:
    """Hears ``user_logged_in``: what was ordered without signing in since the contacts were proved."""
    join_orders(user, email=user.proved_email(), phone=user.proved_phone)


def links_of_order(order_id: str) -> dict[str, str]:
    """What stood sealed in a message about an order, for sending it once more."""
    order = Order.objects.filter(pk=order_id).first()
    return {"order-page": order.page_address()} if order else {}


def show_repeated(message: Message, again: Message, **_signal: Any) -> None:
    """Hears ``message_repeated``: an order shows what staff sent once more beside the first."""
    for order in Order.objects.filter(messages=message):
        order.link_messages([again])
