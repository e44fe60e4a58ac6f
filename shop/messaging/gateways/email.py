"""E-mail through one of ``settings.MAILERS``: an SMTP server, or any provider that Anymail knows."""

import re
import smtplib
from email.utils import parseaddr
from http import HTTPStatus
from typing import Any

import requests
import structlog
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend

from shop.lib.seller import seller
from shop.messaging.errors import GatewayUnavailable, MessageRejected, OutcomeUnknown
from shop.messaging.letters import Letter
from shop.messaging.models import Suppression

log = structlog.get_logger(__name__)
_PERMANENT = 500  # SMTP replies from here on are final
_ENHANCED_CODE = re.compile(r"\s*(5\.\d{1,3}\.\d{1,3})\b")
# No such mailbox, no such domain, not an address, moved away, a domain without mail, a mailbox that is switched off.
_NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_MAILBOX_FULL = "5.2.2"


class EmailGateway:
    # Neither SMTP nor most providers know a key of ours; a repeat would be a second letter.
    repeats_are_safe = False

    def __init__(self, mailer: str, *, sender: str) -> None:
        """``mailer`` is a name in ``MAILERS``, ``sender`` the From of its letters."""
        self._name = mailer
        self._sender = sender
        self._mailer: BaseEmailBackend | None = None
        self.name = _provider(mailer)[:40]

    def open(self) -> None:
        if self._mailer is not None:
            return
        mailer = mailers[self._name]
        try:
            mailer.open()
        except (smtplib.SMTPException, OSError) as error:
            if isinstance(error, smtplib.SMTPAuthenticationError):
                log.error("mail-gateway-needs-attention", error=type(error).__name__)
            raise GatewayUnavailable(_short(error)) from error
        self._mailer = mailer

    def close(self) -> None:
        mailer, self._mailer = self._mailer, None
        if mailer is not None:
            try:
                mailer.close()
            except (smtplib.SMTPException, OSError) as error:  # all letters are settled; the server only hung up first
                log.info("mail-gateway-hung-up", error=type(error).__name__)

    def send(self, receiver: str, letter: Letter, *, key: str) -> str:
        self.open()
        assert self._mailer is not None
        message = _compose(self._sender, receiver, letter, key=key)
        try:
            self._mailer.send_messages([message])
        except (smtplib.SMTPException, OSError, AnymailAPIError, AnymailRecipientsRefused, ValueError) as error:
            self.close()  # a connection is not used again after a quarrel
            raise _outcome(error) from error
        status = getattr(message, "anymail_status", None)
        return str((status and status.message_id) or message.extra_headers["Message-ID"])


def _compose(sender: str, receiver: str, letter: Letter, *, key: str) -> EmailMultiAlternatives:
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        sender,
        [receiver],
        reply_to=[seller().email],
        # Auto-Submitted (RFC 3834): holiday notices are not sent in answer to it.
        headers={"Message-ID": f"<{key}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def _outcome(error: Exception) -> MessageRejected | GatewayUnavailable | OutcomeUnknown:
    """What an error of a mailer says about the letter. Unknown unless it is certain."""
    reason = _short(error)
    match error:
        case AnymailRecipientsRefused():
            return MessageRejected(reason, closes=_refused_for_good(error))
        case AnymailAPIError():
            return _api_outcome(error, reason)
        case smtplib.SMTPRecipientsRefused():
            final = all(code >= _PERMANENT for code, _ in error.recipients.values())
            if not final:
                return GatewayUnavailable(reason)
            return MessageRejected(reason, closes=_fault_of_mailbox(*(words for _, words in error.recipients.values())))
        case smtplib.SMTPDataError():
            if error.smtp_code < _PERMANENT:
                return GatewayUnavailable(reason)
            return MessageRejected(reason, closes=_fault_of_mailbox(error.smtp_error))
        case smtplib.SMTPResponseException():  # greeting, sign-in or sender refused: not this letter's fault
            log.error("mail-gateway-needs-attention", code=error.smtp_code)
            return GatewayUnavailable(reason)
        case smtplib.SMTPNotSupportedError() | ValueError():  # an address no server would take
            return MessageRejected(reason)
        case _:
            return OutcomeUnknown(reason)


def _api_outcome(error: AnymailAPIError, reason: str) -> MessageRejected | GatewayUnavailable | OutcomeUnknown:
    status = error.status_code
    if status is None:
        never_connected = isinstance(error, requests.ConnectTimeout) or (
            isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error.__cause__)
        )
        return GatewayUnavailable(reason) if never_connected else OutcomeUnknown(reason)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN}:
        log.error("mail-gateway-needs-attention", code=status)
        return GatewayUnavailable(reason)
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return GatewayUnavailable(reason)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.REQUEST_TIMEOUT:
        return MessageRejected(reason)
    return OutcomeUnknown(reason)


def _fault_of_mailbox(*replies: bytes | str) -> str:
    """What a final refusal says of the mailbox itself by its enhanced code (RFC 3463); nothing of spam and policies."""
    for reply in replies:
        code = _ENHANCED_CODE.match(reply if isinstance(reply, str) else reply.decode("latin-1"))
        if code and code[1] in _NO_SUCH_MAILBOX:
            return Suppression.Reason.HARD_BOUNCE
        if code and code[1] == _MAILBOX_FULL:
            return Suppression.Reason.SOFT_BOUNCE
    return ""


def _refused_for_good(error: AnymailRecipientsRefused) -> str:
    """A provider's word for an address that cannot be one; its other refusals may be about the letter."""
    status = getattr(error.email_message, "anymail_status", None)
    is_invalid = bool(status and status.status == {"invalid"})
    return Suppression.Reason.HARD_BOUNCE if is_invalid else ""


def _short(error: Exception) -> str:
    """Class and code; the servers' own words often repeat the address."""
    code = getattr(error, "smtp_code", None) or getattr(error, "status_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = "/".join(str(code) for code, _ in error.recipients.values())
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _provider(name: str) -> str:
    """The provider's or the mail server's name, as the list of disclosures shows it."""
    mailer: dict[str, Any] = settings.MAILERS[name]
    backend: str = mailer["BACKEND"]
    if backend.startswith("anymail."):
        return backend.split(".")[-2].capitalize()
    return str(mailer.get("OPTIONS", {}).get("host", "SMTP"))
