"""Checkbox as a WSGI app: sign-in by PIN, shifts, receipts that are done at the second look.

``POST control.json {"answer": "broken", "times": 1}``; see ``paying.Answer``.
"""

import json
import threading
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from shop.local.providers.paying import Answer, Start, html, reply


class CheckboxRegister:
    """One register and one cashier; the same receipt id makes one receipt. Threads may call it at once."""

    def __init__(self, *, slow_seconds: float = 20) -> None:
        self.slow_seconds = slow_seconds
        self.receipts: dict[str, dict[str, Any]] = {}
        self.is_open = False
        self.calls: list[str] = []
        self._lock = threading.Lock()
        self._tokens: set[str] = set()
        self._answer, self._times = Answer.NORMAL, 0

    def set_answer(self, answer: str, times: int = 1) -> None:
        """Answer the next receipts so, then as usual. Raises ValueError."""
        with self._lock:
            self._answer, self._times = Answer(answer), times

    def sign_everybody_out(self) -> None:
        self._tokens.clear()

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = environ["PATH_INFO"].strip("/")
        data = json.loads(body or b"{}")
        if path == "control.json":
            self.set_answer(data["answer"], data.get("times", 1))
            return reply(start_response, {})
        path = path.removeprefix("api/v1/")
        with self._lock:
            self.calls.append(f"{environ['REQUEST_METHOD']} {path.partition('/')[0]}")
            return self._serve(path, environ, data, start_response)

    def _serve(
        self, path: str, environ: dict[str, Any], data: dict[str, Any], start_response: Start
    ) -> Iterable[bytes]:
        if path == "cashier/signinPinCode":
            if not environ.get("HTTP_X_LICENSE_KEY") or not data.get("pin_code"):
                return _refuse(start_response, HTTPStatus.FORBIDDEN, "Невірний ключ або PIN")
            token = f"token-{len(self._tokens) + 1}-{time.time_ns()}"
            self._tokens.add(token)
            return reply(start_response, {"access_token": token, "token_type": "bearer"})
        if environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ") not in self._tokens:
            return _refuse(start_response, HTTPStatus.UNAUTHORIZED, "Увійдіть ще раз")
        match (environ["REQUEST_METHOD"], path.split("/")):
            case ("GET", ["cashier", "shift"]):
                return reply(start_response, {"id": "shift", "status": "OPENED"} if self.is_open else None)
            case ("POST", ["shifts"]):
                self.is_open = True
                return reply(start_response, {"id": "shift", "status": "OPENING"}, HTTPStatus.ACCEPTED)
            case ("POST", ["shifts", "close"]):
                self.is_open = False
                return reply(start_response, {"id": "shift", "status": "CLOSING"}, HTTPStatus.ACCEPTED)
            case ("POST", ["receipts", "sell"]):
                return self._sell(data, start_response)
            case ("GET", ["receipts", receipt_id]) if receipt_id in self.receipts:
                return reply(start_response, self._look(receipt_id))
        return _refuse(start_response, HTTPStatus.NOT_FOUND, "Не знайдено")

    def _sell(self, data: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        answer = Answer.NORMAL
        if self._times > 0:
            answer, self._times = self._answer, self._times - 1
        if answer is Answer.TOO_MANY:
            return html(start_response, "429", status=HTTPStatus.TOO_MANY_REQUESTS)
        if answer is Answer.BROKEN:
            return html(start_response, "502", status=HTTPStatus.BAD_GATEWAY)
        if answer is Answer.REFUSED:
            return _refuse(start_response, HTTPStatus.UNPROCESSABLE_ENTITY, "Помилка перевірки")
        if not self.is_open:
            return _refuse(start_response, HTTPStatus.BAD_REQUEST, "Зміну не відкрито")
        goods = sum(row["good"]["price"] * row["quantity"] // 1000 for row in data["goods"])
        if goods != sum(row["value"] for row in data["payments"]):
            return _refuse(start_response, HTTPStatus.BAD_REQUEST, "Сума оплат не дорівнює сумі товарів")
        receipt = self.receipts.setdefault(data["id"], data | {"status": "CREATED"})
        if answer is Answer.SLOW:
            time.sleep(self.slow_seconds)
        if answer is Answer.GARBAGE:
            return html(start_response, "It works!")
        return reply(start_response, receipt, HTTPStatus.CREATED)

    def _look(self, receipt_id: str) -> dict[str, Any]:
        receipt = self.receipts[receipt_id]
        if receipt["status"] == "CREATED":
            receipt |= {
                "status": "DONE",
                "type": "RETURN" if receipt["goods"][0]["is_return"] else "SELL",
                "fiscal_code": f"TEST-{receipt_id[:8]}",
            }
        return receipt


def _refuse(start_response: Start, status: HTTPStatus, words: str) -> Iterable[bytes]:
    return reply(start_response, {"message": words}, status)


app = CheckboxRegister()
