"""monobank acquiring as a WSGI app: ``/api/merchant/invoice/…`` and ``pubkey``; notices are signed with ECDSA.

The key pair is made from a fixed number, so that every process has the same; see ``paying`` for misbehaving.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shop.local.home import Home
from shop.local.providers.paying import Answer, Attempt, PayingProvider, Start, moment, reply

_STATUSES = {
    "created": "created",
    "processing": "processing",
    "paid": "success",
    "failed": "failure",
    "expired": "expired",
}
_SCALAR = 0x5CCAD2AAAA72555B03EC6149F695F04785FB89F4AF4DD3321E5AE375216C24EF


class Monobank(PayingProvider):
    title = "plata by mono"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = ec.derive_private_key(_SCALAR, ec.SECP256R1())
        self.token: str | None = None  # any token but an empty one

    def rotate_key(self) -> None:
        """From now on notices are signed with another key."""
        self.key = ec.derive_private_key(_SCALAR + 1, ec.SECP256R1())

    def serve(self, path: str, environ: dict[str, Any], body: bytes, start_response: Start) -> Iterable[bytes]:
        answer = self.take_answer()
        if not environ.get("HTTP_X_TOKEN") or answer is Answer.BAD_KEY:
            return _error(start_response, HTTPStatus.FORBIDDEN, "FORBIDDEN")
        if answer in (Answer.TOO_MANY, Answer.BROKEN):
            return self.misbehave(answer, start_response) or []
        act = path.removeprefix("api/merchant/")
        with self.lock:
            self.calls.append(act)
        if act == "pubkey":
            return reply(start_response, {"key": self.public_key()})
        if answer is Answer.REFUSED:
            return _error(start_response, HTTPStatus.BAD_REQUEST, "BAD_REQUEST")
        said: Any = None
        if act == "invoice/create":
            said = self._create(environ, json.loads(body))
        elif act == "invoice/status":
            said = self._status(parse_qs(environ.get("QUERY_STRING", "")).get("invoiceId", [""])[0])
        elif act == "invoice/cancel":
            said = self._cancel(json.loads(body), answer)
        if said is None:
            return _error(start_response, HTTPStatus.NOT_FOUND, "NOT_FOUND")
        return self.misbehave(answer, start_response) or reply(start_response, said)

    def notice(self, attempt: Attempt, *, is_signed: bool = True, **changes: str) -> tuple[bytes, dict[str, str]]:
        state = self._state(attempt)
        if "amount" in changes:
            state["amount"] = int(Decimal(changes["amount"]) * 100)
        if "currency" in changes:
            state["ccy"] = 840
        if "reference" in changes:
            state["reference"] = changes["reference"]
        body = json.dumps(state, ensure_ascii=False).encode()
        signed = body if is_signed else body + b" "
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return body, {"Content-Type": "application/json", "X-Sign": base64.b64encode(signature).decode()}

    def public_key(self) -> str:
        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(pem).decode()

    def _create(self, environ: dict[str, Any], invoice: dict[str, Any]) -> dict[str, Any]:
        about = invoice["merchantPaymInfo"]
        reference = about["reference"]
        attempt = self.add(
            Attempt(
                reference=reference,
                amount=f"{Decimal(invoice['amount']) / 100:.2f}",
                currency="UAH",
                description=about["destination"],
                return_url=invoice["redirectUrl"],
                notice_url=invoice["webHookUrl"],
                provider_id=f"p2_{hashlib.sha256(reference.encode()).hexdigest()[:10]}",
            )
        )
        host = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"
        return {"invoiceId": attempt.provider_id, "pageUrl": f"{host}{self.page_path(environ, attempt)}"}

    def _status(self, invoice_id: str) -> dict[str, Any] | None:
        attempt = self._by_id(invoice_id)
        return self._state(attempt) if attempt else None

    def _cancel(self, wanted: dict[str, Any], answer: Answer) -> dict[str, Any] | None:
        attempt = self._by_id(wanted["invoiceId"])
        if attempt is None:
            return None
        with self.lock:
            reference = str(wanted["extRef"])
            if all(known != reference for known, _amount, _state in attempt.refunds):
                left = Decimal(attempt.amount) - sum((Decimal(each[1]) for each in attempt.refunds), Decimal(0))
                amount = Decimal(wanted.get("amount", int(left * 100))) / 100
                if attempt.status != "paid" or amount > left:
                    return {"status": "failure", "createdDate": moment(attempt.changed_at)}
                state = "pending" if answer is Answer.PENDING else "done"
                attempt.refunds.append((reference, f"{amount:.2f}", state))
                self.keep()
            state = next(state for known, _amount, state in attempt.refunds if known == reference)
        status = "success" if state == "done" else "processing"
        return {"status": status, "createdDate": moment(attempt.changed_at), "modifiedDate": moment(attempt.changed_at)}

    def _by_id(self, invoice_id: str) -> Attempt | None:
        return next((each for each in self.attempts.values() if each.provider_id == invoice_id), None)

    @staticmethod
    def _state(attempt: Attempt) -> dict[str, Any]:
        """As the real one: with the card's traces that a shop must not keep."""
        kopecks = int(Decimal(attempt.amount) * 100)
        is_reversed = attempt.returned == Decimal(attempt.amount)
        state: dict[str, Any] = {
            "invoiceId": attempt.provider_id,
            "status": "reversed" if is_reversed else _STATUSES[attempt.status],
            "amount": kopecks,
            "ccy": 980,
            "finalAmount": kopecks - int(attempt.returned * 100),
            "createdDate": moment(attempt.created_at),
            "modifiedDate": moment(attempt.changed_at),
            "reference": attempt.reference,
            "destination": attempt.description,
            "cancelList": [
                {
                    "status": "success" if done == "done" else "processing",
                    "amount": int(Decimal(amount) * 100),
                    "ccy": 980,
                    "extRef": reference,
                }
                for reference, amount, done in attempt.refunds
            ],
            "paymentInfo": {"maskedPan": "444403******1902", "paymentSystem": "visa", "bank": "Universal Bank"},
            "walletData": {"cardToken": "67XZtXdR4NpKU3", "walletId": "c1376a611e17b059aeaf96b73258da9c"},
        }
        if attempt.status == "failed":
            state |= {"errCode": "59", "failureReason": "Недостатньо коштів"}
        return state


def _error(start_response: Start, status: HTTPStatus, code: str) -> Iterable[bytes]:
    return reply(start_response, {"errCode": code, "errText": status.phrase}, status)


app = Monobank(lambda: Home().make("providers"))
