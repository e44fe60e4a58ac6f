"""AlphaSMS, JSON API (https://alphasms.ua/api/json.php): one address, a list of orders, ``success`` at two levels.

A message carries a number of ours, made of its key, by which its state is asked. Whether a repeated number is sent
again is documented nowhere, so an unknown outcome is not repeated.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.urls import reverse

from shop.lib.crypto import link_secret
from shop.messaging.errors import GatewayUnavailable, MessageRejected, OutcomeUnknown
from shop.messaging.gateways import Fate
from shop.messaging.gateways.http import HttpGateway
from shop.messaging.models import News, Suppression

_PATH = "/api/json.php"
# The negative words first: UNDELIVERABLE holds DELIVER.
_BAD = ("UNDELIV", "EXPIRED", "REJECT", "DELETED", "NO ROUTE", "NOROUTE")
_NUMBERS = {
    "102": News.DELIVERED,
    **dict.fromkeys(["103", "104", "105", "108"], News.UNDELIVERED),
}
_LIFETIME_SECONDS = 86_400
HOOK = "alphasms-hook"


class AlphaSmsGateway(HttpGateway):
    name = "AlphaSMS"
    code = "alphasms"
    repeats_are_safe = False

    def __init__(self) -> None:
        super().__init__(settings.ALPHASMS_URL)

    def send(self, phone: str, text: str, *, key: str) -> str:
        number = number_of(key)
        row = self._one(
            {
                "type": "sms",
                "id": number,
                "phone": phone.removeprefix("+"),
                "sms_signature": settings.ALPHASMS_SENDER,
                "sms_message": text,
                "sms_lifetime": _LIFETIME_SECONDS,
                "hook": hook_address(number),
            }
        )
        if not isinstance(row, dict) or not (row.get("id") or row.get("msg_id")):
            raise OutcomeUnknown("accepted without an id")
        return str(number)

    def fates(self, ids: Sequence[str]) -> Mapping[str, Fate]:
        ours = [each for each in ids if each.isdecimal()]
        answer = self._ask([{"type": "status", "id": int(each)} for each in ours])
        fates = {}
        for asked, row in zip(ours, _rows(answer), strict=False):
            data = row.get("data")
            if not isinstance(data, dict) or str(data.get("id", asked)) != asked:
                continue
            if fate := fate_of(str(data.get("status") or "")):
                fates[asked] = fate
        return fates

    def balance(self) -> Decimal | None:
        data = self._one({"type": "balance"})
        try:
            return Decimal(str(data["amount"]))
        except (LookupError, TypeError, InvalidOperation) as error:
            raise GatewayUnavailable("no balance") from error

    def _one(self, order: dict[str, Any]) -> Any:
        """What the only order of a request brought."""
        answer = self._ask([order])
        try:
            row = _rows(answer)[0]
        except LookupError as error:
            raise OutcomeUnknown("an answer without a row") from error
        if row.get("success") is not True:
            raise self._refusal(str(row.get("error") or ""))
        return row.get("data")

    def _ask(self, orders: list[dict[str, Any]]) -> dict[str, Any]:
        status, answer = self._call("POST", _PATH, json={"auth": settings.ALPHASMS_KEY, "data": orders})
        if answer.get("success") is True:
            return answer
        if answer.get("success") is False and status < 500:
            raise self._refusal(str(answer.get("error") or ""))
        raise OutcomeUnknown(f"HTTP {status}, not an answer of {self.name}")

    def _refusal(self, error: str) -> MessageRejected | GatewayUnavailable | OutcomeUnknown:
        """By the words: the provider has no codes. Theirs are not kept, they may repeat the number or the text."""
        said = error.lower()
        for words, reason in _TROUBLES.items():
            if any(word in said for word in words):
                return self._needs_attention(reason)
        if any(word in said for word in ("stop", "blacklist", "black list", "чорн")):
            return MessageRejected("stop-list", closes=Suppression.Reason.STOP_LIST)
        if any(word in said for word in ("phone", "number", "номер", "recipient")):
            return MessageRejected("bad phone", closes=Suppression.Reason.BAD_NUMBER)
        if any(word in said for word in ("limit", "busy", "later", "temporar", "internal")):
            return GatewayUnavailable("busy")
        return GatewayUnavailable("refused")  # surely not taken, and not known to be the receiver's fault


# Words of an error, and what it is in ours.
_TROUBLES = {
    ("auth", "key", "token", "access", "ключ"): "auth",
    ("balance", "money", "credit", "funds", "баланс", "кошт"): "no-money",
    ("signature", "sender", "підпис", "відправник"): "sender",
}


def number_of(key: str) -> int:
    """A whole number that stands for our key (52 bits, safe in every JSON reader)."""
    return int(key[:13], 16)


def hook_address(number: int) -> str:
    """Where this message's news is told. The callback is not signed: its address is the proof, of this message only."""
    secret = link_secret(HOOK, str(number))
    return f"{settings.PUBLIC_URL}{reverse('alphasms_hook', args=[number, secret])}"


def fate_of(status: str) -> Fate | None:
    """AlphaSMS's word or old number for a state; None for what is still open."""
    word = status.strip().upper()
    news = _NUMBERS.get(word)
    if news is None and any(bad in word for bad in _BAD):
        news = News.UNDELIVERED
    elif news is None and word.startswith("DELIVERED"):
        news = News.DELIVERED
    elif news is None and word == "READ":
        news = News.READ
    return None if news is None else Fate(news, word[:60])


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    data = answer.get("data")
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []
