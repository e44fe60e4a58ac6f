"""What the two younger carriers' fakes share: the answer of the next call, waybills in memory, points of the demo data.

``POST control.json`` with ``{"answer": "too-many", "times": 3}`` makes the next calls fail in a way that the real ones
do (see ``Answer``); with ``{"number": "0500…", "code": "41000"}`` a parcel travels on. Waybills are lost with the
process.
"""

import csv
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

_DATA = Path(__file__).parents[2] / "delivery" / "data"


class Answer(StrEnum):
    """What the next call is answered with."""

    ACCEPT = "accept"
    BAD_KEY = "bad-key"
    TOO_MANY = "too-many"  # HTTP 429
    REFUSED = "refused"  # the carrier's own way of saying no
    EMPTY = "empty"  # success with nothing in it
    BAD_GATEWAY = "bad-gateway"  # HTTP 502 with a page of HTML
    PAGE = "page"  # HTTP 200 with a page of HTML
    SLOW = "slow"  # does what it was asked, and answers ``slow_seconds`` later


@dataclass(frozen=True)
class DemoPoint:
    """A point of ``shop/delivery/data``, where no real one stands."""

    code: str
    name: str
    address: str
    kind: str
    max_weight_kg: str
    town: str
    town_slug: str
    oblast: str
    lat: str
    lon: str

    def ref(self, of: str) -> str:
        """The carrier's id of its town: ``city`` and ``settlement`` give different ones."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{of}/{self.town_slug}"))


@cache
def demo_points(carrier: str) -> list[DemoPoint]:
    """In the order of the file."""
    towns = {row["slug"]: row for row in _rows("settlements.csv")}
    return [
        DemoPoint(
            code=row["point_code"],
            name=row["name_uk"],
            address=row["address_uk"],
            kind=row["point_type"],
            max_weight_kg=row["max_weight_kg"],
            town=towns[row["settlement_slug"]]["name_uk"],
            town_slug=row["settlement_slug"],
            oblast=towns[row["settlement_slug"]]["oblast_uk"],
            lat=row["lat"] or towns[row["settlement_slug"]]["lat"],
            lon=row["lon"] or towns[row["settlement_slug"]]["lon"],
        )
        for row in _rows("carriers.csv")
        if row["record"] == "point" and row["carrier_code"] == carrier
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class CarrierServer:
    """One account. Threads may call it at once. Children say what a call does and how it refuses."""

    def __init__(self, carrier: str, *, slow_seconds: float = 20) -> None:
        self.slow_seconds = slow_seconds
        self.points = list(demo_points(carrier))
        self.waybills: dict[str, dict[str, Any]] = {}
        self.calls = 0
        self._lock = threading.Lock()
        self._answer = Answer.ACCEPT
        self._times: int | None = None

    def set_answer(self, answer: str, times: int | None = None) -> None:
        """Answer so ``times`` times (None: until told otherwise), then accept again. Raises ValueError."""
        with self._lock:
            self._answer, self._times = Answer(answer), times

    def move(self, number: str, code: str) -> None:
        """Let a parcel travel. Raises KeyError for a number that is not known."""
        with self._lock:
            self.waybills[number]["code"] = code

    def do(self, method: str, path: str, body: Any, query: dict[str, str]) -> tuple[HTTPStatus, Any]:
        """Carry out one call: status and JSON, or bytes of a PDF."""
        raise NotImplementedError

    def refuse(self, answer: Answer) -> tuple[HTTPStatus, Any]:
        """How it says BAD_KEY, REFUSED and EMPTY."""
        raise NotImplementedError

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"].lstrip("/"), environ["REQUEST_METHOD"]
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        body: Any = json.loads(raw) if raw else None
        if path == "control.json":
            return self._control(body, start_response)
        answer = self._take_answer()
        if answer in (Answer.BAD_GATEWAY, Answer.TOO_MANY, Answer.PAGE):
            status = {Answer.BAD_GATEWAY: HTTPStatus.BAD_GATEWAY, Answer.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS}
            return _page(start_response, status.get(answer, HTTPStatus.OK))
        if answer in (Answer.BAD_KEY, Answer.REFUSED, Answer.EMPTY):
            return _reply(start_response, *self.refuse(answer))
        query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        with self._lock:
            self.calls += 1
            status_and_result = self.do(method, path, body, query)
        if answer is Answer.SLOW:
            time.sleep(self.slow_seconds)
        return _reply(start_response, *status_and_result)

    def _control(self, data: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "number" in data:
            self.move(data["number"], data["code"])
        else:
            self.set_answer(data["answer"], data.get("times"))
        return _reply(start_response, HTTPStatus.OK, {})

    def _take_answer(self) -> Answer:
        with self._lock:
            answer = self._answer
            if self._times is not None:
                self._times -= 1
                if self._times <= 0:
                    self._answer, self._times = Answer.ACCEPT, None
            return answer


def _reply(start_response: Callable[..., Any], status: HTTPStatus, result: Any) -> Iterable[bytes]:
    is_pdf = isinstance(result, bytes)
    body = result if isinstance(result, bytes) else json.dumps(result, ensure_ascii=False).encode()
    kind = "application/pdf" if is_pdf else "application/json"
    start_response(f"{status.value} {status.phrase}", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


def _page(start_response: Callable[..., Any], status: HTTPStatus) -> Iterable[bytes]:
    body = f"<html><body><h1>{status.value} {status.phrase}</h1></body></html>".encode()
    start_response(f"{status.value} {status.phrase}", [("Content-Type", "text/html")])
    return [body]
