"""Receivers as they are shown where the whole address is nobody's business."""

from shop.lib.mailboxes import mask_email
from shop.lib.phones import mask_phone
from shop.messaging.models import Channel, Message


def mask_receiver(message: Message) -> str:
    """``+38067•••••67`` or ``o•••@example.com``: enough to tell two receivers apart in a list."""
    return mask_phone(message.receiver) if message.channel == Channel.SMS else mask_email(message.receiver)
