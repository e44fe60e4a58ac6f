"""What mail providers tell of letters: kept first, then written on the message, and an address closed if it is dead.

A provider repeats what was not answered, tells things out of order, and may tell of a letter before we wrote down that
it was taken. Opens and clicks are not kept: mail programs open by themselves.
"""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import structlog
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shop.lib.crypto import keyed_hash
from shop.messaging.gateways import Fate
from shop.messaging.models import Channel, News, Suppression, WebhookEvent
from shop.messaging.news import news_of, record_news
from shop.messaging.suppression import suppress

log = structlog.get_logger(__name__)
PROVIDER = "mail"
# A letter that nobody here knows after this long is not ours.
_NOT_OURS_AFTER = timedelta(hours=1)
_LEFT_BEHIND = timedelta(seconds=15)
_NEWS = {
    EventType.QUEUED: News.SENT,
    EventType.SENT: News.SENT,
    EventType.DELIVERED: News.DELIVERED,
    EventType.DEFERRED: News.DEFERRED,
    EventType.BOUNCED: News.BOUNCED,
    EventType.REJECTED: News.UNDELIVERED,
    EventType.FAILED: News.UNDELIVERED,
    EventType.COMPLAINED: News.COMPLAINED,
}
# Anymail calls a full mailbox "bounced" as well; where a provider says that it is temporary, and how.
_KINDS: dict[str, tuple[str, ...]] = {
    "Amazon SES": ("bounce", "bounceType"),
    "Brevo": ("event",),
    "MailerSend": ("data", "type"),
    "Mailjet": ("hard_bounce",),
    "Mandrill": ("event",),
    "Postmark": ("Type",),
    "Resend": ("data", "bounce", "type"),
    "SparkPost": ("bounce_class",),
}
_TEMPORARY = frozenset(
    {"SoftBounce", "soft_bounce", "soft_bounced", "Transient", "Temporary", "Undetermined", "False"}
    | {"20", "21", "22", "23", "70"}
)
_MAILBOX_FULL = re.compile(r"\b[45]\.2\.2\b")


def hear(event: AnymailTrackingEvent, esp_name: str, **_signal: Any) -> None:
    """Hears Anymail's ``tracking``, after it has proved the sender."""
    if event.event_type not in _NEWS:
        return
    kept = _store(event, esp_name)
    handle(kept)


def handle_waiting() -> int:
    """From the timetable: news that could not be applied when they came; returns their number."""
    waiting = WebhookEvent.objects.filter(
        provider=PROVIDER, handled_at__isnull=True, received_at__lte=timezone.now() - _LEFT_BEHIND
    ).order_by("received_at")
    rows = list(waiting[:500])
    for row in rows:
        handle(row)
    return len(rows)


@transaction.atomic
def handle(kept: WebhookEvent) -> None:
    """Apply news that are kept, unless that was done; harmless at the same moment by two."""
    row = WebhookEvent.objects.select_for_update().get(pk=kept.pk)
    if row.handled_at is not None:
        return
    told: dict[str, str] = json.loads(row.body)
    message = news_of(told["gateway"], told["message_id"]) if told["message_id"] else None
    if message is None and row.received_at > timezone.now() - _NOT_OURS_AFTER:
        return  # the worker that sent it may be writing that down right now
    if message is None:
        if told["recipient"] and told["closes"]:  # the address is dead all the same
            suppress(Channel.EMAIL, told["recipient"], told["closes"])
        _settle(row, WebhookEvent.Outcome.REFUSED, problem="unknown-message")
        return
    happened_at = datetime.fromisoformat(told["happened_at"]) if told["happened_at"] else None
    fate = Fate(News(told["news"]), told["code"], happened_at, closes=told["closes"])
    is_new = record_news(message, fate, told["gateway"])
    outcome = WebhookEvent.Outcome.APPLIED if is_new else WebhookEvent.Outcome.REPEATED
    _settle(row, outcome, subject_kind=message.subject_kind, subject_id=message.subject_id)


def _store(event: AnymailTrackingEvent, esp_name: str) -> WebhookEvent:
    """Keep what is needed of it, encrypted; the same again is counted."""
    moment = event.timestamp.isoformat() if event.timestamp else ""
    told = {
        "gateway": gateway_name(esp_name),
        "message_id": str(event.message_id or ""),
        "recipient": event.recipient or "",
        "news": _NEWS[event.event_type],
        "code": _code(event),
        "closes": _closes(event, esp_name),
        "happened_at": moment,
    }
    one = event.event_id or f"{told['message_id']} {told['recipient']} {moment}"
    kept, made = WebhookEvent.objects.get_or_create(
        key=keyed_hash("webhook", f"{PROVIDER}\0{esp_name}\0{event.event_type}\0{one}\0{told['recipient']}"),
        defaults={"provider": PROVIDER, "body": json.dumps(told, ensure_ascii=False, sort_keys=True)},
    )
    if not made:
        WebhookEvent.objects.filter(pk=kept.pk).update(deliveries=F("deliveries") + 1)
    return kept


def gateway_name(esp_name: str) -> str:
    """As ``EmailGateway`` writes it on the message: ``Amazon_ses`` of ``Amazon SES``."""
    return esp_name.replace(" ", "_").capitalize()


def _closes(event: AnymailTrackingEvent, esp_name: str) -> str:
    """Why the address is dead after this, or nothing: policies and spam filters are about the letter."""
    reason = event.reject_reason
    if reason is None and event.event_type == EventType.BOUNCED and _field(event, "type") != "blocked":  # SendGrid
        reason = RejectReason.BOUNCED
    if event.event_type == EventType.COMPLAINED:
        return Suppression.Reason.COMPLAINT
    if event.event_type not in (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED):
        return ""
    if reason == RejectReason.INVALID:
        return Suppression.Reason.HARD_BOUNCE
    if reason == RejectReason.TIMED_OUT:
        return Suppression.Reason.SOFT_BOUNCE
    if reason != RejectReason.BOUNCED:
        return ""
    return Suppression.Reason.SOFT_BOUNCE if _is_temporary(event, esp_name) else Suppression.Reason.HARD_BOUNCE


def _is_temporary(event: AnymailTrackingEvent, esp_name: str) -> bool:
    is_full = _MAILBOX_FULL.search(event.mta_response or "")
    return bool(is_full) or str(_field(event, *_KINDS.get(esp_name, ()))) in _TEMPORARY


def _field(event: AnymailTrackingEvent, *steps: str) -> Any:
    """A field of the provider's own notice, which may be JSON or a posted form; None where it has none."""
    said: Any = event.esp_event
    for step in steps:
        said = said.get(step) if hasattr(said, "get") else None
    return said if steps else None


def _code(event: AnymailTrackingEvent) -> str:
    """``bounced/bounced``: Anymail's own two words; providers' words often repeat the address."""
    return "/".join(filter(None, [event.event_type, event.reject_reason]))[:60]


def _settle(row: WebhookEvent, outcome: str, **more: str) -> None:
    """How it ended; the address goes."""
    WebhookEvent.objects.filter(pk=row.pk).update(handled_at=timezone.now(), outcome=outcome, body="", **more)
