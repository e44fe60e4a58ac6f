"""What a customer hears of by which channel. What the law or the parcel needs cannot be switched off.

``Customer.muted`` holds what was switched off, as ``order-sms``; the database knows what may stand there
(constraint ``customer_muted_allowed``) and that a parcel is always told of somehow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.messaging.models import Channel


class Subject(models.TextChoices):
    """What messages are about, as a customer sorts them."""

    ORDER = "order", _("Замовлення: прийнято, змінено, скасовано")
    PARCEL = "parcel", _("Посилка: у дорозі, чекає у відділенні, зберігання закінчується")
    MONEY = "money", _("Гроші: рахунок, оплата, повернення")


# What may be switched off. Letters about an order and its money are the papers that the law asks for.
OPTIONAL: Final[frozenset[tuple[Subject, Channel]]] = frozenset(
    {
        (Subject.ORDER, Channel.SMS),
        (Subject.PARCEL, Channel.SMS),
        (Subject.PARCEL, Channel.EMAIL),
        (Subject.MONEY, Channel.SMS),
    }
)


def key_of(subject: Subject, channel: Channel) -> str:
    return f"{subject}-{channel}"


KEYS: Final = sorted(key_of(*each) for each in OPTIONAL)
# Not both at once: whoever hears nothing of a parcel pays for its storage.
PARCEL_KEYS: Final = [key_of(Subject.PARCEL, channel) for channel in (Channel.EMAIL, Channel.SMS)]


@dataclass(frozen=True)
class Choice:
    """One cell of the table: whether ``subject`` comes by ``channel``, and whether that can be changed."""

    subject: Subject
    channel: Channel
    is_on: bool
    is_fixed: bool

    @property
    def key(self) -> str:
        return key_of(self.subject, self.channel)


def choices_of(muted: Sequence[str]) -> list[tuple[Subject, list[Choice]]]:
    """The table as the customer sees it: letters and SMS of each subject."""
    return [
        (
            subject,
            [
                Choice(subject, channel, key_of(subject, channel) not in muted, (subject, channel) not in OPTIONAL)
                for channel in (Channel.EMAIL, Channel.SMS)
            ],
        )
        for subject in Subject
    ]


def is_wanted(muted: Sequence[str], subject: Subject, channel: str) -> bool:
    """Whether a message about ``subject`` goes by ``channel``; to a guest, who has chosen nothing, all do."""
    return key_of(subject, Channel(channel)) not in muted
