"""Asking SMS gateways what became of messages that no news has come of, and how much money is left with them."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shop.messaging.errors import MessagingError
from shop.messaging.gateways import SmsGateway, sms_gateways
from shop.messaging.models import Channel, Message
from shop.messaging.news import record_news

log = structlog.get_logger(__name__)
# Callbacks come within seconds; whoever sends none is asked after this, and again and again.
_FIRST_ASKED_AFTER = timedelta(minutes=2)
_YOUNG = timedelta(hours=1)
_YOUNG_PAUSE = timedelta(minutes=3)
_OLD_PAUSE = timedelta(hours=1)
# An SMS lives a day, and a phone may be off for two more; then nobody will ever know.
_NOT_ASKED_AFTER = timedelta(days=3)
_BATCH = 100
_BATCHES = 20


def ask_fates() -> int:
    """Ask about accepted SMS without an end, by gateway; returns how many pieces of news were new."""
    return sum(_ask(gateway) for gateway in sms_gateways())


def _ask(gateway: SmsGateway) -> int:
    news = 0
    try:
        for _batch in range(_BATCHES):
            messages = _take(gateway.name)
            if not messages:
                break
            fates = gateway.fates([message.gateway_message_id for message in messages])
            for message in messages:
                fate = fates.get(message.gateway_message_id)
                news += bool(fate and record_news(message, fate, gateway.name))
    except MessagingError as error:
        log.warning("fates-not-told", gateway=gateway.name, reason=str(error))
    finally:
        gateway.close()
    return news


@transaction.atomic
def _take(gateway: str) -> Sequence[Message]:
    """Up to a batch that it is time to ask about; marked first, so that two tasks do not ask the same."""
    now = timezone.now()
    is_time = Q(asked_at__isnull=True) | Q(asked_at__lte=now - _OLD_PAUSE)
    is_time |= Q(handed_over_at__gt=now - _YOUNG, asked_at__lte=now - _YOUNG_PAUSE)
    due = Message.objects.filter(
        is_time,
        channel=Channel.SMS,
        status=Message.Status.ACCEPTED,
        gateway=gateway,
        handed_over_at__gt=now - _NOT_ASKED_AFTER,
        handed_over_at__lte=now - _FIRST_ASKED_AFTER,
    ).exclude(gateway_message_id="")
    messages = list(
        due.select_for_update(skip_locked=True).defer("text", "html", "sealed").order_by("handed_over_at")[:_BATCH]
    )
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(asked_at=now)
    return messages


def ask_balances() -> dict[str, Decimal]:
    """Hryvnias left with each gateway that tells, kept for the desk; below ``SMS_LOW_BALANCE`` the log says error."""
    balances = {}
    for gateway in sms_gateways():
        try:
            left = gateway.balance()
        except MessagingError as error:
            log.warning("balance-not-told", gateway=gateway.name, reason=str(error))
            continue
        finally:
            gateway.close()
        if left is None:
            continue
        balances[gateway.name] = left
        if left < settings.SMS_LOW_BALANCE:
            log.error("sms-balance-low", gateway=gateway.name, hryvnias=str(left))
    cache.set(_BALANCES, balances, timeout=_KEPT_SECONDS)
    return balances


def known_balances() -> dict[str, Decimal]:
    """As they were when last asked; empty when nobody was, or the cache is away."""
    balances: dict[str, Decimal] = cache.get(_BALANCES) or {}
    return balances


_BALANCES = "sms-balances"
_KEPT_SECONDS = 3 * 3600
