"""Asking providers about attempts whose notice did not come: it may be lost, and an expired page sends none."""

from datetime import datetime, timedelta

import structlog
from django.db.models import F
from django.utils import timezone

from orders.errors import PaymentWayClosed
from orders.models import Payment, PaymentStatus
from orders.payments.provider import OutcomeUnknown, PaymentRefused, ProviderState, ProviderUnavailable, State
from orders.payments.receiving import Outcome, Refused, apply_state
from orders.payments.registry import provider_of

log = structlog.get_logger(__name__)

FIRST_LOOK = timedelta(minutes=2)
_MOST_PAUSE = timedelta(hours=1)
# When a page has ended its payment may still be on its way for so long; then nothing more is expected of it.
_AFTER_THE_END = timedelta(minutes=10)
_GIVE_UP_AFTER = timedelta(days=3)
_AT_ONCE = 50


def ask_due_payments() -> int:
    """From the timetable: ask about every attempt that is due for it; their number."""
    now = timezone.now()
    due = list(Payment.objects.to_be_asked(now).select_related("order").order_by("ask_at")[:_AT_ONCE])
    asked = 0
    for payment in due:
        # Whoever moves the time of the next look has this one.
        if Payment.objects.filter(pk=payment.pk, ask_at=payment.ask_at).update(
            ask_at=now + _pause(payment.asked_times), asked_times=F("asked_times") + 1
        ):
            asked += 1
            ask_now(payment)
    return asked


def ask_now(payment: Payment) -> Outcome | None:
    """Ask the provider and take its word; None when it did not answer. Never in a transaction.

    What cannot be true goes to a person, as a notice that says it would.
    """
    try:
        state = provider_of(payment.kind).ask(payment)
    except (ProviderUnavailable, OutcomeUnknown, PaymentRefused, PaymentWayClosed) as error:
        log.warning("payment-not-asked", payment=payment.pk, error=str(error))
        return None
    try:
        return apply_state(payment.pk, _as_it_ended(payment, state))
    except Refused as error:
        log.error("payment-state-refused", payment=payment.pk, problem=error.problem)
        payment.ask_a_person(error.reason)
        Payment.objects.filter(pk=payment.pk).update(ask_at=None)
        return Outcome.REFUSED


def _as_it_ended(payment: Payment, state: ProviderState) -> ProviderState:
    """After the end of its page, an attempt that nobody paid is over; one in the bank's hands is waited for."""
    now = timezone.now()
    if state.status not in (State.UNKNOWN, State.OPEN, State.PENDING) or not _is_over(payment, now):
        return state
    if state.status is not State.PENDING:
        return ProviderState(payment.reference, State.EXPIRED, amount=payment.amount)
    if payment.status in (PaymentStatus.CANCELLED, PaymentStatus.FAILED) or now > _ended_at(payment) + _GIVE_UP_AFTER:
        Payment.objects.filter(pk=payment.pk).update(ask_at=None)
        if payment.is_open:
            payment.ask_a_person("Платіжна система третю добу не каже, чим скінчилася оплата.")
    return state


def _is_over(payment: Payment, now: datetime) -> bool:
    return now > _ended_at(payment) + _AFTER_THE_END


def _ended_at(payment: Payment) -> datetime:
    return payment.expires_at or payment.created_at


def _pause(asked_times: int) -> timedelta:
    pause: timedelta = FIRST_LOOK * 2 ** min(asked_times, 8)
    return min(pause, _MOST_PAUSE)
