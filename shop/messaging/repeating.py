"""Sending a message once more because a person asked for it: "I never got it", a mailbox that works again.

It is another message with a key, an author and a reason of its own; the first one stays as it was.
"""

from collections.abc import Callable, Mapping

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from shop.messaging import outbox, placeholders
from shop.messaging.models import Message
from shop.messaging.signals import message_repeated
from shop.messaging.suppression import is_suppressed

# What stood sealed in a message that is settled now, by the kind of its subject: apps that send say it at their start.
SEALED_AGAIN: dict[str, Callable[[str], Mapping[str, str]]] = {}


class NotRepeated(Exception):
    """This message is not sent again; ``str(error)`` says why, in words for staff."""


def may_be_repeated(message: Message) -> bool:
    """A code that was not used is asked for anew, by the customer; what still waits goes by itself."""
    return message.queue == Message.Queue.ORDERS and message.status not in _STILL_GOING


@transaction.atomic
def send_once_more(message: Message, *, author: AbstractBaseUser, reason: str, number: int) -> Message:
    """Write the same words to the same receiver again; a worker sends them after the commit.

    ``number`` counts the repeats that the person saw: the second press of the same page finds the first one's message.
    Raises NotRepeated.
    """
    if not may_be_repeated(message):
        raise NotRepeated(_("Це повідомлення ще в дорозі або це код: надсилати його ще раз не можна."))
    if closed := is_suppressed(message.channel, message.receiver):
        raise NotRepeated(_("Ця адреса закрита: %(why)s. Спершу відкрийте її.") % {"why": closed.get_reason_display()})
    sealed = _sealed(message)
    again = Message(
        key=f"{message.key[:110]}:again:{number}",
        channel=message.channel,
        queue=message.queue,
        receiver=message.receiver,
        language=message.language,
        subject=message.subject,
        text=message.text,
        html=message.html,
        sealed=placeholders.seal(sealed),
        subject_kind=message.subject_kind,
        subject_id=message.subject_id,
        parts=message.parts,
        template=message.template,
        template_version=message.template_version,
        takes_place_of=message,
        written_by=author,  # type: ignore[misc]  # the user model is the project's
        reason=reason[:200],
        may_exceed_limits=True,
    )
    outbox.write([again])
    message_repeated.send(sender=Message, message=message, again=again)
    return again


def _sealed(message: Message) -> Mapping[str, str]:
    """The values of its placeholders. Raises NotRepeated when nobody knows them any more."""
    if message.sealed:
        return placeholders.unseal(message.sealed)
    missing = placeholders.names_in(message.text + message.html)
    if not missing:
        return {}
    known = SEALED_AGAIN.get(message.subject_kind, _nothing)(message.subject_id)
    if missing - known.keys():
        raise NotRepeated(
            _("Посилання з цього повідомлення вже не відновити. Напишіть покупцеві зі сторінки замовлення.")
        )
    return known


def _nothing(_subject_id: str) -> Mapping[str, str]:
    return {}


_STILL_GOING = frozenset(
    {Message.Status.WAITING, Message.Status.LEASED, Message.Status.IN_RESERVE, Message.Status.NEEDS_PERSON}
)
