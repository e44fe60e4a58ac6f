"""WayForPay as a WSGI app: ``/pay`` takes the signed form and shows a page, ``/api`` knows CHECK_STATUS and REFUND.

Its notices want a signed answer; the buyer comes back by POST. See ``paying`` for misbehaving.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from shop.local.home import Home
from shop.local.providers.paying import Answer, Attempt, PayingProvider, Start, html, reply

MERCHANT, SECRET = "test_merch_n1", "flk3409refn54t54t*FNJRET"  # the vendor's own sample
_STATUSES = {
    "created": ("inProcessing", 1131),
    "processing": ("Pending", 1134),
    "paid": ("Approved", 1100),
    "failed": ("Declined", 1101),
    "expired": ("Expired", 1124),
}


class WayForPay(PayingProvider):
    title = "WayForPay"

    def serve(self, path: str, environ: dict[str, Any], body: bytes, start_response: Start) -> Iterable[bytes]:
        if path == "pay":
            return self._pay(environ, parse_qsl(body.decode(), keep_blank_values=True), start_response)
        if path != "api":
            return html(start_response, "404")
        answer = self.take_answer()
        wanted = json.loads(body)
        with self.lock:
            self.calls.append(wanted["transactionType"])
        if answer in (Answer.TOO_MANY, Answer.BROKEN):
            return self.misbehave(answer, start_response) or []
        names = ["merchantAccount", "orderReference"]
        if wanted["transactionType"] == "REFUND":
            names += ["amount", "currency"]
        if wanted.get("merchantSignature") != sign(*(wanted[name] for name in names)) or answer is Answer.BAD_KEY:
            return reply(start_response, {"reason": "Signature mismatch", "reasonCode": 1113})
        said = self._act(wanted, answer)
        return self.misbehave(answer, start_response) or reply(start_response, said)

    def notice(self, attempt: Attempt, *, is_signed: bool = True, **changes: str) -> tuple[bytes, dict[str, str]]:
        state = self._state(attempt) | {"phone": "380670000000", "email": "olena@example.com", "paymentSystem": "card"}
        for ours, theirs in (("amount", "amount"), ("currency", "currency"), ("reference", "orderReference")):
            if ours in changes:
                state[theirs] = changes[ours]
        state["merchantSignature"] = _sign_state(state) if is_signed else "0" * 32
        # The sum stays the text that was signed: 1499.50, not 1499.5.
        text = json.dumps(state).replace(f'"amount": "{state["amount"]}"', f'"amount": {state["amount"]}')
        return text.encode(), {"Content-Type": "application/x-www-form-urlencoded"}

    def send_back(self, attempt: Attempt, start_response: Start) -> Iterable[bytes]:
        """By POST, with words that prove nothing."""
        claimed = '<input type=hidden name=transactionStatus value="Approved">'
        button = "<button>Повернутися до магазину</button>"
        form = f'<form method=post action="{escape(attempt.return_url)}">{claimed}{button}</form>'
        said = {"paid": "Сплачено", "failed": "Банк відмовив"}.get(attempt.status, "Оплату не завершено")
        return html(start_response, f"<p>{said}</p>{form}", title=self.title)

    def _pay(self, environ: dict[str, Any], fields: list[tuple[str, str]], start_response: Start) -> Iterable[bytes]:
        form = dict(fields)
        goods = {
            name: [value for key, value in fields if key == f"{name}[]"]
            for name in ("productName", "productCount", "productPrice")
        }
        order = ("merchantAccount", "merchantDomainName", "orderReference", "orderDate", "amount", "currency")
        signed = [*(form[name] for name in order), *(value for values in goods.values() for value in values)]
        total = sum(
            (
                Decimal(price) * int(count)
                for price, count in zip(goods["productPrice"], goods["productCount"], strict=True)
            ),
            Decimal(0),
        )
        if form["merchantSignature"] != sign(*signed) or total != Decimal(form["amount"]):
            return html(start_response, "Невірний підпис або сума", title=self.title)
        attempt = self.add(
            Attempt(
                reference=form["orderReference"],
                amount=form["amount"],
                currency=form["currency"],
                description=", ".join(goods["productName"]),
                return_url=form["returnUrl"],
                notice_url=form["serviceUrl"],
                provider_id="",
            )
        )
        start_response("302 Found", [("Location", self.page_path(environ, attempt)), ("Content-Length", "0")])
        return [b""]

    def _act(self, wanted: dict[str, Any], answer: Answer) -> dict[str, Any]:
        with self.lock:
            attempt = self.attempts.get(wanted["orderReference"])
            if attempt is None:
                return {"reason": "Order Not Found", "reasonCode": 1127}
            if wanted["transactionType"] == "CHECK_STATUS":
                state = self._state(attempt)
                return state | {"merchantSignature": _sign_state(state)}
            left = Decimal(attempt.amount) - sum((Decimal(each[1]) for each in attempt.refunds), Decimal(0))
            if answer is Answer.REFUSED or attempt.status != "paid" or Decimal(wanted["amount"]) > left:
                return {"transactionStatus": "Declined", "reason": "Refund not allowed", "reasonCode": 1123}
            is_pending = answer is Answer.PENDING
            attempt.refunds.append((wanted.get("comment", ""), wanted["amount"], "pending" if is_pending else "done"))
            self.keep()
            status = ("RefundInProcessing", 1138) if is_pending else ("Refunded", 1100)
            return {
                "merchantAccount": MERCHANT,
                "orderReference": attempt.reference,
                "transactionStatus": status[0],
                "reasonCode": status[1],
            }

    @staticmethod
    def _state(attempt: Attempt) -> dict[str, Any]:
        """As the real one: with the card's traces that a shop must not keep."""
        status, code = _STATUSES[attempt.status]
        if attempt.refunds and attempt.status == "paid":
            is_pending = any(done == "pending" for _name, _amount, done in attempt.refunds)
            if is_pending or attempt.returned == Decimal(attempt.amount):
                status, code = ("RefundInProcessing", 1138) if is_pending else ("Refunded", 1100)
        return {
            "merchantAccount": MERCHANT,
            "orderReference": attempt.reference,
            "amount": attempt.amount,
            "currency": attempt.currency,
            "authCode": "541963",
            "cardPan": "41****8217",
            "cardType": "visa",
            "transactionStatus": status,
            "reasonCode": code,
            "createdDate": int(attempt.created_at),
            "processingDate": int(attempt.changed_at),
            "recToken": "",
        }


def sign(*fields: object) -> str:
    return hmac.new(SECRET.encode(), ";".join(map(str, fields)).encode(), hashlib.md5).hexdigest()


def _sign_state(state: dict[str, Any]) -> str:
    names = ("merchantAccount", "orderReference", "amount", "currency", "authCode", "cardPan")
    return sign(*(state[name] for name in (*names, "transactionStatus", "reasonCode")))


app = WayForPay(lambda: Home().make("providers"))
