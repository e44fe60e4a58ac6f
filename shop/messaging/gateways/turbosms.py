"""TurboSMS, HTTP API (https://turbosms.ua/ua/api.html): every valid request is answered HTTP 200, the codes tell.

``sequence_id`` makes a request run once: a repeat is answered 507 with the earlier result.
With ``TURBOSMS_VIBER_SENDER`` a message goes by Viber first, and as an SMS when Viber has not delivered it.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from shop.messaging.errors import GatewayUnavailable, MessageRejected, NotYet, OutcomeUnknown
from shop.messaging.gateways import Fate
from shop.messaging.gateways.http import HttpGateway
from shop.messaging.models import News, Suppression

# 0 OK, 800 accepted, 801 sent, 802 and 803 partly: read the row.
_TOP_LEVEL_SUCCESS = frozenset({0, 800, 801, 802, 803})
_REPEATED = 507
# Token missing or wrong, account blocked; no money; our sender name is not allowed or not paid for.
_ALERTS = frozenset({103, 105, 106, 301, 203, 200, 302, 400, 401, 415, 416, 421})
# The provider's own troubles before anything went out …
_BUSY = frozenset({500, 501, 503, 504})
# … and those after which it may have gone: not written down there, "fatal error".
_UNCERTAIN = frozenset({_REPEATED, 505, 506, 999})
_EQUAL_TEXT = 427  # to the same phone within 90 s
_CLOSES = {305: Suppression.Reason.BAD_NUMBER, 404: Suppression.Reason.STOP_LIST}

_KYIV = ZoneInfo("Europe/Kyiv")
_NEWS = {
    "sent": News.SENT,
    "delivered": News.DELIVERED,
    "delivrd": News.DELIVERED,
    "read": News.READ,
    **dict.fromkeys(
        ["undelivered", "undeliv", "rejected", "rejectd", "expired", "failed", "cancelled"], News.UNDELIVERED
    ),
}
# The shortest that TurboSMS allows before the SMS goes: a code must not come late.
_VIBER_SECONDS = 60
_LONGEST_VIBER = 1000


class TurboSmsGateway(HttpGateway):
    name = "TurboSMS"
    code = "turbosms"
    repeats_are_safe = True
    _greeting = "/message/ping.json"

    def __init__(self) -> None:
        super().__init__(settings.TURBOSMS_URL, headers={"Authorization": f"Bearer {settings.TURBOSMS_TOKEN}"})

    def send(self, phone: str, text: str, *, key: str) -> str:
        body: dict[str, Any] = {
            "recipients": [phone.removeprefix("+")],
            "sequence_id": key,
            "sms": {"sender": settings.TURBOSMS_SENDER, "text": text},
        }
        if settings.TURBOSMS_VIBER_SENDER and len(text) <= _LONGEST_VIBER:
            body["viber"] = {"sender": settings.TURBOSMS_VIBER_SENDER, "text": text, "ttl": _VIBER_SECONDS}
        code, answer = self._post("/message/send.json", body)
        result = answer.get("response_result")
        if code not in _TOP_LEVEL_SUCCESS and not (code == _REPEATED and result):
            raise self._refusal(code, answer)
        return self._message_id(result)

    def fates(self, ids: Sequence[str]) -> Mapping[str, Fate]:
        code, answer = self._post("/message/status.json", {"messages": list(ids)})
        if code not in _TOP_LEVEL_SUCCESS:
            raise self._refusal(code, answer)
        fates = {}
        for row in answer.get("response_result") or []:
            fate = fate_of(str(row.get("status") or ""), str(row.get("updated") or ""))
            if fate:
                fates[str(row.get("message_id"))] = fate
        return fates

    def balance(self) -> Decimal | None:
        code, answer = self._post("/user/balance.json", {})
        try:
            return Decimal(str(answer["response_result"]["balance"]))
        except (LookupError, TypeError, InvalidOperation) as error:
            raise GatewayUnavailable(f"{code} no balance") from error

    def _post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, answer = self._call("POST", path, json=body)
        try:
            return int(answer["response_code"]), answer
        except (KeyError, TypeError, ValueError) as error:
            raise OutcomeUnknown(f"HTTP {status}, not an answer of {self.name}") from error

    def _message_id(self, result: Any) -> str:
        """The id of the one message in a successful answer; its row may still refuse it."""
        try:
            row = result[0]
            code, message_id = int(row["response_code"]), row["message_id"]
        except (LookupError, TypeError, ValueError) as error:
            raise OutcomeUnknown("an answer without a row") from error
        if code != 0:
            raise self._refusal(code, row)
        if not message_id:
            raise OutcomeUnknown("accepted without an id")
        return str(message_id)

    def _refusal(self, code: int, answer: dict[str, Any]) -> MessageRejected | GatewayUnavailable | OutcomeUnknown:
        reason = f"{code} {str(answer.get('response_status', ''))[:60]}".strip()
        if code in _ALERTS:
            return self._needs_attention(reason)
        if code == _EQUAL_TEXT:
            return NotYet(reason)
        if code in _BUSY:
            return GatewayUnavailable(reason)
        if code in _UNCERTAIN:
            return OutcomeUnknown(reason)
        return MessageRejected(reason, closes=_CLOSES.get(code, ""))


def fate_of(status: str, at: str) -> Fate | None:
    """TurboSMS's word for a state and its Kyiv time (``2020-01-29 10:19:21``); None for what is still open."""
    news = _NEWS.get(status.strip().lower())
    if news is None:
        return None
    try:
        happened_at = datetime.fromisoformat(at).replace(tzinfo=_KYIV)
    except ValueError:
        happened_at = None
    return Fate(news, status.strip()[:60], happened_at)


def is_signed(event_id: str, signature: str, secret: str) -> bool:
    """Whether who knows ``secret`` made a callback. In which order it is hashed with the id is documented nowhere."""
    given = signature.strip().lower().encode()
    orders = (f"{secret}{event_id}", f"{event_id}{secret}")
    proofs = [hashlib.sha1(each.encode()).hexdigest().encode() for each in orders]  # noqa: S324  # the provider's choice
    return any([hmac.compare_digest(given, proof) for proof in proofs])  # noqa: C419  # both are compared, always
