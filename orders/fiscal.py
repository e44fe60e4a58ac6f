"""Tax receipts: one for each payment and each refund that our register is to print, with its number and link kept."""

import time
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from orders.models import FiscalReceipt, Payment, PaymentKind
from orders.payments.checkbox import Checkbox
from orders.payments.goods import payment_goods
from orders.payments.monobank import kopecks
from orders.payments.provider import OutcomeUnknown, PaymentError, PaymentRefused
from shop.privacy.handing_over import Receiver, ReceiverKind, hand_over
from shop.privacy.models import Purpose
from shop.privacy.subjects import Subject

log = structlog.get_logger(__name__)

_REGISTER = Checkbox()
_AT_ONCE = 50
_POLLS, _POLL_SECONDS = 4, 0.5
_FIRST_PAUSE, _MOST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
_ASK_PERSON_AFTER = timedelta(minutes=10)
_THOUSANDTHS = 1000
_PAGE = "https://check.checkbox.ua/"


def issue_due_receipts() -> int:
    """From the timetable: print what is due, look up what was sent; their number."""
    now = timezone.now()
    due = list(
        FiscalReceipt.objects.filter(
            status__in=[FiscalReceipt.Status.DUE, FiscalReceipt.Status.SENDING], try_at__lte=now
        )
        .select_related("payment__order", "refund__payment__order")
        .order_by("try_at")[:_AT_ONCE]
    )
    for receipt in due:
        # Whoever moves the time of the next try has this one.
        if FiscalReceipt.objects.filter(pk=receipt.pk, try_at=receipt.try_at).update(
            status=FiscalReceipt.Status.SENDING, attempts=F("attempts") + 1, try_at=now + _pause(receipt.attempts)
        ):
            _issue(receipt, now)
    return len(due)


def close_shift() -> None:
    """The day's Z report. What cannot be closed now is tried by the register itself at midnight; it is logged."""
    if not settings.CHECKBOX_LICENSE_KEY:
        return
    try:
        _REGISTER.close_shift()
    except PaymentError as error:
        log.error("fiscal-shift-not-closed", error=str(error))


def try_again(receipt: FiscalReceipt) -> bool:
    """A person put the register right. False: there is nothing to try."""
    waiting = FiscalReceipt.objects.filter(
        pk=receipt.pk, status__in=[FiscalReceipt.Status.DUE, FiscalReceipt.Status.SENDING]
    )
    return bool(waiting.update(try_at=timezone.now(), needs_person_since=None, needs_person_reason=""))


def _issue(receipt: FiscalReceipt, now: datetime) -> None:
    if not settings.CHECKBOX_LICENSE_KEY:
        _ask_a_person(receipt, "Чек має видати наша каса, а її не під’єднано: видайте чек і під’єднайте касу.")
        return
    sale = _sale_of(receipt)
    if sale is not None and sale.status != FiscalReceipt.Status.DONE:
        return  # a return names its sale: that comes first
    try:
        answer = _REGISTER.receipt(str(receipt.receipt_id)) or _print(receipt, sale)
        for _poll in range(_POLLS):
            if answer.get("status") in ("DONE", "ERROR"):
                break
            time.sleep(_POLL_SECONDS)
            answer = _REGISTER.receipt(str(receipt.receipt_id)) or {}
    except PaymentRefused as error:
        log.error("fiscal-receipt-refused", receipt=receipt.pk, code=error.code)
        _ask_a_person(receipt, f"Каса відмовила у видачі чека ({error.code}).")
        return
    except PaymentError as error:
        log.warning("fiscal-receipt-waits", receipt=receipt.pk, error=str(error))
        answer = {}
    if answer.get("status") == "ERROR":
        _ask_a_person(receipt, "Каса не змогла видати чек: перевірте в її кабінеті.")
        FiscalReceipt.objects.filter(pk=receipt.pk).update(try_at=None)
    elif answer.get("status") == "DONE" and answer.get("fiscal_code"):
        _settle(receipt, answer)
    elif now - receipt.created_at > _ASK_PERSON_AFTER:
        _ask_a_person(receipt, "Чек не видано понад 10 хвилин: перевірте касу.")


def _print(receipt: FiscalReceipt, sale: FiscalReceipt | None) -> dict[str, Any]:
    _REGISTER.open_shift()
    payment = _payment_of(receipt)
    order = payment.order
    body = _body(receipt, payment, sale)
    hand_over(
        {"email": order.email, "goods": "1", "amount": "1"},
        receiver=Receiver(ReceiverKind.FISCAL_REGISTER, _REGISTER.name),
        purpose=Purpose.PAYMENT,
        subject=Subject("order", order.pk),
    )
    try:
        return _REGISTER.sell(body)
    except OutcomeUnknown:
        return _REGISTER.receipt(str(receipt.receipt_id)) or {}


def _body(receipt: FiscalReceipt, payment: Payment, sale: FiscalReceipt | None) -> dict[str, Any]:
    """As the register wants it: the goods add up to the payment."""
    amount = receipt.refund.amount if receipt.refund else payment.received
    is_return = receipt.refund is not None
    body: dict[str, Any] = {
        "id": str(receipt.receipt_id),
        "goods": [
            {
                "good": {"code": good.code, "name": good.name[:128], "price": kopecks(good.price)},
                "quantity": good.quantity * _THOUSANDTHS,
                "is_return": is_return,
            }
            for good in payment_goods(payment, amount)
        ],
        "payments": [
            {
                "type": "CASH" if payment.kind == PaymentKind.ON_DELIVERY else "CASHLESS",
                "value": kopecks(amount),
                "label": _LABELS.get(payment.kind, "Інтернет еквайринг"),
            }
        ],
        "delivery": {"emails": [payment.order.email]},
        "rounding": False,
    }
    if sale is not None:
        body["related_receipt_id"] = str(sale.receipt_id)
    return body


_LABELS: dict[str, str] = {PaymentKind.ON_DELIVERY: "Готівка", PaymentKind.INVOICE: "Переказ на рахунок"}


def _payment_of(receipt: FiscalReceipt) -> Payment:
    payment = receipt.refund.payment if receipt.refund else receipt.payment
    assert payment is not None  # a constraint of the table
    return payment


def _sale_of(receipt: FiscalReceipt) -> FiscalReceipt | None:
    if receipt.refund is None:
        return None
    return FiscalReceipt.objects.filter(payment_id=receipt.refund.payment_id).first()


def _settle(receipt: FiscalReceipt, answer: dict[str, Any]) -> None:
    FiscalReceipt.objects.filter(pk=receipt.pk).exclude(status=FiscalReceipt.Status.DONE).update(
        status=FiscalReceipt.Status.DONE,
        fiscal_code=str(answer["fiscal_code"])[:40],
        url=f"{_PAGE}{receipt.receipt_id}",
        done_at=timezone.now(),
        try_at=None,
        needs_person_since=None,
        needs_person_reason="",
    )


def _ask_a_person(receipt: FiscalReceipt, reason: str) -> None:
    FiscalReceipt.objects.filter(pk=receipt.pk).update(
        needs_person_since=Coalesce("needs_person_since", timezone.now()), needs_person_reason=reason[:200]
    )


def _pause(attempts: int) -> timedelta:
    pause: timedelta = _FIRST_PAUSE * 2 ** min(attempts, 8)
    return min(pause, _MOST_PAUSE)
