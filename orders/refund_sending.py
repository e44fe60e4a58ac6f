"""Refunds on their way: claimed by one worker, sent outside of a transaction, looked up when the answer was lost."""

from datetime import datetime, timedelta

import structlog
from django.db.models import F
from django.utils import timezone

from orders.errors import PaymentWayClosed, WrongPaymentStatus
from orders.models import ONLINE, Refund
from orders.payments.provider import OutcomeUnknown, PaymentRefused, ProviderUnavailable, RefundAnswer
from orders.payments.registry import provider_of
from orders.refunding import settle_refund

log = structlog.get_logger(__name__)

# A worker that was killed while it asked leaves the row "sending"; then it is looked up, never asked again blindly.
_LOOK_AFTER = timedelta(minutes=2)
_MOST_PAUSE = timedelta(hours=6)
_ASK_PERSON_AFTER = 6


def send_due_refunds() -> int:
    """From the timetable: send what is due, look up what was sent; the number of refunds tried."""
    due = Refund.objects.open().filter(try_at__lte=timezone.now(), payment__kind__in=ONLINE)
    pks = list(due.order_by("try_at").values_list("pk", flat=True)[:100])
    for pk in pks:
        send_refund(pk)
    return len(pks)


def send_refund(refund_id: int) -> None:
    """One step of one refund, whoever comes first; nothing when it is not due, or another worker has it."""
    refund = Refund.objects.select_related("payment__order").get(pk=refund_id)
    now = timezone.now()
    if refund.try_at is None or refund.try_at > now:
        return
    if refund.status == Refund.Status.DUE:
        _send(refund, now)
    elif refund.status == Refund.Status.SENDING:
        _look_up(refund, now)


def _send(refund: Refund, now: datetime) -> None:
    try:
        refund.move_to(Refund.Status.SENDING, attempts=F("attempts") + 1, try_at=now + _LOOK_AFTER)
    except WrongPaymentStatus:
        return
    refund.refresh_from_db(fields=["attempts"])
    try:
        answer = provider_of(refund.payment.kind).refund(refund)
    except (ProviderUnavailable, PaymentWayClosed) as error:
        _try_later(refund, str(error))
    except OutcomeUnknown as error:
        log.warning("refund-outcome-unknown", refund=refund.pk, error=str(error))
    except PaymentRefused as error:
        _refused(refund, error.code)
    else:
        _write_down(refund, answer)


def _look_up(refund: Refund, now: datetime) -> None:
    claimed = Refund.objects.filter(pk=refund.pk, status=Refund.Status.SENDING, try_at=refund.try_at)
    if not claimed.update(attempts=F("attempts") + 1, try_at=now + _pause(refund.attempts)):
        return
    refund.refresh_from_db(fields=["attempts", "try_at"])
    try:
        answer = provider_of(refund.payment.kind).find_refund(refund)
    except (ProviderUnavailable, OutcomeUnknown, PaymentRefused, PaymentWayClosed) as error:
        log.warning("refund-not-looked-up", refund=refund.pk, error=str(error))
        answer = RefundAnswer.PENDING
    _write_down(refund, answer)


def _write_down(refund: Refund, answer: RefundAnswer) -> None:
    match answer:
        case RefundAnswer.DONE:
            try:
                settle_refund(refund)
            except WrongPaymentStatus:
                log.info("refund-settled-meanwhile", refund=refund.pk)
        case RefundAnswer.ABSENT:
            _try_later(refund, "absent")
        case RefundAnswer.FAILED:
            _refused(refund, "failed")
        case RefundAnswer.UNCLEAR:
            Refund.objects.filter(pk=refund.pk, status=Refund.Status.SENDING).update(try_at=None)
            refund.ask_a_person("Невідомо, чи пройшло повернення: перевірте в кабінеті платіжної системи.")
        case RefundAnswer.PENDING:
            if refund.attempts >= _ASK_PERSON_AFTER:
                refund.ask_a_person("Платіжна система довго не підтверджує повернення: перевірте в її кабінеті.")


def _try_later(refund: Refund, why: str) -> None:
    """Surely not taken: due again, after a growing pause."""
    try:
        refund.move_to(Refund.Status.DUE, try_at=timezone.now() + _pause(refund.attempts))
    except WrongPaymentStatus:
        return
    log.warning("refund-postponed", refund=refund.pk, why=why)
    if refund.attempts >= _ASK_PERSON_AFTER:
        refund.ask_a_person("Платіжна система не приймає повернення вже кілька спроб: перевірте її кабінет.")


def _refused(refund: Refund, code: str) -> None:
    try:
        refund.move_to(Refund.Status.FAILED, try_at=None)
    except WrongPaymentStatus:
        return
    log.warning("refund-refused", refund=refund.pk, code=code)
    refund.ask_a_person(f"Платіжна система відмовила в поверненні ({code[:40]}): поверніть інакше.")


def _pause(attempts: int) -> timedelta:
    pause: timedelta = timedelta(minutes=2) * 2 ** min(attempts, 8)
    return min(pause, _MOST_PAUSE)
