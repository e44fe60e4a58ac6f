"""What keeps SMS from costing a fortune or waking anybody: limits by number and in all, quiet hours.

Counted are rows whose handing-over began within ``WINDOW``, in the database: the cache may be emptied. Letters cost
nothing and wake nobody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.lib.locks import Lock, advisory_transaction_lock
from shop.messaging.models import Channel, Message

WINDOW = timedelta(days=1)
_KYIV = ZoneInfo("Europe/Kyiv")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Counting and beginning are one act, or two workers would both be the last one allowed."""
    with transaction.atomic():
        advisory_transaction_lock(Lock.SMS_LIMITS)
        yield


def is_over_limit(message: Message) -> str:
    """Why this SMS may not go now, in staff's words; empty when it may.

    A person who looked at it and sends it again is above the limits. A message whose outcome is being asked about is
    counted already.
    """
    if message.channel != Channel.SMS or message.may_exceed_limits or message.handing_over_since is not None:
        return ""
    begun = Message.objects.filter(channel=Channel.SMS, handing_over_since__gt=timezone.now() - WINDOW)
    counted = begun.aggregate(to_number=Count("pk", filter=Q(receiver=message.receiver)), parts=Sum("parts"))
    parts = counted["parts"] or 0
    most_to_number, most_parts = settings.SMS_LIMITS["number"], settings.SMS_LIMITS["parts"]
    with override(settings.LANGUAGE_CODE):
        if counted["to_number"] >= most_to_number:
            return _("На цей номер за добу вже пішло %(count)d SMS — це межа. Перевірте, чи не зловживають ним.") % {
                "count": most_to_number
            }
        if parts + message.parts > most_parts:
            return _("За добу вже пішло %(count)d частин SMS із %(most)d дозволених. Перевірте, що їх надсилає.") % {
                "count": parts,
                "most": most_parts,
            }
    return ""


def next_allowed_at(now: datetime, *, is_urgent: bool) -> datetime:
    """When an SMS may go: at once if it is urgent, else not between 21:00 and 09:00 Kyiv time."""
    if is_urgent:
        return now
    begin, end = settings.SMS_QUIET_HOURS
    local = now.astimezone(_KYIV)
    if end <= local.hour < begin:
        return now
    morning = local.date() if local.hour < end else local.date() + timedelta(days=1)
    return datetime.combine(morning, time(end), _KYIV)
