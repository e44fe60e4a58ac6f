"""TurboSMS, HTTP API (https://turbosms.ua/ua/api.html): every valid request is answered HTTP 200, the codes tell.

``sequence_id`` makes a request run once: a repeat is answered 507 with the earlier result.
"""

from http import HTTPStatus
from typing import Any

import httpx
import structlog
from django.conf import settings

from shop.messaging.errors import GatewayUnavailable, MessageRejected, OutcomeUnknown

log = structlog.get_logger(__name__)

# 0 OK, 800 accepted, 801 sent, 802 and 803 partly: read the row.
_TOP_LEVEL_SUCCESS = frozenset({0, 800, 801, 802, 803})
_REPEATED = 507
# Token missing or wrong, account blocked; no money; our sender name is not allowed or not paid for: nothing goes
# out until a person acts, and then everything can.
_ALERTS = frozenset({103, 105, 106, 301, 203, 200, 302, 400, 401, 415, 416, 421})
# An equal text to the same phone within 90 s; the provider's own troubles.
_BUSY = frozenset({427, 500, 501, 503, 504, 505, 506, 999})


class TurboSmsGateway:
    name = "TurboSMS"
    repeats_are_safe = True

    def __init__(self) -> None:
        self._client: httpx.Client | None = None

    def open(self) -> None:
        if self._client is not None:
            return
        client = httpx.Client(
            base_url=settings.TURBOSMS_URL,
            headers={"Authorization": f"Bearer {settings.TURBOSMS_TOKEN}"},
            timeout=httpx.Timeout(10, connect=3),
            follow_redirects=False,
        )
        try:  # any answer will do: it shows that messages can be handed over, and carries no personal data
            client.get("/message/ping.json")
        except httpx.HTTPError as error:
            client.close()
            raise GatewayUnavailable(type(error).__name__) from error
        self._client = client

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def send(self, phone: str, text: str, *, key: str) -> str:
        answer = self._post(
            "/message/send.json",
            {
                "recipients": [phone.removeprefix("+")],
                "sequence_id": key,
                "sms": {"sender": settings.TURBOSMS_SENDER, "text": text},
            },
        )
        code, result = answer["response_code"], answer.get("response_result")
        if code not in _TOP_LEVEL_SUCCESS and not (code == _REPEATED and result):
            raise _refusal(code, answer)
        return _message_id(result)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self.open()
        assert self._client is not None
        try:
            response = self._client.post(path, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise GatewayUnavailable(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise OutcomeUnknown(type(error).__name__) from error
        if response.status_code in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            raise GatewayUnavailable(f"HTTP {response.status_code}")
        try:
            answer: dict[str, Any] = response.json()
            answer["response_code"] = int(answer["response_code"])
        except (ValueError, KeyError, TypeError) as error:
            raise OutcomeUnknown(f"HTTP {response.status_code}, not an answer of TurboSMS") from error
        return answer


def _message_id(result: Any) -> str:
    """The id of the one message in a successful answer; its row may still refuse it."""
    try:
        row = result[0]
        code, message_id = int(row["response_code"]), row["message_id"]
    except (LookupError, TypeError, ValueError) as error:
        raise OutcomeUnknown("an answer without a row") from error
    if code != 0:
        raise _refusal(code, row)
    if not message_id:
        raise OutcomeUnknown("accepted without an id")
    return str(message_id)


def _refusal(code: int, answer: dict[str, Any]) -> MessageRejected | GatewayUnavailable | OutcomeUnknown:
    reason = f"{code} {str(answer.get('response_status', ''))[:60]}".strip()
    if code in _ALERTS:
        log.error("sms-gateway-needs-attention", code=code)
        return GatewayUnavailable(reason)
    if code in _BUSY:
        return GatewayUnavailable(reason)
    if code == _REPEATED:
        return OutcomeUnknown(reason)
    return MessageRejected(reason)
