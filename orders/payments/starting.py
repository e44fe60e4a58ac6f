"""Leading a buyer to a provider's page. The amount and the order are ours; the browser only carries them, signed."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from orders.errors import NothingToPay, PaymentWayClosed
from orders.holds import INVOICE_HOLD
from orders.models import Hold, Order, Payment, PaymentKind, PaymentStatus
from orders.payments.balance import order_balance
from orders.payments.fiscal_due import is_by_provider
from orders.payments.polling import FIRST_LOOK, ask_now
from orders.payments.provider import OutcomeUnknown, Page, PaymentRefused, ProviderUnavailable
from orders.payments.registry import provider_of
from orders.payments.requesting import cancel_open_payments, request_payment, to_pay_now
from shop.lib.crypto import is_link_secret, link_secret
from shop.lib.locks import Busy, Lock, advisory_lock
from shop.privacy.handing_over import Receiver, ReceiverKind, hand_over
from shop.privacy.models import Purpose
from shop.privacy.subjects import Subject

log = structlog.get_logger(__name__)

# How long a provider's page may be paid; own pieces are held for as long.
PAGE_LIFE = timedelta(minutes=30)
# An attempt is not led back to in its last moments.
_LAST_MOMENTS = timedelta(minutes=2)
_WAIT_SECONDS, _LOOK_EVERY = 6.0, 0.25
_RETURN_PURPOSE = "payment-return"


@dataclass(frozen=True)
class _Attempt:
    payment: Payment
    is_new: bool


def start_payment(order: Order, *, kind: str) -> Page:
    """The page where what is due for ``order`` is paid in this way; a second click gives the same attempt.

    Never in a transaction: a provider may be called, shortly. Raises NothingToPay, and PaymentWayClosed when the way
    is off or its provider does not answer.
    """
    provider = provider_of(kind)
    attempt = _attempt(order, kind)
    if not attempt.is_new and not attempt.payment.page:
        # Whoever was at the page before may have paid there.
        ask_now(attempt.payment)
        attempt.payment.refresh_from_db()
        if not attempt.payment.is_open:
            attempt = _attempt(order, kind)  # raises NothingToPay when it was paid
    payment = attempt.payment
    deadline = time.monotonic() + _WAIT_SECONDS
    while not payment.page:
        try:
            with advisory_lock(Lock.PAYMENT_START, payment.pk % 2**31):
                payment.refresh_from_db()
                if not payment.page:
                    return _open_page(provider.name, payment, is_new=attempt.is_new)
        except Busy:
            # The other click is just creating the page: its page is ours.
            if time.monotonic() > deadline:
                raise PaymentWayClosed from None
            time.sleep(_LOOK_EVERY)
            payment.refresh_from_db()
    return Page(payment.page, provider_id=payment.provider_id)


@transaction.atomic
def choose_invoice(order: Order) -> Payment:
    """The customer pays by a transfer: nothing is called, the page shows the requisites. Raises NothingToPay."""
    payment = _request_anew(order, PaymentKind.INVOICE)
    _hold_until(payment.order, timezone.now() + INVOICE_HOLD)
    return payment


def return_address(payment: Payment) -> str:
    """Where the provider sends the buyer back to; opens nothing of the order by itself."""
    with override(payment.order.language):
        path = reverse(
            "orders:payment_return", args=[payment.reference, link_secret(_RETURN_PURPOSE, payment.reference)]
        )
    return f"{settings.PUBLIC_URL}{path}"


def returned_payment(reference: str, secret: str) -> Payment | None:
    """The attempt behind a return address; None for a wrong one."""
    if not is_link_secret(secret, _RETURN_PURPOSE, reference):
        return None
    return Payment.objects.select_related("order").filter(reference=reference).first()


@transaction.atomic
def _attempt(order: Order, kind: str) -> _Attempt:
    now = timezone.now()
    order = Order.objects.select_for_update().get(pk=order.pk)
    for payment in order.payments.filter(kind=kind, status=PaymentStatus.PENDING, amount=to_pay_now(order)):
        if payment.expires_at and payment.expires_at > now + _LAST_MOMENTS:
            payment.order = order
            return _Attempt(payment, is_new=False)
    payment = _request_anew(order, kind)
    payment.order = order
    payment.move_to(PaymentStatus.PENDING, expires_at=now + PAGE_LIFE, ask_at=now + FIRST_LOOK, asked_times=0)
    _hold_until(order, now + PAGE_LIFE)
    return _Attempt(payment, is_new=True)


def _hold_until(order: Order, moment: datetime) -> None:
    """Pieces that are still held stay so while their buyer pays, within two days of placing. The order is locked."""
    moment = min(moment, order.placed_at + INVOICE_HOLD)
    Hold.objects.of(order).open().filter(ends_at__lt=moment).update(ends_at=moment)


def _request_anew(order: Order, kind: str) -> Payment:
    """The open request for this way; the one for another way gives way to it. The order is locked."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    amount = to_pay_now(order)
    if not amount:
        raise NothingToPay
    open_ones = list(order.payments.open())
    for payment in open_ones:
        if payment.kind == kind and payment.amount == amount and payment.status == PaymentStatus.DUE:
            return payment
    purpose = open_ones[0].purpose if open_ones else _purpose(order)
    cancel_open_payments(order)
    return request_payment(order, amount, kind=kind, purpose=purpose)


def _purpose(order: Order) -> str:
    last = order.payments.exclude(status=PaymentStatus.PAID).last()
    if last is not None:
        return str(last.purpose)
    if order.payment_kind == PaymentKind.ON_DELIVERY:
        return Payment.Purpose.PREPAYMENT
    return Payment.Purpose.REST if order_balance(order).kept else Payment.Purpose.ORDER


def _open_page(name: str, payment: Payment, *, is_new: bool) -> Page:
    """Hand over what the provider needs and get its page; an attempt whose page did not come is over."""
    provider = provider_of(payment.kind)
    order = payment.order
    data = {
        "order_number": order.number,
        "amount": str(payment.amount),
        "goods": "1",
        # Only a provider that prints the receipt itself needs to know where to send it.
        "email": order.email if is_by_provider(payment.kind) else "",
    }
    receiver = {"email": data["email"]}
    if is_new:
        hand_over(
            data,
            receiver=Receiver(ReceiverKind.PAYMENT_PROVIDER, name),
            purpose=Purpose.PAYMENT,
            subject=Subject("order", order.pk),
        )
    notice_url = f"{settings.PUBLIC_URL}{reverse('hook', args=[payment.kind])}"
    try:
        page = provider.start(payment, return_url=return_address(payment), notice_url=notice_url, receiver=receiver)
    except (ProviderUnavailable, OutcomeUnknown, PaymentRefused) as error:
        log.warning("payment-page-not-opened", payment=payment.pk, error=str(error))
        payment.move_to(PaymentStatus.FAILED, ask_at=None, note=str(error)[:200])
        raise PaymentWayClosed from error
    if not page.fields:
        Payment.objects.filter(pk=payment.pk).update(page=page.address, provider_id=page.provider_id)
    return page
