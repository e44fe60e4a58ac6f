"""Notices of providers: kept before they are looked at, applied once, shown to a person when not believed."""

import json
from datetime import timedelta

import structlog
from django.db.models import F
from django.utils import timezone

from orders.models import Payment
from orders.payments.provider import Notice, NoticeRefused, PaymentProvider, ProviderState, ProviderUnavailable
from orders.payments.receiving import Refused, apply_state
from orders.payments.registry import PROVIDERS
from shop.lib.crypto import keyed_hash
from shop.messaging.models import WebhookEvent

log = structlog.get_logger(__name__)

# Anybody may post: what is not proved to come from the provider is answered as an error, and only so many of a kind
# are put before a person at a time.
UNPROVED = frozenset({"no-signature", "wrong-signature", "unreadable", "foreign-account"})
_MOST_UNPROVED = 20
_WAITS_TOO_LONG = timedelta(hours=1)
_LEFT_BEHIND = timedelta(seconds=15)
_REASONS = {
    "no-signature": "Сповіщення без підпису: нічого не змінено.",
    "wrong-signature": "Підпис не збігається: чуже сповіщення або змінився ключ. Нічого не змінено.",
    "unreadable": "Сповіщення не вдалося прочитати: нічого не змінено.",
    "foreign-account": "Сповіщення про чужий кабінет: нічого не змінено.",
    "unknown-order": "Оплата за замовлення, якого ми не знаємо: перевірте в кабінеті платіжної системи.",
}


def store(provider: str, notice: Notice) -> WebhookEvent:
    """Keep what came, encrypted; the same again is counted."""
    body = notice.body.decode("latin-1")  # byte for byte
    event, made = WebhookEvent.objects.get_or_create(
        key=keyed_hash("webhook", f"{provider}\0{notice.signature}\0{body}"),
        defaults={"provider": provider, "body": body, "signature": notice.signature},
    )
    if not made:
        WebhookEvent.objects.filter(pk=event.pk).update(deliveries=F("deliveries") + 1)
    return event


def handle(event: WebhookEvent) -> WebhookEvent:
    """Apply a kept notice, unless that was done; harmless at the same moment by two. Never in a transaction.

    Raises ProviderUnavailable when its proof needs a key that cannot be had now: it waits then.
    """
    if event.handled_at is not None:
        return event
    provider = PROVIDERS[event.provider]
    notice = Notice(event.body.encode("latin-1"), event.signature)
    try:
        state = provider.read(notice)
        payment = _payment(provider, state)
    except NoticeRefused as error:
        return _refuse(event, provider, notice, error.problem, _REASONS[error.problem])
    try:
        outcome = apply_state(payment.pk, state)
    except Refused as error:
        return _refuse(event, provider, notice, error.problem, error.reason, payment)
    return _settle(event, provider, notice, payment, outcome=outcome)


def handle_waiting() -> int:
    """From the timetable: notices whose page could not apply them; their number."""
    now = timezone.now()
    waiting = list(
        WebhookEvent.objects.filter(
            handled_at__isnull=True,
            provider__in=[kind for kind, provider in PROVIDERS.items() if provider.is_on],
            received_at__lte=now - _LEFT_BEHIND,
        ).order_by("received_at")[:200]
    )
    for event in waiting:
        try:
            handle(event)
        except ProviderUnavailable as error:
            log.warning("notice-waits", provider=event.provider, event_id=event.pk, error=str(error))
            if event.received_at < now - _WAITS_TOO_LONG:
                _ask_a_person(event, "Сповіщення не вдається перевірити понад годину.")
    return len(waiting)


def _payment(provider: PaymentProvider, state: ProviderState) -> Payment:
    """By our reference; raises NoticeRefused when it is not ours."""
    payment = Payment.objects.filter(kind=provider.kind, reference=state.reference).first()
    if payment is None and state.provider_id and not state.reference:
        payment = Payment.objects.filter(kind=provider.kind, provider_id=state.provider_id).first()
    if payment is None:
        raise NoticeRefused("unknown-order")
    return payment


def _refuse(
    event: WebhookEvent,
    provider: PaymentProvider,
    notice: Notice,
    problem: str,
    reason: str,
    payment: Payment | None = None,
) -> WebhookEvent:
    log.warning("notice-refused", provider=event.provider, event_id=event.pk, problem=problem)
    shown = WebhookEvent.objects.filter(
        provider=event.provider, needs_person_since__isnull=False, problem__in=UNPROVED
    ).count()
    if problem not in UNPROVED or shown < _MOST_UNPROVED:
        _ask_a_person(event, reason)
    return _settle(event, provider, notice, payment, outcome=WebhookEvent.Outcome.REFUSED, problem=problem)


def _ask_a_person(event: WebhookEvent, reason: str) -> None:
    WebhookEvent.objects.filter(pk=event.pk, needs_person_since__isnull=True).update(
        needs_person_since=timezone.now(), needs_person_reason=reason[:200]
    )


def _settle(
    event: WebhookEvent,
    provider: PaymentProvider,
    notice: Notice,
    payment: Payment | None,
    *,
    outcome: str,
    problem: str = "",
) -> WebhookEvent:
    """Write down how it ended. What proved the notice is not needed any more, and it held card data: both go."""
    kept = json.dumps(provider.kept(notice), ensure_ascii=False, sort_keys=True)
    WebhookEvent.objects.filter(pk=event.pk, handled_at__isnull=True).update(
        handled_at=timezone.now(),
        outcome=outcome,
        problem=problem,
        body=kept,
        signature="",
        subject_kind="order" if payment else "",
        subject_id=str(payment.order_id) if payment else "",
    )
    event.refresh_from_db()
    return event
