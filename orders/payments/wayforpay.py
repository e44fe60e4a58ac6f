"""WayForPay (https://wiki.wayforpay.com): the payment form, its notices and their signed answer, status and refund.

``HMAC-MD5(secret, ";".join(fields))``. The text of a number must be the same in a message and in its signature, so
sums are written with two decimals and read as text.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from orders.models import Payment, PaymentKind, Refund
from orders.payments.calling import call, origin
from orders.payments.goods import payment_goods
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

_OK, _NOT_FOUND, _WRONG_SIGNATURE, _API_CLOSED, _MERCHANT = "1100", "1127", "1113", "1117", "1118"
_IN_PROGRESS = frozenset({"1131", "1132", "1134", "1138"})
_STATES = {
    "Created": State.OPEN,
    "Approved": State.PAID,
    "RefundInProcessing": State.PAID,  # it was paid; the money is on its way back
    "Declined": State.FAILED,
    "Expired": State.EXPIRED,
    "Refunded": State.RETURNED,
    "Voided": State.RETURNED,
}
_SIGNED_STATE = (
    "merchantAccount", "orderReference", "amount", "currency", "authCode", "cardPan", "transactionStatus", "reasonCode",
)  # fmt: skip
_KEPT = frozenset({
    "merchantAccount", "orderReference", "amount", "currency", "transactionStatus", "reasonCode", "createdDate",
    "processingDate",
})  # fmt: skip


class WayForPay:
    kind = PaymentKind.WAYFORPAY
    name = "WayForPay"

    @property
    def is_on(self) -> bool:
        return bool(settings.WAYFORPAY_MERCHANT and settings.WAYFORPAY_SECRET)

    def hosts(self) -> Sequence[str]:
        return [origin(settings.WAYFORPAY_PAGE_URL)]

    def start(self, payment: Payment, *, return_url: str, notice_url: str, receiver: Mapping[str, str]) -> Page:
        goods = payment_goods(payment)
        fields = [
            ("merchantAccount", settings.WAYFORPAY_MERCHANT),
            ("merchantDomainName", urlsplit(settings.PUBLIC_URL).hostname or ""),
            ("orderReference", payment.reference),
            ("orderDate", str(int(payment.created_at.timestamp()))),
            ("amount", _text(payment.amount)),
            ("currency", CURRENCY),
            *(("productName[]", good.name) for good in goods),
            *(("productCount[]", str(good.quantity)) for good in goods),
            *(("productPrice[]", _text(good.price)) for good in goods),
        ]
        signature = sign((value for _name, value in fields), settings.WAYFORPAY_SECRET)
        fields += [
            ("merchantSignature", signature),
            ("merchantAuthType", "SimpleSignature"),
            ("merchantTransactionType", "SALE"),
            ("merchantTransactionSecureType", "AUTO"),
            ("returnUrl", return_url),
            ("serviceUrl", notice_url),
            ("language", "EN" if payment.order.language == "en" else "UA"),
        ]
        if payment.expires_at:
            fields.append(
                ("orderLifetime", str(max(int((payment.expires_at - payment.created_at).total_seconds()), 60)))
            )
        if receiver.get("email"):
            fields.append(("clientEmail", receiver["email"]))
        return Page(f"{settings.WAYFORPAY_PAGE_URL}/pay", fields)

    def read(self, notice: Notice) -> ProviderState:
        try:
            message = _parse(notice.body)
        except ValueError as error:
            raise NoticeRefused("unreadable") from error
        if not message.get("merchantSignature"):
            raise NoticeRefused("no-signature")
        if not _is_signed(message):
            raise NoticeRefused("wrong-signature")
        if message.get("merchantAccount") != settings.WAYFORPAY_MERCHANT:
            raise NoticeRefused("foreign-account")
        return _state(message)

    def acknowledge(self, notice: Notice) -> Answer:
        try:
            reference = _parse(notice.body).get("orderReference", "")
        except ValueError:
            reference = ""
        answer = accept(reference, int(time.time()))
        return Answer(json.dumps(answer).encode(), "application/json")

    def kept(self, notice: Notice) -> dict[str, str]:
        try:
            return {name: str(value)[:80] for name, value in _parse(notice.body).items() if name in _KEPT}
        except ValueError:
            return {}

    def ask(self, payment: Payment) -> ProviderState:
        answer = self._status(payment)
        return _state(answer) if answer else ProviderState(payment.reference, State.UNKNOWN)

    def refund(self, refund: Refund) -> RefundAnswer:
        reference, amount = refund.payment.reference, _text(refund.amount)
        answer = self._request(
            "REFUND",
            {
                "merchantAccount": settings.WAYFORPAY_MERCHANT,
                "orderReference": reference,
                "amount": amount,
                "currency": CURRENCY,
            },
            comment=f"Повернення {refund.reference}",
        )
        code, status = str(answer.get("reasonCode", "")), answer.get("transactionStatus")
        if status in ("Refunded", "Voided") and code == _OK:
            return RefundAnswer.DONE
        if status == "RefundInProcessing" or code in _IN_PROGRESS:
            return RefundAnswer.PENDING
        raise PaymentRefused(code or "refused")

    def find_refund(self, refund: Refund) -> RefundAnswer:
        status = (self._status(refund.payment) or {}).get("transactionStatus")
        if status == "RefundInProcessing":
            return RefundAnswer.PENDING
        if status in ("Refunded", "Voided"):
            return RefundAnswer.DONE
        # The status of the whole payment cannot tell whether a part of it went back.
        return RefundAnswer.ABSENT if refund.amount == refund.payment.received else RefundAnswer.UNCLEAR

    def _status(self, payment: Payment) -> dict[str, str] | None:
        answer = self._request(
            "CHECK_STATUS", {"merchantAccount": settings.WAYFORPAY_MERCHANT, "orderReference": payment.reference}
        )
        if answer.get("reasonCode") == _NOT_FOUND:
            return None
        if not _is_signed(answer):
            raise OutcomeUnknown("an answer without its signature")
        return answer

    def _request(self, kind: str, signed: Mapping[str, str], **more: str) -> dict[str, str]:
        body: dict[str, Any] = {
            "transactionType": kind,
            "apiVersion": 1,
            **signed,
            "merchantSignature": sign(signed.values(), settings.WAYFORPAY_SECRET),
            **more,
        }
        response = call(self.name, "POST", f"{settings.WAYFORPAY_URL}/api", json=body)
        try:
            answer = _parse(response.content)
        except ValueError as error:
            raise OutcomeUnknown(f"HTTP {response.status_code}, not an answer of WayForPay") from error
        code = answer.get("reasonCode")
        if code in (_WRONG_SIGNATURE, _API_CLOSED, _MERCHANT):
            log.error("payment-provider-needs-attention", provider=self.name, code=code)
            raise ProviderUnavailable(str(code))
        return answer


def sign(fields: Iterable[str], secret: str) -> str:
    """32 hex digits; empty fields keep their place, missing ones are not given."""
    return hmac.new(secret.encode(), ";".join(fields).encode(), hashlib.md5).hexdigest()


def accept(reference: str, moment: int) -> dict[str, Any]:
    """What stops a notice from coming again; ``moment`` in seconds."""
    signature = sign([reference, "accept", str(moment)], settings.WAYFORPAY_SECRET)
    return {"orderReference": reference, "status": "accept", "time": moment, "signature": signature}


def _parse(body: bytes) -> dict[str, str]:
    """The raw body is JSON whatever the content type says; numbers stay the text they were. Raises ValueError."""
    message = json.loads(body, parse_float=str, parse_int=str)
    if not isinstance(message, dict):
        raise ValueError("not an object")  # what a caller expects of unreadable text
    return {name: "" if value is None else str(value) for name, value in message.items()}


def _is_signed(message: Mapping[str, str]) -> bool:
    expected = sign((message[name] for name in _SIGNED_STATE if name in message), settings.WAYFORPAY_SECRET)
    return hmac.compare_digest(expected.encode(), message.get("merchantSignature", "").encode())


def _state(message: Mapping[str, str]) -> ProviderState:
    code = message.get("reasonCode", "")
    return ProviderState(
        reference=message.get("orderReference", ""),
        status=_STATES.get(message.get("transactionStatus", ""), State.PENDING),
        amount=_money(message.get("amount")),
        currency=message.get("currency", ""),
        happened_at=_moment(message.get("processingDate") or message.get("createdDate")),
        code="" if code == _OK else code[:40],
    )


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _money(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _moment(seconds: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
