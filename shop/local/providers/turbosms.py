"""TurboSMS as a WSGI app: the HTTP API of https://turbosms.ua/ua/api.html as far as the shop uses it.

Messages become ``<nanoseconds>.json`` in the mailbox. ``POST control.json {"answer": "no-money", "times": 3}`` makes
the next calls fail in a way that the real one does; see ``Answer``. ``{"state": "Undelivered"}``: messages have got no
further than that.
"""

import hashlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shop.local.home import Home, write_atomically
from shop.local.providers.texting import How, Posted

_NAMES = {
    0: "OK",
    1: "PONG",
    103: "REQUIRED_TOKEN",
    200: "REQUIRED_MESSAGE_SENDER",
    201: "REQUIRED_MESSAGE_TEXT",
    202: "REQUIRED_MESSAGE_RECIPIENT",
    203: "REQUIRED_BALANCE",
    301: "INVALID_TOKEN",
    305: "INVALID_PHONE",
    404: "NOT_ALLOWED_NUMBER_STOPLIST",
    405: "NOT_ALLOWED_RECIPIENTS_COUNT",
    414: "NOT_FOUND_MESSAGE",
    427: "NOT_ALLOWED_DUPLICATE",
    502: "FAILED_PARSE_BODY",
    503: "FAILED_SMS_SEND",
    507: "FAILED_DUPLICATE_REQUEST",
    800: "SUCCESS_MESSAGE_ACCEPTED",
    802: "SUCCESS_MESSAGE_PARTIAL_ACCEPTED",
}
_KYIV = ZoneInfo("Europe/Kyiv")
_EQUAL_MESSAGE_SECONDS = 90
_SMS_PRICE = 0.85


class Answer(StrEnum):
    """What ``message/send.json`` does with the next call."""

    ACCEPT = "accept"
    BAD_TOKEN = "bad-token"  # noqa: S105
    NO_MONEY = "no-money"
    STOP_LIST = "stop-list"
    BUSY = "busy"
    TOO_MANY = "too-many"  # HTTP 429 from the proxy in front
    BROKEN = "broken"  # HTTP 502 with a page of HTML, nothing happened
    GATEWAY_TIMEOUT = "gateway-timeout"  # HTTP 504 with a page of HTML, the message was taken
    SLOW = "slow"  # takes the message at once and answers ``slow_seconds`` later
    GARBAGE = "garbage"


class TurboSms:
    """One account. Threads may call it at once; a ``sequence_id`` runs once however often it comes."""

    def __init__(self, mailbox: Callable[[], Path], *, slow_seconds: float = 20) -> None:
        self._mailbox = mailbox
        self.slow_seconds = slow_seconds
        self._lock = threading.Lock()
        self._results: dict[str, list[dict[str, Any]]] | None = None
        self._sent: dict[str, dict[str, Any]] = {}
        self._last_equal: dict[tuple[str, str], float] = {}
        self._answer = Answer.ACCEPT
        self._times: int | None = None
        self.state = "Delivered"

    def set_answer(self, answer: str, times: int | None = None) -> None:
        """Answer so ``times`` times (None: until told otherwise), then accept again. Raises ValueError."""
        with self._lock:
            self._answer, self._times = Answer(answer), times

    def tell(
        self, status: str, address: str, secret: str, *, how: str = How.NORMAL, at: str = "", event_id: str = ""
    ) -> list[Posted]:
        """Callbacks about the last message; ``at`` is Kyiv's time. Only the event's id is signed."""
        message_id = self.sent[-1]["message_id"]
        event_id = event_id or uuid.uuid4().hex
        proof = secret if How(how) is not How.WRONG_SIGNATURE else f"{secret}?"
        signature = hashlib.sha1(f"{proof}{event_id}".encode()).hexdigest()  # noqa: S324
        notices = [self._notice(event_id, signature, message_id, status, at)]
        if How(how) is How.TWICE:
            notices *= 2
        elif How(how) is How.OTHER_MESSAGE:  # heard on the way, and sent again about somebody else
            notices.append(self._notice(event_id, signature, str(uuid.uuid4()), status, at))
        return [Posted(address, notice, {"Content-Type": "application/json"}) for notice in notices]

    def _notice(self, event_id: str, signature: str, message_id: str, status: str, at: str) -> bytes:
        data = {"message_id": message_id, "status": status, "dlr_date": at}
        said = {"id": event_id, "type": "status", "try": 1, "signature": signature, "data": data}
        return json.dumps(said).encode()

    @property
    def sent(self) -> list[dict[str, Any]]:
        """What reached phones, in order."""
        with self._lock:
            self._remember()
            return list(self._sent.values())

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            data = json.loads(body or b"{}")
        except ValueError:
            return _reply(start_response, _envelope(502))
        path = environ["PATH_INFO"].strip("/")
        if path == "control.json":
            if "answer" in data:
                self.set_answer(data["answer"], data.get("times"))
            self.state = data.get("state", self.state)
            return _reply(start_response, _envelope(0))
        if path.endswith("ping.json"):
            return _reply(start_response, _envelope(1))
        if not environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ").strip():
            return _reply(start_response, _envelope(103))
        match path:
            case "message/send.json":
                return self._send(data, start_response)
            case "message/status.json":
                return _reply(start_response, _envelope(0, self._statuses(data.get("messages", []))))
            case "user/balance.json":
                balance = round(1000 - _SMS_PRICE * len(self.sent), 2)
                return _reply(start_response, _envelope(0, {"balance": balance}))
        return _html(start_response, HTTPStatus.NOT_FOUND)

    def _send(self, data: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self._take_answer()
        refusal = {Answer.BAD_TOKEN: 301, Answer.NO_MONEY: 203, Answer.BUSY: 503}.get(answer)
        if refusal:
            return _reply(start_response, _envelope(refusal))
        if answer is Answer.TOO_MANY:
            return _html(start_response, HTTPStatus.TOO_MANY_REQUESTS)
        if answer is Answer.BROKEN:
            return _html(start_response, HTTPStatus.BAD_GATEWAY)
        sms = data.get("sms") or data.get("viber") or {}
        sender: str = sms.get("sender", data.get("sender")) or ""
        text: str = sms.get("text", data.get("text")) or ""
        recipients = data.get("recipients") or []
        missing = next((code for code, value in ((200, sender), (201, text), (202, recipients)) if not value), None)
        if missing or len(recipients) > 5000:
            return _reply(start_response, _envelope(missing or 405))
        code, rows = self._accept(data.get("sequence_id"), recipients, sender, text, stop=answer is Answer.STOP_LIST)
        if answer is Answer.GATEWAY_TIMEOUT:
            return _html(start_response, HTTPStatus.GATEWAY_TIMEOUT)
        if answer is Answer.GARBAGE:
            return _html(start_response, HTTPStatus.OK)
        if answer is Answer.SLOW:
            time.sleep(self.slow_seconds)
        return _reply(start_response, _envelope(code, rows))

    def _take_answer(self) -> Answer:
        with self._lock:
            answer = self._answer
            if self._times is not None:
                self._times -= 1
                if self._times <= 0:
                    self._answer, self._times = Answer.ACCEPT, None
            return answer

    def _accept(
        self, sequence_id: str | None, recipients: list[str], sender: str, text: str, *, stop: bool
    ) -> tuple[int, list[dict[str, Any]]]:
        """Deliver to each phone once; a known ``sequence_id`` gives the earlier rows and code 507."""
        with self._lock:
            results = self._remember()
            if sequence_id and sequence_id in results:
                return 507, results[sequence_id]
            rows = [self._accept_one(sequence_id, phone, sender, text, stop=stop) for phone in recipients]
            if sequence_id:
                results[sequence_id] = rows
        return (800 if all(row["response_code"] == 0 for row in rows) else 802), rows

    def _accept_one(self, sequence_id: str | None, phone: str, sender: str, text: str, *, stop: bool) -> dict[str, Any]:
        code = 0
        now = time.time()
        if not (phone.isdecimal() and 10 <= len(phone) <= 15):
            code = 305
        elif stop:
            code = 404
        elif now - self._last_equal.get((phone, text), 0) < _EQUAL_MESSAGE_SECONDS:
            code = 427
        if code:
            return {"phone": phone, "message_id": None, "response_code": code, "response_status": _NAMES[code]}
        self._last_equal[phone, text] = now
        message_id = str(uuid.uuid4())
        message = {
            "message_id": message_id,
            "sequence_id": sequence_id,
            "phone": f"+{phone}",
            "sender": sender,
            "text": text,
            "received_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        write_atomically(self._mailbox() / f"{time.time_ns()}.json", json.dumps(message, ensure_ascii=False, indent=1))
        self._sent[message_id] = message
        return {"phone": phone, "message_id": message_id, "response_code": 0, "response_status": _NAMES[0]}

    def _remember(self) -> dict[str, list[dict[str, Any]]]:
        """What an earlier process of this provider took, read once from the mailbox."""
        if self._results is None:
            self._results = {}
            for file in sorted(self._mailbox().glob("*.json")):
                message = json.loads(file.read_text())
                if message.get("provider", "turbosms") != "turbosms":
                    continue  # another gateway's
                self._sent[message["message_id"]] = message
                row = {"phone": message["phone"].removeprefix("+"), "message_id": message["message_id"]}
                self._results[message["sequence_id"]] = [row | {"response_code": 0, "response_status": _NAMES[0]}]
        return self._results

    def _statuses(self, message_ids: list[str]) -> list[dict[str, Any]]:
        with self._lock:
            self._remember()
            return [_status(message_id, self._sent.get(message_id), self.state) for message_id in message_ids]


def _status(message_id: str, message: dict[str, Any] | None, state: str) -> dict[str, Any]:
    if message is None:
        return {"message_id": message_id, "response_code": 414, "response_status": _NAMES[414]}
    sent = datetime.fromisoformat(message["received_at"]).astimezone(_KYIV).strftime("%Y-%m-%d %H:%M:%S")
    return {
        "message_id": message_id,
        "response_code": 0,
        "response_status": _NAMES[0],
        "recipient": message["phone"].removeprefix("+"),
        "sent": sent,
        "updated": sent,
        "status": state,
        "type": "sms",
        "rejected_status": None,
        "click_time": None,
    }


def _envelope(code: int, result: Any = None) -> dict[str, Any]:
    return {"response_code": code, "response_status": _NAMES[code], "response_result": result}


def _reply(start_response: Callable[..., Any], answer: dict[str, Any]) -> Iterable[bytes]:
    body = json.dumps(answer, ensure_ascii=False).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _html(start_response: Callable[..., Any], status: HTTPStatus) -> Iterable[bytes]:
    body = f"<html><body><h1>{status.value} {status.phrase}</h1></body></html>".encode()
    start_response(
        f"{status.value} {status.phrase}", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))]
    )
    return [body]


app = TurboSms(lambda: Home().mailbox)
