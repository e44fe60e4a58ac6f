"""Where every e-mail and SMS begins: a row in the transaction of the event it tells of, then a wake-up.

The row is the promise; waking a worker only makes it quick. A broker that is down costs seconds, never a message.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone

from shop.lib.publishing import publish
from shop.messaging import placeholders
from shop.messaging.limits import next_allowed_at
from shop.messaging.models import Channel, Message
from shop.messaging.segments import count_parts
from shop.privacy.subjects import Subject


def new_mail(
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
    """An e-mail to ``receiver``, for ``write``; ``key`` names what it tells of.

    ``sealed`` holds the values of the placeholders in ``text`` and ``html``; ``subject`` has none, because it is
    shown to staff and by every mail program's notification.
    """
    return Message(
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


def new_text(
    phone: object,
    body: str,
    *,
    key: str,
    language: str,
    subject_of: Subject,
    sealed: Mapping[str, str] | None = None,
    queue: str = Message.Queue.ORDERS,
    can_wait: bool = False,
) -> Message:
    """An SMS to ``phone`` (E.164), for ``write``; ``key`` names what it tells of.

    ``sealed`` holds the values of the placeholders in ``body``. What ``can_wait`` is not sent at night; nor is
    anything to many.
    """
    can_wait = can_wait or queue == Message.Queue.BULK
    return Message(
        key=key,
        channel=Channel.SMS,
        queue=queue,
        receiver=str(phone),
        language=language,
        text=body.strip(),
        sealed=placeholders.seal(sealed or {}),
        parts=count_parts(placeholders.fill(body.strip(), sealed or {})),
        can_wait=can_wait,
        available_at=next_allowed_at(timezone.now(), is_urgent=not can_wait),
        subject_kind=subject_of.kind,
        subject_id=subject_of.id,
    )


def write(messages: Sequence[Message]) -> None:
    """Save messages of one queue, each once per key; a worker sends them after the commit.

    The second message of a key changes nothing and gets the id of the first. What takes the place of another message
    (``ladder``) is saved after it, because it points there.
    """
    _save([message for message in messages if message.takes_place_of is None])
    later = [message for message in messages if message.takes_place_of is not None]
    for message in later:
        message.takes_place_of = message.takes_place_of  # which has its id by now
    _save(later)
    wake(messages[0].queue, *{message.channel: None for message in messages})


def _save(messages: Sequence[Message]) -> None:
    """One statement. The conflict rewrites the key by itself, which is how the row's id comes back."""
    Message.objects.bulk_create(messages, update_conflicts=True, unique_fields=["key"], update_fields=["key"])


def wake(queue: str, *channels: str) -> None:
    """Have a worker look at ``queue`` as soon as this transaction is committed; harmless when nothing is due."""
    transaction.on_commit(partial(_publish, queue, *channels), robust=True)


def _publish(queue: str, *channels: str) -> None:
    from shop.messaging.tasks import TASKS  # the tasks import what they send, and that imports this module

    publish(TASKS[queue], *channels)
