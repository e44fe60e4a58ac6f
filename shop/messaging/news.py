"""What became of messages, however we hear of it: callbacks and asking come through this one door.

News may come twice, late and in the wrong order. Each piece is written once (``DeliveryEvent``); the message's state
moves only where the piece says more than is known: "delivered" ends doubt, "not delivered" only what was on its way,
and a letter may bounce after a server took it.
"""

from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shop.lib.crypto import keyed_hash
from shop.messaging.gateways import Fate
from shop.messaging.models import DeliveryEvent, Message, News
from shop.messaging.signals import message_failed
from shop.messaging.suppression import suppress

log = structlog.get_logger(__name__)
Status = Message.Status
_GOOD = frozenset({News.DELIVERED, News.READ})
_BAD = frozenset({News.UNDELIVERED, News.BOUNCED})


def news_of(gateway: str, gateway_message_id: str) -> Message | None:
    """The message that ``gateway`` (its name, as on the row) knows by this id."""
    if not gateway_message_id:
        return None
    known = Message.objects.filter(gateway=gateway, gateway_message_id=gateway_message_id)
    return known.defer("html", "sealed").order_by("pk").first()


@transaction.atomic
def record_news(message: Message, fate: Fate, gateway: str) -> bool:
    """Write down what became of ``message`` and all that follows. False: this was known already.

    What follows: the message's state and time; its receiver is closed where ``fate.closes`` says so; and when it will
    not arrive any more, ``message_failed`` is sent in this same transaction.
    """
    now = timezone.now()
    at = min(fate.happened_at, now) if fate.happened_at else now
    moment = fate.happened_at.isoformat() if fate.happened_at else ""
    _event, is_new = DeliveryEvent.objects.get_or_create(
        key=keyed_hash("delivery-event", f"{message.pk} {fate.news} {moment}"),
        defaults={
            "message": message,
            "news": fate.news,
            "code": fate.code[:60],
            "gateway": gateway[:40],
            "happened_at": at,
        },
    )
    if not is_new:
        return False
    if fate.closes:
        suppress(message.channel, message.receiver, fate.closes)
    if fate.news in _GOOD:
        _move(
            message,
            Q(status__in=[Status.ACCEPTED, Status.NEEDS_PERSON]) | Q(status=Status.UNDELIVERED, settled_at__lte=at),
            status=Status.DELIVERED,
            settled_at=at,
            error="",
            sealed="",
            needs_person_since=None,
            needs_person_reason="",
        )
    elif fate.news in _BAD:
        still_open = Q(status=Status.ACCEPTED)
        if fate.news == News.BOUNCED:
            still_open |= Q(status=Status.DELIVERED, settled_at__lte=at)
        if _move(message, still_open, status=Status.UNDELIVERED, settled_at=at, error=fate.code[:200]):
            log.info("message-undelivered", message=message.pk, gateway=gateway, code=fate.code)
            message_failed.send(sender=Message, message=message)
    return True


def _move(message: Message, condition: Q, **values: Any) -> bool:
    """One UPDATE that names what was; the row in hand follows it."""
    if not Message.objects.filter(condition, pk=message.pk).update(**values):
        return False
    for field, value in values.items():
        setattr(message, field, value)
    return True
