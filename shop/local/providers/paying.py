"""What the three payment providers of ``bin/up`` share: attempts, a page to pay on, notices, and ways to misbehave.

``POST control.json {"answer": "slow", "times": 1}`` makes the next calls of the interface answer otherwise
(``Answer``); ``{"notices": "twice"}`` changes how the next payment is told of (``Notices``).
"""

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from shop.local.home import write_atomically


class Answer(StrEnum):
    """What the next call of the interface is answered with."""

    NORMAL = "normal"
    REFUSED = "refused"  # understood, and the answer is no
    BAD_KEY = "bad-key"
    TOO_MANY = "too-many"  # HTTP 429
    BROKEN = "broken"  # HTTP 502 with a page of HTML; nothing happened
    SLOW = "slow"  # it happens at once and is answered ``slow_seconds`` later
    GARBAGE = "garbage"  # it happens, and HTTP 200 with a page of HTML comes back
    PENDING = "pending"  # refunds: taken, money goes later


class Notices(StrEnum):
    """How the next payment is told of."""

    NORMAL = "normal"
    NONE = "none"
    TWICE = "twice"
    FIVE_TIMES = "five-times"
    REORDERED = "reordered"  # paid first, in progress after it
    WRONG_SIGNATURE = "wrong-signature"
    OTHER_AMOUNT = "other-amount"
    OTHER_CURRENCY = "other-currency"
    UNKNOWN_ORDER = "unknown-order"
    LATE_SUCCESS = "late-success"  # declined, and paid after all


@dataclass
class Attempt:
    """One attempt to pay as the provider knows it; ``amount`` is text in hryvnias."""

    reference: str
    amount: str
    currency: str
    description: str
    return_url: str
    notice_url: str
    provider_id: str
    status: str = "created"  # created, processing, paid, failed, expired
    created_at: float = field(default_factory=time.time)
    changed_at: float = field(default_factory=time.time)
    # our reference of the refund, amount, done or pending
    refunds: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def returned(self) -> Decimal:
        return sum((Decimal(amount) for _name, amount, state in self.refunds if state == "done"), Decimal(0))

    def change(self, status: str) -> None:
        self.status, self.changed_at = status, max(time.time(), self.changed_at + 0.001)


@dataclass(frozen=True)
class Posted:
    """A notice as it went out."""

    address: str
    body: bytes
    headers: dict[str, str]
    status: int


type Start = Callable[..., Any]


def send_over_http(address: str, body: bytes, headers: dict[str, str]) -> int:
    """The status it was answered with; 0 when nobody is there (the real one would come again)."""
    try:
        return httpx.post(address, content=body, headers=headers, timeout=10).status_code
    except httpx.HTTPError:
        return 0


class PayingProvider:
    """Subclasses speak one provider's protocol; threads may call at once."""

    title = ""

    def __init__(self, folder: Callable[[], Path] | None = None, *, slow_seconds: float = 20) -> None:
        self.slow_seconds = slow_seconds
        self.lock = threading.RLock()
        self.send: Callable[[str, bytes, dict[str, str]], int] = send_over_http
        self.posted: list[Posted] = []
        self.calls: list[str] = []
        self._folder = folder
        self._attempts: dict[str, Attempt] | None = None
        self._answer, self._times = Answer.NORMAL, 0
        self._notices = Notices.NORMAL

    # What tests and people set.

    def set_answer(self, answer: str, times: int = 1) -> None:
        """Answer so ``times`` times, then as usual. Raises ValueError."""
        with self.lock:
            self._answer, self._times = Answer(answer), times

    def set_notices(self, notices: str) -> None:
        """Tell of the next payment so. Raises ValueError."""
        with self.lock:
            self._notices = Notices(notices)

    @property
    def attempts(self) -> dict[str, Attempt]:
        """By our reference."""
        with self.lock:
            if self._attempts is None:
                file = self._file()
                rows = json.loads(file.read_text()) if file and file.exists() else []
                self._attempts = {row["reference"]: Attempt(**row) for row in rows}
            return self._attempts

    # The buyer's part.

    def press(self, reference: str, button: str) -> Attempt:
        """What a buyer does on the page: ``pay``, ``decline`` or ``close``; notices go out before it returns."""
        attempt = self.attempts[reference]
        with self.lock:
            notices, self._notices = self._notices, Notices.NORMAL
        if attempt.status in ("created", "processing", "failed") and button in ("pay", "decline"):
            self._finish(attempt, notices, is_paid=button == "pay")
            self.keep()
        return attempt

    def _finish(self, attempt: Attempt, notices: Notices, *, is_paid: bool) -> None:
        if notices is Notices.LATE_SUCCESS:
            attempt.change("failed")
            self.tell(attempt)
            is_paid = True
        progress = None
        if notices is Notices.REORDERED:
            attempt.change("processing")
            progress = self.notice(attempt)
        attempt.change("paid" if is_paid else "failed")
        match notices:
            case Notices.NONE:
                return
            case Notices.WRONG_SIGNATURE:
                self.tell(attempt, is_signed=False)
            case Notices.OTHER_AMOUNT:
                self.tell(attempt, amount="1.00")
            case Notices.OTHER_CURRENCY:
                self.tell(attempt, currency="USD")
            case Notices.UNKNOWN_ORDER:
                self.tell(attempt, reference="0000000000-9")
            case _:
                times = {Notices.TWICE: 2, Notices.FIVE_TIMES: 5}.get(notices, 1)
                for _time in range(times):
                    self.tell(attempt)
        if progress:
            self._post(attempt.notice_url, *progress)

    def tell(self, attempt: Attempt, *, is_signed: bool = True, **changes: str) -> None:
        """Post a notice about where ``attempt`` stands; ``changes`` are lies in it."""
        self._post(attempt.notice_url, *self.notice(attempt, is_signed=is_signed, **changes))

    def _post(self, address: str, body: bytes, headers: dict[str, str]) -> None:
        status = self.send(address, body, headers)
        with self.lock:
            self.posted.append(Posted(address, body, headers, status))

    # The protocol.

    def notice(self, attempt: Attempt, *, is_signed: bool = True, **changes: str) -> tuple[bytes, dict[str, str]]:
        raise NotImplementedError

    def serve(self, path: str, environ: dict[str, Any], body: bytes, start_response: Start) -> Iterable[bytes]:
        raise NotImplementedError

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = environ["PATH_INFO"].strip("/")
        if path == "control.json":
            wanted = json.loads(body)
            if "answer" in wanted:
                self.set_answer(wanted["answer"], wanted.get("times", 1))
            if "notices" in wanted:
                self.set_notices(wanted["notices"])
            return reply(start_response, {})
        if path.startswith("page/"):
            return self._page(path.removeprefix("page/"), environ, body, start_response)
        return self.serve(path, environ, body, start_response)

    def take_answer(self) -> Answer:
        with self.lock:
            if self._times <= 0:
                return Answer.NORMAL
            self._times -= 1
            return self._answer

    def misbehave(self, answer: Answer, start_response: Start) -> Iterable[bytes] | None:
        """The answers that look alike everywhere; None when the provider has to speak for itself."""
        if answer is Answer.TOO_MANY:
            return html(start_response, "429 Too Many Requests", status=HTTPStatus.TOO_MANY_REQUESTS)
        if answer is Answer.BROKEN:
            return html(start_response, "502 Bad Gateway", status=HTTPStatus.BAD_GATEWAY)
        if answer is Answer.GARBAGE:
            return html(start_response, "It works!")
        if answer is Answer.SLOW:
            time.sleep(self.slow_seconds)
        return None

    def add(self, attempt: Attempt) -> Attempt:
        """A reference that is known keeps what it was."""
        with self.lock:
            known = self.attempts.setdefault(attempt.reference, attempt)
            self.keep()
            return known

    def keep(self) -> None:
        """Survive the end of the process, as a bank would."""
        file = self._file()
        if file:
            rows = [asdict(attempt) for attempt in self.attempts.values()]
            write_atomically(file, json.dumps(rows, ensure_ascii=False))

    def page_path(self, environ: dict[str, Any], attempt: Attempt) -> str:
        return f"{environ.get('SCRIPT_NAME', '')}/page/{attempt.reference}"

    def _file(self) -> Path | None:
        return self._folder() / f"{type(self).__name__.lower()}.json" if self._folder else None

    def _page(self, reference: str, environ: dict[str, Any], body: bytes, start_response: Start) -> Iterable[bytes]:
        if reference not in self.attempts:
            return html(start_response, "Такого платежу немає", status=HTTPStatus.NOT_FOUND)
        if environ["REQUEST_METHOD"] == "POST":
            button = dict(parse_qsl(body.decode())).get("button", "")
            attempt = self.press(reference, button)
            return self.send_back(attempt, start_response)
        return html(start_response, self._words(self.attempts[reference]), title=self.title)

    def send_back(self, attempt: Attempt, start_response: Start) -> Iterable[bytes]:
        start_response(
            "303 See Other", [("Location", attempt.return_url), ("Content-Length", "0"), ("Cache-Control", "no-store")]
        )
        return [b""]

    def _words(self, attempt: Attempt) -> str:
        facts = f"<p class=sum>{escape(attempt.amount)} ₴</p><p>{escape(attempt.description)}</p>"
        if attempt.status == "paid":
            back = _button("close", "Повернутися до магазину")
            return f"{facts}<p>Цей платіж уже сплачено.</p><form method=post>{back}</form>"
        buttons = (
            _button("pay", "Сплатити")
            + _button("decline", "Банк відмовляє")
            + _button("close", "Закрити, нічого не сплативши")
        )
        note = "<p class=note>Це імітація на вашій машині: справжніх грошей тут немає.</p>"
        return f"{facts}<form method=post>{buttons}</form>{note}"


def _button(name: str, words: str) -> str:
    return f'<button name=button value="{name}">{words}</button>'


def reply(start_response: Start, answer: Any, status: HTTPStatus = HTTPStatus.OK) -> Iterable[bytes]:
    body = json.dumps(answer, ensure_ascii=False).encode()
    start_response(
        f"{status.value} {status.phrase}",
        [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]


_STYLE = (
    "body{font:1rem/1.5 system-ui;margin:0 auto;max-width:26rem;padding:2rem 1rem}"
    "form{display:grid;gap:.75rem}button{font:inherit;min-height:3rem;cursor:pointer}"
    ".sum{font-size:2rem;font-weight:700;margin:0}.note{color:#666}"
    "@media(prefers-color-scheme:dark){body{background:#15181d;color:#eee}.note{color:#aaa}}"
)


def html(start_response: Start, words: str, *, title: str = "", status: HTTPStatus = HTTPStatus.OK) -> Iterable[bytes]:
    heading = f"<h1>{escape(title)}</h1>" if title else ""
    body = (
        '<!DOCTYPE html><html lang="uk"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>{escape(title or 'error')}</title><style>{_STYLE}</style><main>{heading}{words}</main></html>"
    ).encode()
    start_response(
        f"{status.value} {status.phrase}",
        [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]


def moment(seconds: float) -> str:
    """``2026-11-22T15:01:30Z``."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
