"""Which letters and texts went out about an order, so that "did you write to me?" has an answer on its page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orders.models import Order
from shop.messaging.masking import mask_receiver
from shop.messaging.models import Channel, Message

_LOST = (Message.Status.REJECTED, Message.Status.UNDELIVERED, Message.Status.NEEDS_PERSON)


@dataclass(frozen=True)
class Told:
    """One message: ``where`` is masked; ``at`` is when it left, or was written while it has not."""

    what: str
    is_text: bool
    where: str
    at: datetime
    state: str
    is_lost: bool


def told(order: Order) -> list[Told]:
    """The newest first; one query. What a message says is not read: it may hold links.

    A letter in reserve was not sent: nobody was told by it.
    """
    written = order.messages.exclude(status__in=[Message.Status.IN_RESERVE, Message.Status.NOT_NEEDED])
    messages = written.defer("text", "html", "sealed").order_by("-created_at", "-pk")
    return [
        Told(
            what=_what(message),
            is_text=message.channel == Channel.SMS,
            where=mask_receiver(message),
            at=message.handed_over_at or message.created_at,
            state=_state(Message.Status(message.status)),
            is_lost=message.status in _LOST,
        )
        for message in messages
    ]


def _what(message: Message) -> str:
    """By the event in its key: a text has no subject, and a letter's is in the language it was written in."""
    event = message.key.partition(":")[0].removesuffix("-sms")
    return {
        "order-placed": _("Замовлення прийнято"),
        "order-confirmed": _("Замовлення підтверджено"),
        "order-shipped": _("Посилку відправлено"),
        "order-ready": _("Замовлення можна забирати"),
        "parcel-arrived": _("Посилка прибула"),
        "parcel-reminder": _("Нагадування: посилка чекає"),
        "parcel-problem": _("Посилку не вдалося вручити"),
        "parcel-returning": _("Посилка повертається до нас"),
        "parcel-renumbered": _("Новий номер накладної"),
        "order-changed": _("Замовлення змінено"),
        "order-note": _("Відповідь менеджера"),
        "order-completed": _("Замовлення виконано"),
        "order-cancelled": _("Замовлення скасовано"),
        "payment-requested": _("Прохання сплатити"),
        "payment-received": _("Оплату отримано"),
        "refund-done": _("Гроші повернуто"),
    }.get(event) or (message.subject or _("Повідомлення про замовлення"))


def _state(status: Message.Status) -> str:
    return {
        Message.Status.WAITING: _("надсилаємо"),
        Message.Status.LEASED: _("надсилаємо"),
        Message.Status.ACCEPTED: _("надіслано"),
        Message.Status.DELIVERED: _("доставлено"),
        Message.Status.UNDELIVERED: _("не доставлено"),
        Message.Status.REJECTED: _("не доставлено"),
        Message.Status.NEEDS_PERSON: _("не знаємо, чи дійшло: перевіряємо"),
    }[status]
