"""plata by mono (https://api.monobank.ua/docs/acquiring.html): invoices, their status and cancelling, signed notices.

Sums are whole kopecks. Notices are signed with ECDSA over the raw body; the public key is kept and fetched again once
when a check fails.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import structlog
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings
from django.core.cache import cache

from orders.models import Payment, PaymentKind, Refund
from orders.payments.calling import call, origin
from orders.payments.goods import part_name, payment_goods
from orders.payments.provider import (
    CURRENCY,
    Answer,
    Notice,
    NoticeRefused,
    OutcomeUnknown,
    Page,
    PaymentRefused,
    ProviderState,
    ProviderUnavailable,
    RefundAnswer,
    State,
)

log = structlog.get_logger(__name__)

_UAH = 980
_STATES = {
    "created": State.OPEN,
    "success": State.PAID,
    "failure": State.FAILED,
    "expired": State.EXPIRED,
    "reversed": State.RETURNED,
}
_KEPT = frozenset({
    "invoiceId", "status", "errCode", "amount", "ccy", "finalAmount", "createdDate", "modifiedDate", "reference",
})  # fmt: skip
_KEY_CACHE, _KEY_ASKED = "monobank-public-key", "monobank-public-key-asked"
_KEY_SECONDS = 30 * 24 * 3600
# Whoever posts rubbish shall not make us ask the bank for its key each time.
_KEY_PAUSE_SECONDS = 60


class Monobank:
    kind = PaymentKind.MONOBANK
    name = "monobank"

    @property
    def is_on(self) -> bool:
        return bool(settings.MONOBANK_TOKEN)

    def hosts(self) -> Sequence[str]:
        return list(settings.MONOBANK_PAGE_HOSTS)

    def start(self, payment: Payment, *, return_url: str, notice_url: str, receiver: Mapping[str, str]) -> Page:
        about: dict[str, Any] = {
            "reference": payment.reference,
            "destination": part_name(payment.order, payment),
            "basketOrder": [
                {
                    "name": good.name,
                    "qty": good.quantity,
                    "sum": kopecks(good.price),
                    "total": kopecks(good.total),
                    "unit": "шт.",
                    "code": good.code,
                }
                for good in payment_goods(payment)
            ],
        }
        if receiver.get("email"):
            about["customerEmails"] = [receiver["email"]]
        invoice: dict[str, Any] = {
            "amount": kopecks(payment.amount),
            "ccy": _UAH,
            "merchantPaymInfo": about,
            "redirectUrl": return_url,
            "webHookUrl": notice_url,
            "paymentType": "debit",
        }
        if payment.expires_at:
            invoice["validity"] = max(
                int((payment.expires_at - datetime.now(payment.expires_at.tzinfo)).total_seconds()), 60
            )
        answer = self._post("invoice/create", invoice)
        page, invoice_id = str(answer.get("pageUrl", "")), str(answer.get("invoiceId", ""))
        if origin(page) not in self.hosts() or not invoice_id:
            log.error("payment-provider-needs-attention", provider=self.name, code="page-host")
            raise PaymentRefused("page-host")
        return Page(page, provider_id=invoice_id)

    def read(self, notice: Notice) -> ProviderState:
        if not notice.signature:
            raise NoticeRefused("no-signature")
        key = cache.get(_KEY_CACHE) or self._fetch_key()
        if not is_signed(notice, key) and not is_signed(notice, self._fetch_key()):
            raise NoticeRefused("wrong-signature")
        try:
            message = json.loads(notice.body)
            return _state(message)
        except (ValueError, TypeError, AttributeError) as error:
            raise NoticeRefused("unreadable") from error

    def acknowledge(self, notice: Notice) -> Answer:
        return Answer()

    def kept(self, notice: Notice) -> dict[str, str]:
        try:
            return {name: str(value)[:80] for name, value in json.loads(notice.body).items() if name in _KEPT}
        except (ValueError, AttributeError):
            return {}

    def ask(self, payment: Payment) -> ProviderState:
        state = self._status(payment)
        return _state(state) if state else ProviderState(payment.reference, State.UNKNOWN)

    def refund(self, refund: Refund) -> RefundAnswer:
        answer = self._post(
            "invoice/cancel",
            {
                "invoiceId": refund.payment.provider_id,
                "extRef": refund.reference,
                "amount": kopecks(refund.amount),
            },
        )
        return _refund_answer(answer.get("status"))

    def find_refund(self, refund: Refund) -> RefundAnswer:
        state = self._status(refund.payment) or {}
        for cancelling in state.get("cancelList") or []:
            if cancelling.get("extRef") == refund.reference:
                if cancelling.get("status") == "failure":
                    return RefundAnswer.FAILED
                return _refund_answer(cancelling.get("status"))
        return RefundAnswer.ABSENT

    def _status(self, payment: Payment) -> dict[str, Any] | None:
        if not payment.provider_id:
            return None
        response = self._call("GET", "invoice/status", params={"invoiceId": payment.provider_id})
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        return self._read(response)

    def _post(self, act: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._read(self._call("POST", act, json=body))

    def _call(self, method: str, act: str, **request: Any) -> Any:
        address = f"{settings.MONOBANK_URL}/api/merchant/{act}"
        return call(self.name, method, address, headers={"X-Token": settings.MONOBANK_TOKEN}, **request)

    def _read(self, response: Any) -> dict[str, Any]:
        try:
            answer = response.json()
        except ValueError as error:
            raise OutcomeUnknown(f"HTTP {response.status_code}, not an answer of monobank") from error
        if response.status_code != HTTPStatus.OK or not isinstance(answer, dict):
            code = answer.get("errCode") if isinstance(answer, dict) else None
            raise PaymentRefused(str(code or f"HTTP {response.status_code}")[:40])
        return answer

    def _fetch_key(self) -> str:
        """The bank's key as it gives it; "" when it was asked a moment ago. Raises ProviderUnavailable."""
        if not cache.add(_KEY_ASKED, 1, _KEY_PAUSE_SECONDS) and cache.get(_KEY_CACHE):
            return ""
        try:
            key = str(self._read(self._call("GET", "pubkey")).get("key", ""))
        except (OutcomeUnknown, PaymentRefused) as error:
            raise ProviderUnavailable(str(error)) from error
        cache.set(_KEY_CACHE, key, _KEY_SECONDS)
        return key


def kopecks(amount: Decimal) -> int:
    """Exactly: 249.75 → 24975."""
    return int((amount * 100).to_integral_exact())


def is_signed(notice: Notice, key: str) -> bool:
    """Whether the bytes of ``notice`` are signed by the owner of ``key`` (base64 of a PEM public key)."""
    try:
        public = load_pem_public_key(base64.b64decode(key))
        signature = base64.b64decode(notice.signature, validate=True)
        if not isinstance(public, ec.EllipticCurvePublicKey):
            return False
        public.verify(signature, notice.body, ec.ECDSA(hashes.SHA256()))
    except (ValueError, binascii.Error, UnsupportedAlgorithm, InvalidSignature):
        return False
    return True


def _state(message: Mapping[str, Any]) -> ProviderState:
    currency = message.get("ccy")
    returned = [part for part in message.get("cancelList") or [] if part.get("status") == "success"]
    return ProviderState(
        reference=str(message.get("reference", "")),
        status=_STATES.get(str(message.get("status")), State.PENDING),
        amount=_hryvnias(message.get("amount")),
        currency=CURRENCY if currency == _UAH else str(currency),
        provider_id=str(message.get("invoiceId", "")),
        happened_at=_moment(message.get("modifiedDate")),
        returned=sum((_hryvnias(part.get("amount")) or Decimal(0) for part in returned), Decimal(0)),
        code=str(message.get("errCode") or "")[:40],
    )


def _hryvnias(value: Any) -> Decimal | None:
    return Decimal(value) / 100 if isinstance(value, int) else None


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _refund_answer(status: Any) -> RefundAnswer:
    if status == "success":
        return RefundAnswer.DONE
    if status == "processing":
        return RefundAnswer.PENDING
    raise PaymentRefused(str(status or "refused")[:40])
