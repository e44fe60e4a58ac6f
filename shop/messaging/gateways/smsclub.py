"""SMS Club (https://im.smsclub.mobi): JSON over HTTPS; it tells nothing by itself, so states are asked."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings

from shop.messaging.errors import GatewayUnavailable, MessageRejected, NotYet, OutcomeUnknown
from shop.messaging.gateways import Fate
from shop.messaging.gateways.http import HttpGateway
from shop.messaging.models import News, Suppression

_NEWS = {
    "DELIVRD": News.DELIVERED,
    "EXPIRED": News.UNDELIVERED,
    "UNDELIV": News.UNDELIVERED,
    "REJECTD": News.UNDELIVERED,
}
_MOST_IDS = 100
_EQUAL_TEXT = 453  # to the same phone within two minutes


class SmsClubGateway(HttpGateway):
    name = "SMS Club"
    code = "smsclub"
    repeats_are_safe = False

    def __init__(self) -> None:
        super().__init__(settings.SMSCLUB_URL, headers={"Authorization": f"Bearer {settings.SMSCLUB_TOKEN}"})

    def send(self, phone: str, text: str, *, key: str) -> str:
        digits = phone.removeprefix("+")
        done = self._post("/sms/send", {"src_addr": settings.SMSCLUB_SENDER, "phone": [digits], "message": text})
        info, add_info = done.get("info"), done.get("add_info")
        if isinstance(info, dict):
            for message_id, receiver in info.items():
                if str(receiver) == digits and message_id:
                    return str(message_id)
        if isinstance(add_info, dict) and digits in add_info:
            raise _refusal_of_number(str(add_info[digits]))
        raise OutcomeUnknown("an answer without a row")

    def fates(self, ids: Sequence[str]) -> Mapping[str, Fate]:
        fates = {}
        for start in range(0, len(ids), _MOST_IDS):
            done = self._post("/sms/status", {"id_sms": list(ids[start : start + _MOST_IDS])})
            info = done.get("info")
            for message_id, status in info.items() if isinstance(info, dict) else ():
                word = str(status).strip().upper()
                if news := _NEWS.get(word):
                    fates[str(message_id)] = Fate(news, word[:60])
        return fates

    def balance(self) -> Decimal | None:
        info = self._post("/sms/balance", {}).get("info")
        try:
            if str(info["currency"]).upper() != "UAH":  # type: ignore[index]
                return None
            return Decimal(str(info["money"]))  # type: ignore[index]
        except (LookupError, TypeError, InvalidOperation) as error:
            raise GatewayUnavailable("no balance") from error

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        status, answer = self._call("POST", path, json=body)
        done = answer.get("success_request")
        if status < 400 and isinstance(done, dict):
            return done
        code = _code(status, answer)
        if code in (401, 402, 403):
            raise self._needs_attention(f"{code}")
        if code == _EQUAL_TEXT:
            raise NotYet(f"{code}")
        if code in (429, 503):
            raise GatewayUnavailable(f"{code}")
        if 400 <= code < 500:  # a request nobody carries out: a sender that is not ours, an empty text
            raise MessageRejected(f"{code}")
        raise OutcomeUnknown(f"HTTP {status}, not an answer of {self.name}")


def _code(status: int, answer: dict[str, Any]) -> int:
    """The error's own number where the answer has one: it may come with HTTP 200."""
    try:
        return int(answer.get("code") or answer.get("status") or status)
    except (TypeError, ValueError):
        return status


def _refusal_of_number(why: str) -> MessageRejected:
    """The provider's words are not kept: they may repeat the number."""
    if "stop" in why.lower() or "black" in why.lower():
        return MessageRejected("stop-list", closes=Suppression.Reason.STOP_LIST)
    return MessageRejected("bad phone", closes=Suppression.Reason.BAD_NUMBER)
