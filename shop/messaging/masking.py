"""Receivers as they are shown where the whole address is nobody's business."""

from shop.lib.mailboxes import mask_email
from shop.lib.phones import mask_phone
from shop.messaging.models import Channel, Message


def mask_receiver(message: Message) -> str:
    """``+38067•••••67`` or ``o•••@example.com``: enough to tell two receivers apart in a list."""
    return mask(message.channel, message.receiver)


def mask(channel: str, receiver: str) -> str:
    """The same of a receiver that no message is at hand of."""
    return mask_phone(receiver) if channel == Channel.SMS else mask_email(receiver)
