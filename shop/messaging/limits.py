"""What keeps SMS from costing a fortune or waking anybody: limits by number and in all, quiet hours.

Counted are rows whose handing-over began within ``WINDOW``, in the database: the cache may be emptied. Letters cost
nothing and wake nobody.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.messaging.models import Channel, Message

WINDOW = timedelta(days=1)
_KYIV = ZoneInfo("Europe/Kyiv")


def over_limit_among(messages: Sequence[Message]) -> dict[int, str]:
    """Which of these SMS, just leased, may not go now, and why in staff's words: message id to reason.

    Counted are those that began within ``WINDOW`` and, in the order of their ids, those that workers hold at this
    moment. A worker counts after its lease is committed, so of two at once at least one sees the other's, and the
    order decides alike for both. What a person sends again after looking at it is above the limits; a message whose
    outcome is being asked about is counted already.
    """
    asking = [message for message in messages if message.channel == Channel.SMS and _is_counted(message)]
    if not asking:
        return {}
    begun = Message.objects.filter(channel=Channel.SMS, handing_over_since__gt=timezone.now() - WINDOW).order_by()
    begun_parts: int = begun.aggregate(parts=Sum("parts"))["parts"] or 0
    to_number = dict(
        begun.filter(receiver__in={message.receiver for message in asking})
        .values_list("receiver")
        .annotate(count=Count("pk"))
    )
    held = Message.objects.filter(
        channel=Channel.SMS,
        status=Message.Status.LEASED,
        handing_over_since__isnull=True,
        may_exceed_limits=False,
        pk__lte=max(message.pk for message in asking),
    )
    mine = {message.pk for message in asking}
    refused: dict[int, str] = {}
    for pk, receiver, parts in held.order_by("pk").values_list("pk", "receiver", "parts"):
        reason = _reason(to_number.get(receiver, 0), begun_parts, parts)
        if not reason:
            to_number[receiver] = to_number.get(receiver, 0) + 1
            begun_parts += parts
        elif pk in mine:
            refused[pk] = reason
    return refused


def _is_counted(message: Message) -> bool:
    return not message.may_exceed_limits and message.handing_over_since is None


def _reason(to_number: int, parts_before: int, parts: int) -> str:
    most_to_number, most_parts = settings.SMS_LIMITS["number"], settings.SMS_LIMITS["parts"]
    with override(settings.LANGUAGE_CODE):
        if to_number >= most_to_number:
            return _("На цей номер за добу вже пішло %(count)d SMS — це межа. Перевірте, чи не зловживають ним.") % {
                "count": most_to_number
            }
        if parts_before + parts > most_parts:
            return _("За добу вже пішло %(count)d частин SMS із %(most)d дозволених. Перевірте, що їх надсилає.") % {
                "count": parts_before,
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
