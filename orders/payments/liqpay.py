"""LiqPay (PrivatBank): the checkout form, its notices, status and refund. Protocol: the merchant documentation.

``signature = base64(H(private_key + data + private_key))`` over the base64 text ``data``; H is SHA3-256 for version 7
and SHA-1 before.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qs

import structlog
from django.conf import settings

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

_FIRST_SHA3_VERSION = 7
_SHA1_LENGTH, _SHA3_LENGTH = 28, 44
# The buyer has something to do yet; whatever else is not listed is in the bank's hands.
_OPEN = frozenset({
    "prepared", "wait_card", "cash_wait", "invoice_wait", "wait_qr", "wait_sender", "3ds_verify", "otp_verify",
    "cvv_verify", "captcha_verify", "sender_verify", "senderapp_verify", "receiver_verify", "phone_verify",
    "pin_verify", "ivr_verify", "password_verify",
})  # fmt: skip
_STATES = dict.fromkeys(_OPEN, State.OPEN) | {
    "success": State.PAID,
    "wait_compensation": State.PAID,  # paid, its payout to us waits
    "failure": State.FAILED,
    "error": State.FAILED,
    "reversed": State.RETURNED,
}
# Our keys, our address or our account: nothing works until a person acts.
_ALERTS = frozenset({
    "invalid_signature", "err_signature", "public_key_not_found", "err_access", "err_api_ip", "shop_blocked",
    "shop_not_active", "user_not_found",
})  # fmt: skip
_KEPT = frozenset({
    "order_id", "status", "amount", "currency", "action", "version", "payment_id", "err_code", "refund_amount",
    "create_date", "end_date", "type",
})  # fmt: skip


class LiqPay:
    kind = PaymentKind.LIQPAY
    name = "LiqPay"

    @property
    def is_on(self) -> bool:
        return bool(settings.LIQPAY_PUBLIC_KEY and settings.LIQPAY_PRIVATE_KEY)

    def hosts(self) -> Sequence[str]:
        return [origin(settings.LIQPAY_URL)]

    def start(self, payment: Payment, *, return_url: str, notice_url: str, receiver: Mapping[str, str]) -> Page:
        message: dict[str, Any] = {
            "action": "pay",
            "amount": float(payment.amount),
            "currency": CURRENCY,
            "description": part_name(payment.order, payment),
            "order_id": payment.reference,
            "language": payment.order.language,
            "server_url": notice_url,
            "result_url": return_url,
        }
        if payment.expires_at:
            message["expired_date"] = payment.expires_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        if receiver.get("email"):
            message["rro_info"] = {
                "items": [
                    {
                        "amount": good.quantity,
                        "price": float(good.price),
                        "cost": float(good.total),
                        "id": good.code,
                    }
                    for good in payment_goods(payment)
                ],
                "delivery_emails": [receiver["email"]],
            }
        data = encode(self._signed(message))
        return Page(
            f"{settings.LIQPAY_URL}/api/3/checkout",
            [("data", data), ("signature", sign(data, settings.LIQPAY_PRIVATE_KEY, settings.LIQPAY_API_VERSION))],
        )

    def read(self, notice: Notice) -> ProviderState:
        form = _form(notice.body)
        data, signature = form.get("data", ""), form.get("signature", "")
        if not data or not signature:
            raise NoticeRefused("no-signature")
        if not is_signed(data, signature, settings.LIQPAY_PRIVATE_KEY, settings.LIQPAY_API_VERSION):
            raise NoticeRefused("wrong-signature")
        try:
            message = decode(data)
        except ValueError as error:
            raise NoticeRefused("unreadable") from error
        if message.get("public_key") != settings.LIQPAY_PUBLIC_KEY:
            raise NoticeRefused("foreign-account")
        return _state(message)

    def acknowledge(self, notice: Notice) -> Answer:
        return Answer()

    def kept(self, notice: Notice) -> dict[str, str]:
        try:
            message = decode(_form(notice.body).get("data", ""))
        except ValueError:
            return {}
        return {name: str(value)[:80] for name, value in message.items() if name in _KEPT}

    def ask(self, payment: Payment) -> ProviderState:
        answer = self._request({"action": "status", "order_id": payment.reference})
        if not answer.get("payment_id"):
            if answer.get("err_code") == "payment_not_found":
                return ProviderState(payment.reference, State.UNKNOWN)
            raise OutcomeUnknown(str(answer.get("err_code", "no status"))[:40])
        return _state(answer)

    def refund(self, refund: Refund) -> RefundAnswer:
        answer = self._request(
            {"action": "refund", "order_id": refund.payment.reference, "amount": float(refund.amount)}
        )
        if answer.get("result") == "ok":
            return RefundAnswer.PENDING if answer.get("wait_amount") else RefundAnswer.DONE
        code = str(answer.get("err_code") or "refused")[:40]
        if code == "payment_processing":
            raise ProviderUnavailable(code)
        raise PaymentRefused(code)

    def find_refund(self, refund: Refund) -> RefundAnswer:
        state = self.ask(refund.payment)
        if state.status is State.RETURNED and (state.returned is None or state.returned == refund.payment.received):
            return RefundAnswer.DONE
        done = refund.payment.refunds.filter(status=Refund.Status.DONE)
        before = sum((each.amount for each in done), Decimal(0))
        if state.returned is None:
            # Whether a part went back it does not say; of a whole payment the state would.
            return RefundAnswer.ABSENT if refund.amount == refund.payment.received else RefundAnswer.UNCLEAR
        return RefundAnswer.DONE if state.returned >= before + refund.amount else RefundAnswer.ABSENT

    def _request(self, message: dict[str, Any]) -> dict[str, Any]:
        data = encode(self._signed(message))
        signature = sign(data, settings.LIQPAY_PRIVATE_KEY, settings.LIQPAY_API_VERSION)
        response = call(
            self.name, "POST", f"{settings.LIQPAY_URL}/api/request", data={"data": data, "signature": signature}
        )
        try:
            answer: dict[str, Any] = json.loads(response.text, parse_float=Decimal)
            code = answer.get("err_code") or answer.get("code")
        except (ValueError, AttributeError) as error:
            raise OutcomeUnknown(f"HTTP {response.status_code}, not an answer of LiqPay") from error
        if code in _ALERTS:
            log.error("payment-provider-needs-attention", provider=self.name, code=code)
            raise ProviderUnavailable(str(code))
        return answer

    @staticmethod
    def _signed(message: dict[str, Any]) -> dict[str, Any]:
        return message | {"version": settings.LIQPAY_API_VERSION, "public_key": settings.LIQPAY_PUBLIC_KEY}


def encode(message: Mapping[str, Any]) -> str:
    """JSON with sorted keys as base64: the text that is signed."""
    text = json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def decode(data: str) -> dict[str, Any]:
    """Raises ValueError; sums are Decimal."""
    message = json.loads(base64.b64decode(data, validate=True), parse_float=Decimal)
    if not isinstance(message, dict):
        raise ValueError("not an object")  # what a caller expects of unreadable text
    return message


def sign(data: str, private_key: str, version: int) -> str:
    """28 characters before version 7, 44 since."""
    text = f"{private_key}{data}{private_key}".encode()
    if version >= _FIRST_SHA3_VERSION:
        return base64.b64encode(hashlib.sha3_256(text).digest()).decode()
    return base64.b64encode(hashlib.sha1(text).digest()).decode()  # noqa: S324  # their protocol before version 7


def is_signed(data: str, signature: str, private_key: str, version: int) -> bool:
    """By the hash that the signature's length tells; SHA-1 only for accounts of a version that knows no other."""
    if len(signature) == _SHA3_LENGTH:
        expected = sign(data, private_key, _FIRST_SHA3_VERSION)
    elif len(signature) == _SHA1_LENGTH and version < _FIRST_SHA3_VERSION:
        expected = sign(data, private_key, version)
    else:
        return False
    return hmac.compare_digest(expected.encode(), signature.encode())


def _form(body: bytes) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(body.decode("ascii"), max_num_fields=20).items()}
    except ValueError:
        return {}


def _state(message: Mapping[str, Any]) -> ProviderState:
    status = str(message.get("status", ""))
    state = _STATES.get(status, State.PENDING)
    if status == "sandbox" and str(settings.LIQPAY_PUBLIC_KEY).startswith("sandbox_"):
        state = State.PAID
    return ProviderState(
        reference=str(message.get("order_id", "")),
        status=state,
        amount=_money(message.get("amount")),
        currency=str(message.get("currency", "")),
        provider_id=str(message.get("payment_id") or ""),
        happened_at=_moment(message.get("end_date") or message.get("create_date")),
        returned=_money(message.get("refund_amount")),
        code=str(message.get("err_code") or "")[:40],
    )


def _money(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except InvalidOperation:
        return None


def _moment(milliseconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
