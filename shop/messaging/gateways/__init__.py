"""One module per provider behind two small protocols; which one is used is a setting."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from shop.messaging.letters import Letter


class Gateway(Protocol):
    """What all gateways share. They live for one run of a task: made, opened before the first message, closed."""

    name: str
    # Whether a key the gateway has seen is answered with the earlier result and nothing is sent again.
    repeats_are_safe: bool

    def open(self) -> None:
        """Connect, handing nothing over yet. Harmless when open. Raises GatewayUnavailable."""

    def close(self) -> None: ...


class SmsGateway(Gateway, Protocol):
    def send(self, phone: str, text: str, *, key: str) -> str:
        """Send ``text`` to ``phone`` (E.164) and return the provider's message id.

        Raises MessageRejected if no try will succeed (bad number), GatewayUnavailable if it surely was not
        taken (429, refused connection), and OutcomeUnknown if it may have been (timeout after sending).
        """
        ...


class MailGateway(Gateway, Protocol):
    def send(self, receiver: str, letter: Letter, *, key: str) -> str:
        """Send ``letter`` to the address ``receiver`` and return the provider's message id.

        Raises like SmsGateway.send.
        """
        ...


def sms_gateway() -> SmsGateway:
    """The gateway named by ``settings.SMS_GATEWAY``."""
    gateway: SmsGateway = import_string(settings.SMS_GATEWAY)()
    return gateway


def mail_gateway() -> MailGateway:
    """Whatever stands behind ``settings.MAILERS["default"]``: SMTP or a mail provider's API."""
    from shop.messaging.gateways.email import EmailGateway

    return EmailGateway("default", sender=settings.DEFAULT_FROM_EMAIL)


def campaign_gateway() -> MailGateway:
    """Letters to many have a mailer and a sender of their own, so that complaints about them spare order mail."""
    from shop.messaging.gateways.email import EmailGateway

    return EmailGateway("campaigns", sender=settings.CAMPAIGN_FROM_EMAIL)
