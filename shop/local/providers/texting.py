"""What the fakes of SMS gateways share: the answer of the next call, messages in the mailbox, states, callbacks.

``POST control.json`` with ``{"answer": "slow", "times": 3}`` makes the next calls fail in a way that the real ones do
(``Answer``); with ``{"state": "UNDELIV"}`` messages have got no further than that.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from shop.local.home import Home, write_atomically

type Start = Callable[..., Any]


class Answer(StrEnum):
    """What the gateway does with the next message."""

    ACCEPT = "accept"
    BAD_KEY = "bad-key"
    NO_MONEY = "no-money"
    BAD_PHONE = "bad-phone"
    STOP_LIST = "stop-list"
    TOO_MANY = "too-many"  # HTTP 429
    BROKEN = "broken"  # HTTP 502 with a page of HTML; nothing happened
    GATEWAY_TIMEOUT = "gateway-timeout"  # HTTP 504 with a page of HTML; the message was taken
    SLOW = "slow"  # takes the message at once and answers ``slow_seconds`` later
    GARBAGE = "garbage"  # takes the message, HTTP 200 with a page of HTML


class How(StrEnum):
    """How a callback comes."""

    NORMAL = "normal"
    TWICE = "twice"
    WRONG_SIGNATURE = "wrong-signature"
    OTHER_MESSAGE = "other-message"  # the proof of this message's callback under the news of another one


@dataclass(frozen=True)
class Posted:
    """A callback as it goes out."""

    address: str
    body: bytes
    headers: dict[str, str]

    def send(self) -> int:
        """The status it was answered with; 0 when nobody is there."""
        try:
            return httpx.post(self.address, content=self.body, headers=self.headers, timeout=10).status_code
        except httpx.HTTPError:
            return 0


class TextingProvider:
    """One account. Subclasses speak one gateway's protocol and repeat a message as often as they are asked to."""

    code = ""
    price = 0.89

    def __init__(self, mailbox: Callable[[], Path] | None = None, *, slow_seconds: float = 20) -> None:
        self._mailbox = mailbox or (lambda: Home().mailbox)
        self.slow_seconds = slow_seconds
        self.lock = threading.RLock()
        self.state = ""
        self._sent: dict[str, dict[str, Any]] | None = None
        self._answer, self._times = Answer.ACCEPT, 0

    def set_answer(self, answer: str, times: int = 1) -> None:
        """Answer so ``times`` times, then accept again. Raises ValueError."""
        with self.lock:
            self._answer, self._times = Answer(answer), times

    @property
    def sent(self) -> list[dict[str, Any]]:
        """What reached phones, in order."""
        return list(self.messages.values())

    @property
    def messages(self) -> dict[str, dict[str, Any]]:
        """By the gateway's id; what an earlier process took is read once from the mailbox."""
        with self.lock:
            if self._sent is None:
                kept = [json.loads(file.read_text()) for file in sorted(self._mailbox().glob("*.json"))]
                self._sent = {each["message_id"]: each for each in kept if each.get("provider") == self.code}
            return self._sent

    def take(self, message_id: str, phone: str, sender: str, text: str, **more: Any) -> dict[str, Any]:
        """The message reaches its phone."""
        message = {
            "provider": self.code,
            "message_id": message_id,
            "phone": f"+{phone.removeprefix('+')}",
            "sender": sender,
            "text": text,
            "received_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            **more,
        }
        with self.lock:
            self.messages[message_id] = message
            file = self._mailbox() / f"{time.time_ns()}.json"
            write_atomically(file, json.dumps(message, ensure_ascii=False, indent=1))
        return message

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = environ["PATH_INFO"].strip("/")
        if path == "control.json":
            wanted = json.loads(body)
            if "answer" in wanted:
                self.set_answer(wanted["answer"], wanted.get("times", 1))
            self.state = wanted.get("state", self.state)
            return reply(start_response, {})
        return self.serve(path, environ, body, start_response)

    def hand_in(self, start_response: Start, accept: Callable[[Answer], tuple[int, Any]]) -> Iterable[bytes]:
        """A message comes in. ``accept`` takes or refuses it in the gateway's own words; the way back may break."""
        answer = self._take_answer()
        if answer is Answer.TOO_MANY:
            return html(start_response, HTTPStatus.TOO_MANY_REQUESTS)
        if answer is Answer.BROKEN:
            return html(start_response, HTTPStatus.BAD_GATEWAY)
        status, said = accept(answer)
        if answer is Answer.GATEWAY_TIMEOUT:
            return html(start_response, HTTPStatus.GATEWAY_TIMEOUT)
        if answer is Answer.GARBAGE:
            return html(start_response, HTTPStatus.OK)
        if answer is Answer.SLOW:
            time.sleep(self.slow_seconds)
        return reply(start_response, said, HTTPStatus(status))

    def _take_answer(self) -> Answer:
        with self.lock:
            answer = self._answer
            self._times -= 1
            if self._times <= 0:
                self._answer, self._times = Answer.ACCEPT, 0
            return answer

    def serve(self, path: str, environ: dict[str, Any], body: bytes, start_response: Start) -> Iterable[bytes]:
        raise NotImplementedError


def is_phone(digits: str) -> bool:
    return digits.isdecimal() and 10 <= len(digits) <= 15


def form_of(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def reply(start_response: Start, answer: Any, status: HTTPStatus = HTTPStatus.OK) -> Iterable[bytes]:
    body = json.dumps(answer, ensure_ascii=False).encode()
    head = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", head)
    return [body]


def html(start_response: Start, status: HTTPStatus) -> Iterable[bytes]:
    body = f"<html><body><h1>{status.value} {status.phrase}</h1></body></html>".encode()
    head = [("Content-Type", "text/html"), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", head)
    return [body]
