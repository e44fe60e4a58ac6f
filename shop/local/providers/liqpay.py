"""LiqPay as a WSGI app: ``/api/3/checkout`` leads to a page with buttons, ``/api/request`` knows status and refund.

Version 7 of the protocol with SHA3-256; see ``paying`` for how it can be told to misbehave.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from shop.local.home import Home
from shop.local.providers.paying import Answer, Attempt, PayingProvider, Start, html, reply

PUBLIC_KEY, PRIVATE_KEY = "sandbox_i00000000000", "sandbox_privatekey0000"
_STATUSES = {
    "created": "prepared",
    "processing": "processing",
    "paid": "success",
    "failed": "failure",
    "expired": "failure",
}


class LiqPay(PayingProvider):
    title = "LiqPay"

    def serve(self, path: str, environ: dict[str, Any], body: bytes, start_response: Start) -> Iterable[bytes]:
        form = dict(parse_qsl(body.decode()))
        data = form.get("data", "")
        if path == "api/3/checkout":
            return self._checkout(environ, data, form.get("signature", ""), start_response)
        if path != "api/request":
            return html(start_response, "404")
        answer = self.take_answer()
        if form.get("signature") != sign(data) or answer is Answer.BAD_KEY:
            return reply(start_response, {"result": "error", "status": "error", "err_code": "invalid_signature"})
        message = json.loads(base64.b64decode(data))
        with self.lock:
            self.calls.append(message["action"])
        if answer in (Answer.TOO_MANY, Answer.BROKEN):
            return self.misbehave(answer, start_response) or []
        said = self._act(message, answer)
        return self.misbehave(answer, start_response) or reply(start_response, said)

    def notice(self, attempt: Attempt, *, is_signed: bool = True, **changes: str) -> tuple[bytes, dict[str, str]]:
        state = self._state(attempt) | {"action": "pay", "version": 7, "type": "buy", "paytype": "card"}
        if "amount" in changes:
            state["amount"] = float(changes["amount"])
        if "currency" in changes:
            state["currency"] = changes["currency"]
        if "reference" in changes:
            state["order_id"] = changes["reference"]
        data = base64.b64encode(json.dumps(state).encode()).decode()
        form = {"data": data, "signature": sign(data) if is_signed else sign(f"{data}x")}
        return urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}

    def _checkout(self, environ: dict[str, Any], data: str, signature: str, start_response: Start) -> Iterable[bytes]:
        if signature != sign(data):
            return html(start_response, "Невірний підпис", title=self.title)
        message = json.loads(base64.b64decode(data))
        reference = message["order_id"]
        attempt = self.add(
            Attempt(
                reference=reference,
                amount=f"{message['amount']:.2f}",
                currency=message["currency"],
                description=message["description"],
                return_url=message["result_url"],
                notice_url=message["server_url"],
                provider_id=str(int(hashlib.sha256(reference.encode()).hexdigest()[:10], 16)),
            )
        )
        start_response("302 Found", [("Location", self.page_path(environ, attempt)), ("Content-Length", "0")])
        return [b""]

    def _act(self, message: dict[str, Any], answer: Answer) -> dict[str, Any]:
        with self.lock:
            attempt = self.attempts.get(message["order_id"])
            if attempt is None:
                return {"result": "error", "status": "error", "err_code": "payment_not_found"}
            if message["action"] == "status":
                return self._state(attempt) | {"result": "ok"}
            amount = f"{message['amount']:.2f}"
            if answer is Answer.REFUSED or attempt.status != "paid" or float(amount) > self._left(attempt):
                return {"result": "error", "status": "error", "err_code": "payment_err_status"}
            state = "pending" if answer is Answer.PENDING else "done"
            attempt.refunds.append((f"r{len(attempt.refunds) + 1}", amount, state))
            self.keep()
            said = {"result": "ok", "status": "reversed", "payment_id": int(attempt.provider_id)}
            return said | ({"wait_amount": True} if state == "pending" else {})

    @staticmethod
    def _left(attempt: Attempt) -> float:
        return float(attempt.amount) - sum(float(amount) for _name, amount, _state in attempt.refunds)

    @staticmethod
    def _state(attempt: Attempt) -> dict[str, Any]:
        """As the real one: with the card's traces that a shop must not keep."""
        is_reversed = attempt.refunds and attempt.returned > 0
        state: dict[str, Any] = {
            "status": "reversed" if is_reversed else _STATUSES[attempt.status],
            "public_key": PUBLIC_KEY,
            "payment_id": int(attempt.provider_id),
            "order_id": attempt.reference,
            "amount": float(attempt.amount),
            "currency": attempt.currency,
            "sender_card_mask2": "414943*20",
            "sender_card_bank": "pb",
            "card_token": "DEMO4149439999999120",
            "ip": "203.0.113.7",
            "create_date": int(attempt.created_at * 1000),
            "end_date": int(attempt.changed_at * 1000),
        }
        if attempt.status == "failed":
            state["err_code"] = "9859"
        if is_reversed:
            state["refund_amount"] = float(attempt.returned)
        return state


def sign(data: str) -> str:
    return base64.b64encode(hashlib.sha3_256(f"{PRIVATE_KEY}{data}{PRIVATE_KEY}".encode()).digest()).decode()


app = LiqPay(lambda: Home().make("providers"))
