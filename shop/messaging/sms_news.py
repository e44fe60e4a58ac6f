"""What SMS gateways tell of messages: kept when it comes, applied by a task, each piece once.

A gateway repeats what was not answered, tells things out of order, and may tell of a message before the worker that
sent it wrote down that it was taken.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shop.lib.crypto import keyed_hash
from shop.messaging.gateways import Fate, alphasms, turbosms, twilio
from shop.messaging.models import WebhookEvent
from shop.messaging.news import news_of, record_news

log = structlog.get_logger(__name__)
Outcome = WebhookEvent.Outcome
# What nobody here knows after this long is of another shop with the same account.
_NOT_OURS_AFTER = timedelta(minutes=10)
_CHUNK = 200
_SUBJECT = "gateway-message"


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: the gateway's name, its id of the message, its own words for what happened. No address, no text."""

    gateway: str
    message_id: str
    status: str
    at: str = ""
    error: str = ""


_READERS: dict[str, Callable[[Told], Fate | None]] = {
    "turbosms": lambda told: turbosms.fate_of(told.status, told.at),
    "alphasms": lambda told: alphasms.fate_of(told.status),
    "twilio": lambda told: twilio.fate_of(told.status, told.error),
}


def keep(provider: str, event_id: str, told: Told) -> bool:
    """Store a proved notice; the same again is counted. False: ``event_id`` came before, of another message."""
    event, made = WebhookEvent.objects.get_or_create(
        key=keyed_hash("webhook", f"{provider}\0{event_id}"),
        defaults={
            "provider": provider,
            "body": json.dumps(asdict(told), ensure_ascii=False),
            "subject_kind": _SUBJECT,
            "subject_id": told.message_id,
        },
    )
    if not made:
        if event.subject_id != told.message_id:
            return False
        WebhookEvent.objects.filter(pk=event.pk).update(deliveries=F("deliveries") + 1)
    return True


def handle_waiting() -> int:
    """Apply all that is kept, in the order it came; what came too early waits. Two at once share the work."""
    handled = last = 0
    while pks := _waiting(after=last):
        handled += sum(_handle(pk) for pk in pks)
        last = pks[-1]
    return handled


def _waiting(*, after: int) -> list[int]:
    rows = WebhookEvent.objects.filter(pk__gt=after, provider__in=list(_READERS), handled_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:_CHUNK])


@transaction.atomic
def _handle(pk: int) -> bool:
    """Whether it was settled now."""
    rows = WebhookEvent.objects.select_for_update(skip_locked=True)
    event = rows.filter(pk=pk, handled_at__isnull=True).first()
    if event is None:
        return False
    told = Told(**json.loads(event.body))
    fate = _READERS[event.provider](told)
    if fate is None:
        return _settle(event, Outcome.STALE)  # on its way: that is known
    message = news_of(told.gateway, told.message_id)
    if message is None:
        if event.received_at > timezone.now() - _NOT_OURS_AFTER:
            return False
        return _settle(event, Outcome.REFUSED, problem="unknown-message")
    is_new = record_news(message, fate, told.gateway)
    return _settle(event, Outcome.APPLIED if is_new else Outcome.REPEATED)


def _settle(event: WebhookEvent, outcome: str, *, problem: str = "") -> bool:
    """How it ended. Whose event it was stays: a signature of TurboSMS is good for its event only."""
    return bool(
        WebhookEvent.objects.filter(pk=event.pk).update(
            handled_at=timezone.now(), outcome=outcome, problem=problem, body=""
        )
    )
