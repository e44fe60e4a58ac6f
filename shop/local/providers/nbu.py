"""The National Bank of Ukraine as a WSGI app: the rates of a day, made up, but the same for everybody who asks.

``/NBUStatService/v1/statdirectory/exchange?date=20261122&json``. Rates move by less than a percent from day to day.
``POST control.json {"answer": "jump", "times": 1}`` makes the next calls answer otherwise; see ``Answer``.
"""

import json
import math
import threading
from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

_CURRENCIES = {"USD": (840, "Долар США", 44.0), "EUR": (978, "Євро", 52.0), "PLN": (985, "Злотий", 12.0)}
_PATH = "/NBUStatService/v1/statdirectory/exchange"


class Answer(StrEnum):
    """What the next call is answered with."""

    RATES = "rates"
    JUMP = "jump"  # everything dearer by a quarter
    EMPTY = "empty"
    UNAVAILABLE = "unavailable"  # HTTP 503 with a page of HTML
    GARBAGE = "garbage"  # HTTP 200 with a page of HTML
    HUGE = "huge"


class NationalBank:
    """Threads may call it at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answer = Answer.RATES
        self._times: int | None = None

    def set_answer(self, answer: str, times: int | None = None) -> None:
        """Answer so ``times`` times (None: until told otherwise), then with rates again. Raises ValueError."""
        with self._lock:
            self._answer, self._times = Answer(answer), times

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/control.json":
            data = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
            self.set_answer(data["answer"], data.get("times"))
            return _reply(start_response, {})
        if environ["PATH_INFO"] != _PATH:
            return _html(start_response, HTTPStatus.NOT_FOUND)
        answer = self._take_answer()
        if answer is Answer.UNAVAILABLE:
            return _html(start_response, HTTPStatus.SERVICE_UNAVAILABLE)
        if answer is Answer.GARBAGE:
            return _html(start_response, HTTPStatus.OK)
        if answer is Answer.HUGE:
            return _reply(start_response, ["x" * 1000] * 1000)
        if answer is Answer.EMPTY:
            return _reply(start_response, [])
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        day = datetime.strptime(query["date"][0], "%Y%m%d").date()  # noqa: DTZ007  # a day, no time
        return _reply(start_response, rates_of(day, factor=1.25 if answer is Answer.JUMP else 1))

    def _take_answer(self) -> Answer:
        with self._lock:
            answer = self._answer
            if self._times is not None:
                self._times -= 1
                if self._times <= 0:
                    self._answer, self._times = Answer.RATES, None
            return answer


def rates_of(day: date, *, factor: float = 1) -> list[dict[str, Any]]:
    """As the bank spells them."""
    wave = 1 + 0.02 * math.sin(day.toordinal() / 20)
    return [
        {
            "r030": number,
            "txt": name,
            "rate": round(base * wave * factor, 4),
            "cc": code,
            "exchangedate": f"{day:%d.%m.%Y}",
        }
        for code, (number, name, base) in _CURRENCIES.items()
    ]


def _reply(start_response: Callable[..., Any], answer: Any) -> Iterable[bytes]:
    body = json.dumps(answer, ensure_ascii=False).encode()
    start_response("200 OK", [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


def _html(start_response: Callable[..., Any], status: HTTPStatus) -> Iterable[bytes]:
    body = f"<html><body><h1>{status.value} {status.phrase}</h1></body></html>".encode()
    start_response(
        f"{status.value} {status.phrase}", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))]
    )
    return [body]


app = NationalBank()
