"""SMS Club as a WSGI app: the JSON API of https://im.smsclub.mobi as far as the shop uses it. It has no callbacks."""

import json
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from shop.local.providers.texting import Answer, Start, TextingProvider, html, is_phone, reply

_EQUAL_MESSAGE_SECONDS = 120


class SmsClub(TextingProvider):
    code = "smsclub"

    def serve(self, path: str, environ: dict[str, Any], body: bytes, start_response: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            return html(start_response, HTTPStatus.NOT_FOUND)
        if not environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ").strip():
            return reply(start_response, {"code": 401, "message": "Unauthorized"}, HTTPStatus.UNAUTHORIZED)
        asked = json.loads(body or b"{}")
        match path:
            case "sms/send":
                return self.hand_in(start_response, lambda answer: self._accept(asked, answer))
            case "sms/status":
                known = {each: self.state or "DELIVRD" for each in asked["id_sms"] if each in self.messages}
                return reply(start_response, {"success_request": {"info": known}})
            case "sms/balance":
                left = f"{1000 - self.price * len(self.sent):.2f}"
                return reply(start_response, {"success_request": {"info": {"money": left, "currency": "UAH"}}})
        return html(start_response, HTTPStatus.NOT_FOUND)

    def _accept(self, asked: dict[str, Any], answer: Answer) -> tuple[int, Any]:
        if answer in (Answer.BAD_KEY, Answer.NO_MONEY):
            status = HTTPStatus.UNAUTHORIZED if answer is Answer.BAD_KEY else HTTPStatus.PAYMENT_REQUIRED
            return status, {"code": status.value, "message": status.phrase}
        taken, refused = {}, {}
        for phone in asked["phone"]:
            if answer is Answer.STOP_LIST:
                refused[phone] = "Number is in the stop list"
            elif answer is Answer.BAD_PHONE or not is_phone(phone):
                refused[phone] = f"Wrong number {phone}"
            elif self._is_equal(phone, asked["message"]):
                return 200, {"code": 453, "message": "Equal message"}
            else:
                message_id = str(700_000_000 + len(self.sent))
                self.take(message_id, phone, asked["src_addr"], asked["message"])
                taken[message_id] = phone
        return 200, {"success_request": {"info": taken or [], "add_info": refused or []}}

    def _is_equal(self, phone: str, text: str) -> bool:
        with self.lock:
            return any(
                (each["phone"], each["text"]) == (f"+{phone}", text)
                and time.time() - each.get("at", 0) < _EQUAL_MESSAGE_SECONDS
                for each in self.sent
            )

    def take(self, message_id: str, phone: str, sender: str, text: str, **more: Any) -> dict[str, Any]:
        return super().take(message_id, phone, sender, text, at=time.time(), **more)


app = SmsClub()
