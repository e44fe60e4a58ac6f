"""Several ways of telling one event: the quick one first, the next when it does not arrive, a person in the end.

The messages of an event are a family: the first (an SMS) is its head, the others point to it by ``takes_place_of``. The
head's ``next_rung_at`` says when somebody has to look. ``climb_due`` decides by how the family stands at that moment
and not by what has just happened, so it may look any number of times:

1. one of them has arrived: what is in reserve is not needed, and that is all;
2. else what is in reserve goes;
3. else, when nothing can arrive any more or it takes too long, a person is asked: the customer knows nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.lib.publishing import publish
from shop.messaging import outbox
from shop.messaging.models import Channel, Message

log = structlog.get_logger(__name__)
Status = Message.Status
# Heads that one run looks at; the next tick goes on.
_MOST = 500


def keep_in_reserve(first: Message, second: Message) -> list[Message]:
    """For ``outbox.write``: ``second`` goes only if ``first`` does not arrive."""
    second.status = Status.IN_RESERVE
    return at_once(first, second)


def at_once(first: Message, second: Message) -> list[Message]:
    """For ``outbox.write``: both go now, and a person is asked only if neither arrives."""
    first.next_rung_at = timezone.now() + _wait("mail_after_minutes")
    second.takes_place_of = first
    return [first, second]


def family(messages: Sequence[Message]) -> Sequence[Message]:
    """For ``outbox.write``: the messages of one event; an SMS and a letter of it are bound together as ``at_once``."""
    by_channel = {message.channel: message for message in messages}
    if by_channel.keys() == {Channel.SMS, Channel.EMAIL}:
        at_once(by_channel[Channel.SMS], by_channel[Channel.EMAIL])
    return messages


def climb_due() -> int:
    """Look at every event whose time has come; returns their number. Two at once share the work."""
    looked = 0
    while looked < _MOST and _climb_one():
        looked += 1
    return looked


def failed(message: Message, **_signal: Any) -> None:
    """Hears ``message_failed``: the next way is tried now; a message that is the only one goes before a person."""
    if message.queue != Message.Queue.ORDERS:
        return  # a code that did not come has been noticed; a letter to many is nobody's work
    if message.takes_place_of_id is None and not message.replacements.exists():
        _ask(message, message.error or str(message.get_status_display()))
        return
    Message.objects.filter(pk=_head_of(message)).update(next_rung_at=timezone.now())
    transaction.on_commit(_wake, robust=True)


@transaction.atomic
def _climb_one() -> bool:
    now = timezone.now()
    due = Message.objects.filter(next_rung_at__lte=now).order_by("next_rung_at", "pk")
    head = due.select_for_update(skip_locked=True, of=("self",)).defer("text", "html", "sealed").first()
    if head is None:
        return False
    ways = [head, *_others(head)]
    if any(has_arrived(message) for message in ways):
        _drop_reserve(ways)
        _look_again(head, None)
    elif reserve := [message for message in ways if message.status == Status.IN_RESERVE]:
        _send(reserve[0])
        _look_again(head, now + _wait("person_after_minutes"))
    elif any(message.status == Status.NEEDS_PERSON for message in ways):
        _look_again(head, None)  # a person is asked already
    elif any(_may_arrive(message, now) for message in ways):
        _look_again(head, now + _wait("mail_after_minutes"))
    else:
        _ask(head, _what_became(ways))
        _look_again(head, None)
    return True


def has_arrived(message: Message) -> bool:
    """As far as anybody can tell: mail servers seldom say more than that they took a letter."""
    is_taken_letter = message.channel == Channel.EMAIL and message.status == Status.ACCEPTED
    return message.status == Status.DELIVERED or is_taken_letter


def _may_arrive(message: Message, now: datetime) -> bool:
    """It is on its way: in our outbox, or with the gateway for less than we wait."""
    if message.status in (Status.WAITING, Status.LEASED):
        return True
    since = message.handed_over_at or message.created_at
    return message.status == Status.ACCEPTED and now < since + _wait("person_after_minutes")


def _head_of(message: Message) -> int:
    above = message.takes_place_of_id
    head = message.pk
    while above is not None:
        head = above
        above = Message.objects.values_list("takes_place_of", flat=True).get(pk=above)
    return head


def _others(head: Message) -> list[Message]:
    """What points to ``head``, and to those: a letter that staff sent again takes the place of a letter."""
    others: list[Message] = []
    above = [head.pk]
    while above:
        found = list(Message.objects.filter(takes_place_of__in=above).defer("text", "html", "sealed").order_by("pk"))
        others += found
        above = [message.pk for message in found]
    return others


def _drop_reserve(ways: list[Message]) -> None:
    reserve = [message.pk for message in ways if message.status == Status.IN_RESERVE]
    if reserve:
        Message.objects.filter(pk__in=reserve, status=Status.IN_RESERVE).update(
            status=Status.NOT_NEEDED, sealed="", settled_at=timezone.now()
        )


def _send(message: Message) -> None:
    if Message.objects.filter(pk=message.pk, status=Status.IN_RESERVE).update(
        status=Status.WAITING, available_at=timezone.now()
    ):
        log.info("next-rung", message=message.pk, channel=message.channel)
        outbox.wake(message.queue, message.channel)


def _look_again(head: Message, moment: datetime | None) -> None:
    Message.objects.filter(pk=head.pk).update(next_rung_at=moment)


def _ask(message: Message, reason: str) -> None:
    log.warning("customer-knows-nothing", message=message.pk)
    Message.objects.filter(pk=message.pk, needs_person_since__isnull=True).update(
        needs_person_since=timezone.now(), needs_person_reason=reason[:200]
    )


def _what_became(ways: list[Message]) -> str:
    """``SMS: не доставлено; лист: відхилено (адреси немає)``."""
    said = []
    for message in ways:
        why = f" ({message.error[:60]})" if message.error else ""
        said.append(f"{message.get_channel_display()}: {message.get_status_display()}{why}")
    return _("Покупець нічого не знає. %(ways)s.") % {"ways": "; ".join(said)}


def _wait(rule: str) -> timedelta:
    return timedelta(minutes=settings.LADDER[rule])


def _wake() -> None:
    from shop.messaging.tasks import climb_ladder  # the tasks import what they send, and that imports this module

    publish(climb_ladder)
