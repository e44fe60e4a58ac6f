"""Where every e-mail and SMS begins: a row in the transaction of the event it tells of, then a wake-up.

The row is the promise; waking a worker only makes it quick. A broker that is down costs seconds, never a message.
"""

from collections.abc import Mapping
from functools import partial

from django.db import transaction

from shop.lib.publishing import publish
from shop.messaging import placeholders
from shop.messaging.models import Channel, Message
from shop.privacy.subjects import Subject


def mail(
    receiver: str,
    *,
    key: str,
    subject: str,
    text: str,
    html: str,
    language: str,
    subject_of: Subject,
    sealed: Mapping[str, str] | None = None,
    queue: str = Message.Queue.ORDERS,
) -> Message:
    """Write an e-mail to ``receiver`` once per ``key``; a second call gives back the first row.

    ``sealed`` holds the values of the placeholders in ``text`` and ``html``; ``subject`` has none, because it is
    shown to staff and by every mail program's notification.
    """
    return _write(
        Message(
            key=key,
            channel=Channel.EMAIL,
            queue=queue,
            receiver=receiver,
            language=language,
            subject=" ".join(subject.split())[:200],
            text=text,
            html=html,
            sealed=placeholders.seal(sealed or {}),
            subject_kind=subject_of.kind,
            subject_id=subject_of.id,
        )
    )


def text(
    phone: object,
    body: str,
    *,
    key: str,
    language: str,
    subject_of: Subject,
    sealed: Mapping[str, str] | None = None,
    queue: str = Message.Queue.ORDERS,
) -> Message:
    """Write an SMS to ``phone`` (E.164) once per ``key``; a second call gives back the first row.

    ``sealed`` holds the values of the placeholders in ``body``.
    """
    return _write(
        Message(
            key=key,
            channel=Channel.SMS,
            queue=queue,
            receiver=str(phone),
            language=language,
            text=body.strip(),
            sealed=placeholders.seal(sealed or {}),
            subject_kind=subject_of.kind,
            subject_id=subject_of.id,
        )
    )


def _write(message: Message) -> Message:
    Message.objects.bulk_create([message], ignore_conflicts=True)
    wake(message.queue, message.channel)
    return Message.objects.get(key=message.key)


def wake(queue: str, channel: str) -> None:
    """Have a worker look at ``queue`` as soon as this transaction is committed; harmless when nothing is due."""
    transaction.on_commit(partial(_publish, queue, channel), robust=True)


def _publish(queue: str, channel: str) -> None:
    from shop.messaging.tasks import TASKS  # the tasks import what they send, and that imports this module

    publish(TASKS[queue], channel)
