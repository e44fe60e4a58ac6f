"""The talk about an order: what the customer asks, what staff answer, what staff note for themselves."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Customer
from orders import notices
from orders.errors import NoteRefused
from orders.models import Order, OrderEvent, OrderNote

MOST_SIGNS = 1000
# More from one order within the hour is no conversation; the phone is there for people.
_MOST_AN_HOUR = 10


@transaction.atomic
def write_note(
    order: Order, text: str, *, key: uuid.UUID, author: Customer | None = None, is_internal: bool = False
) -> OrderNote:
    """Write down what was said; ``key`` is the form's, so that a second press gives back the first note.

    Without ``author`` the customer wrote it, and a person is asked to answer. What staff write goes to the customer by
    letter unless it ``is_internal``. Raises NoteRefused for an empty or too long text, and for too many an hour.
    """
    text = text.strip()
    if not text or len(text) > MOST_SIGNS:
        raise NoteRefused(MOST_SIGNS)
    Order.objects.select_for_update().get(pk=order.pk)
    if same := OrderNote.objects.filter(order=order, key=key).first():
        return same
    if author is None and _is_too_often(order):
        raise NoteRefused(MOST_SIGNS, is_too_often=True)
    note = OrderNote.objects.create(order=order, text=text, key=key, author=author, is_internal=is_internal)
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.NOTE, author=author, note=_said(note))
    if author is None:
        order.ask_a_person("Покупець написав повідомлення: дайте відповідь.")
    elif not is_internal:
        notices.order_note(note)
    return note


def _is_too_often(order: Order) -> bool:
    hour_ago = timezone.now() - timedelta(hours=1)
    return OrderNote.objects.filter(order=order, author__isnull=True, written_at__gte=hour_ago).count() >= _MOST_AN_HOUR


def _said(note: OrderNote) -> str:
    """Who spoke to whom; the words themselves stay in the note, which can be erased."""
    if note.author is None:
        return "Повідомлення покупця."
    return "Для працівників." if note.is_internal else "Відповідь покупцеві."
