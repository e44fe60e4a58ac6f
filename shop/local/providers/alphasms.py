"""AlphaSMS as a WSGI app: the JSON API of https://alphasms.ua as far as the shop uses it."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from shop.local.providers.texting import Answer, How, Posted, Start, TextingProvider, html, is_phone, reply

_REFUSALS = {
    Answer.BAD_KEY: "Authorization failed",
    Answer.NO_MONEY: "Not enough balance",
    Answer.STOP_LIST: "Recipient is in the stop list",
}


class AlphaSms(TextingProvider):
    code = "alphasms"

    def serve(self, path: str, environ: dict[str, Any], body: bytes, start_response: Start) -> Iterable[bytes]:
        if path != "api/json.php" or environ["REQUEST_METHOD"] != "POST":
            return html(start_response, HTTPStatus.NOT_FOUND)
        asked = json.loads(body)
        if not asked.get("auth"):
            return reply(start_response, {"success": False, "error": "Authorization failed"})
        if any(order["type"] == "sms" for order in asked["data"]):
            return self.hand_in(start_response, lambda answer: self._accept(asked["data"], answer))
        return reply(
            start_response, {"success": True, "data": [self._tell(each) for each in asked["data"]], "error": ""}
        )

    def tell(self, status: str, *, how: str = How.NORMAL, message_id: str = "") -> list[Posted]:
        """Callbacks about a message (the last one), to the address that came with it; nothing signs them."""
        message = self.messages[message_id] if message_id else self.sent[-1]
        address: str = message["hook"]
        if How(how) is How.WRONG_SIGNATURE:
            address = f"{address.rstrip('/')}x/"
        elif How(how) is How.OTHER_MESSAGE:
            address = address.replace(message["message_id"], str(int(message["message_id"]) + 1))
        body = urlencode({"id": message["message_id"], "status": status}).encode()
        one = Posted(address, body, {"Content-Type": "application/x-www-form-urlencoded"})
        return [one] * (2 if How(how) is How.TWICE else 1)

    def _accept(self, orders: list[dict[str, Any]], answer: Answer) -> tuple[int, Any]:
        if answer is Answer.BAD_KEY:
            return 200, {"success": False, "error": _REFUSALS[answer]}
        return 200, {"success": True, "data": [self._accept_one(order, answer) for order in orders], "error": ""}

    def _accept_one(self, order: dict[str, Any], answer: Answer) -> dict[str, Any]:
        error = _REFUSALS.get(answer, "")
        if answer is Answer.BAD_PHONE or not is_phone(order["phone"]):
            error = f"Wrong phone number {order['phone']}"
        if error:
            return {"success": False, "error": error}
        self.take(
            str(order["id"]), order["phone"], order["sms_signature"], order["sms_message"], hook=order.get("hook", "")
        )
        return {"success": True, "data": {"id": order["id"], "msg_id": 9_000_000 + len(self.sent), "parts": 1}}

    def _tell(self, order: dict[str, Any]) -> dict[str, Any]:
        if order["type"] == "balance":
            return {"success": True, "data": {"amount": round(1000 - self.price * len(self.sent), 2)}}
        if str(order["id"]) not in self.messages:
            return {"success": False, "error": "Message not found"}
        return {"success": True, "data": {"id": order["id"], "status": self.state or "DELIVERED"}}


app = AlphaSms()
