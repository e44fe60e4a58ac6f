"""One module per provider behind two small protocols; which one is used is a setting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from shop.messaging.letters import Letter
from shop.messaging.models import News


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message, as its gateway tells it.

    ``code`` is the gateway's own word, never an address. ``happened_at`` is None where it does not say when.
    ``closes`` is a ``Suppression.Reason`` when the next message to this receiver would fare the same.
    """

    news: News
    code: str
    happened_at: datetime | None = None
    closes: str = ""


class Gateway(Protocol):
    """What all gateways share. They live for one run of a task: made, opened before the first message, closed."""

    name: str
    # Whether a key the gateway has seen is answered with the earlier result and nothing is sent again.
    repeats_are_safe: bool

    def open(self) -> None:
        """Connect, handing nothing over yet. Harmless when open. Raises GatewayUnavailable."""

    def close(self) -> None: ...


class SmsGateway(Gateway, Protocol):
    # The short name: in settings, in addresses of callbacks.
    code: str

    def send(self, phone: str, text: str, *, key: str) -> str:
        """Send ``text`` to ``phone`` (E.164) and return the provider's message id.

        Raises MessageRejected if no try will succeed (bad number), GatewayUnavailable if it surely was not
        taken (429, refused connection), and OutcomeUnknown if it may have been (timeout after sending).
        """
        ...

    def fates(self, ids: Sequence[str]) -> Mapping[str, Fate]:
        """What became of messages by the provider's ids; those without news are missing. Raises MessagingError."""
        ...

    def balance(self) -> Decimal | None:
        """Hryvnias left in the account, None where it is kept in another currency. Raises MessagingError."""
        ...


class MailGateway(Gateway, Protocol):
    def send(self, receiver: str, letter: Letter, *, key: str) -> str:
        """Send ``letter`` to the address ``receiver`` and return the provider's message id.

        Raises like SmsGateway.send.
        """
        ...


def sms_gateways() -> list[SmsGateway]:
    """By ``settings.SMS_GATEWAYS``: when one surely has not taken a message, the next one tries."""
    return [import_string(name)() for name in settings.SMS_GATEWAYS]


def mail_gateway() -> MailGateway:
    """Whatever stands behind ``settings.MAILERS["default"]``: SMTP or a mail provider's API."""
    from shop.messaging.gateways.email import EmailGateway

    return EmailGateway("default", sender=settings.DEFAULT_FROM_EMAIL)


def campaign_gateway() -> MailGateway:
    """Letters to many have a mailer and a sender of their own, so that complaints about them spare order mail."""
    from shop.messaging.gateways.email import EmailGateway

    return EmailGateway("campaigns", sender=settings.CAMPAIGN_FROM_EMAIL)
