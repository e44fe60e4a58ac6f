"""Twilio, Messages API 2010-04-01: for phones abroad, or as a reserve far from Ukraine's operators.

It knows no key of ours: an unknown outcome is not repeated.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from shop.messaging.errors import GatewayUnavailable, MessageRejected, OutcomeUnknown
from shop.messaging.gateways import Fate
from shop.messaging.gateways.http import HttpGateway
from shop.messaging.models import News, Suppression

_NEWS = {
    "sent": News.SENT,
    "delivered": News.DELIVERED,
    "read": News.READ,
    "undelivered": News.UNDELIVERED,
    "failed": News.UNDELIVERED,
    "canceled": News.UNDELIVERED,
}
_THROTTLED = frozenset({20429, 14107})
# Not a phone; not a mobile one; of no country. 21610: the person answered STOP.
_CLOSES = {
    **dict.fromkeys([21211, 21217, 21614], Suppression.Reason.BAD_NUMBER),
    21610: Suppression.Reason.STOP_LIST,
}
# The same told later, by a state: landline, unknown number.
_CLOSES_LATER = {30005: Suppression.Reason.BAD_NUMBER, 30006: Suppression.Reason.BAD_NUMBER}
# Account suspended, sender or service not ours, country not allowed: a person has to act in the console.
_ALERTS = frozenset({20003, 20005, 21212, 21408, 21603, 21606, 21659, 21660, 21701, 21702, 21703})


class TwilioGateway(HttpGateway):
    name = "Twilio"
    code = "twilio"
    repeats_are_safe = False

    def __init__(self) -> None:
        super().__init__(settings.TWILIO_URL, auth=(settings.TWILIO_SID, settings.TWILIO_TOKEN))

    def send(self, phone: str, text: str, *, key: str) -> str:
        sender = settings.TWILIO_SENDER
        form = {
            "To": phone,
            "MessagingServiceSid" if sender.startswith("MG") else "From": sender,
            "Body": text,
            "StatusCallback": hook_address(),
        }
        status, answer = self._call("POST", f"{self._account}/Messages.json", data=form)
        if status < 300 and answer.get("sid"):
            return str(answer["sid"])
        if 400 <= status < 500:
            raise self._refusal(status, answer)
        raise OutcomeUnknown(f"HTTP {status}")

    def fates(self, ids: Sequence[str]) -> Mapping[str, Fate]:
        fates = {}
        for sid in ids:
            status, answer = self._call("GET", f"{self._account}/Messages/{sid}.json")
            if status < 300:
                at = str(answer.get("date_updated") or "")
                fate = fate_of(str(answer.get("status") or ""), answer.get("error_code"), at)
                if fate:
                    fates[sid] = fate
        return fates

    def balance(self) -> Decimal | None:
        return None  # kept in dollars

    @property
    def _account(self) -> str:
        return f"/2010-04-01/Accounts/{settings.TWILIO_SID}"

    def _refusal(self, status: int, answer: dict[str, Any]) -> MessageRejected | GatewayUnavailable:
        """Their message repeats the number; the code alone is kept."""
        code = _number(answer.get("code"))
        reason = f"{code or status}"
        if status in (401, 403) or code in _ALERTS:
            return self._needs_attention(reason)
        if code in _THROTTLED:
            return GatewayUnavailable(reason)
        return MessageRejected(reason, closes=_CLOSES.get(code, ""))


def fate_of(status: str, error_code: object = None, at: str = "") -> Fate | None:
    """Twilio's word for a state, its error number and time (RFC 2822); None for what is still open."""
    word = status.strip().lower()
    news = _NEWS.get(word)
    if news is None:
        return None
    error = _number(error_code)
    try:
        happened_at = parsedate_to_datetime(at) if at else None
    except ValueError:
        happened_at = None
    if happened_at is not None and happened_at.tzinfo is None:
        happened_at = None
    return Fate(news, f"{word} {error}" if error else word, happened_at, _CLOSES_LATER.get(error, ""))


def hook_address() -> str:
    return f"{settings.PUBLIC_URL}{reverse('twilio_hook')}"


def is_signed(address: str, fields: Mapping[str, str], signature: str, token: str) -> bool:
    """``X-Twilio-Signature``: HMAC-SHA1 over the address and the form's fields, sorted by name."""
    said = address + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    proof = base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest())
    return hmac.compare_digest(signature.strip().encode(), proof)


def _number(code: object) -> int:
    try:
        return int(str(code or 0))
    except ValueError:
        return 0
