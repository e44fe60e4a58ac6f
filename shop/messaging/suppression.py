"""Receivers that messages do not reach: nothing of any kind is sent there until the time has passed or staff lift it.

A receiver is known by a keyed hash, so the list outlives a customer's erasure and names nobody. A full mailbox or a
greylist passes: such soft bounces are counted, and ``SOFT_LIMIT`` of them within ``SOFT_WINDOW`` close the address for
``SOFT_PAUSE``; older ones are forgotten.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shop.lib.crypto import keyed_hash
from shop.messaging.masking import mask
from shop.messaging.models import Channel, Suppression

log = structlog.get_logger(__name__)
SOFT_LIMIT = 3
SOFT_WINDOW = timedelta(days=7)
SOFT_PAUSE = timedelta(days=7)

Reason = Suppression.Reason


@transaction.atomic
def suppress(channel: str, receiver: str, reason: str, *, until: datetime | None = None) -> Suppression:
    """Write down that ``receiver`` cannot be reached; the same told again, or at once by two, is one row.

    ``until`` is when it opens by itself, None for never; a soft bounce has its own rule and ignores it. What closes
    for good is not weakened by what closes for a time.
    """
    now = timezone.now()
    known, made = Suppression.objects.get_or_create(
        channel=channel,
        receiver_hash=hash_of(channel, receiver),
        lifted_at=None,
        defaults={"shown": mask(channel, receiver), "since": now, **_first(reason, until, now)},
    )
    if made:
        log.info("receiver-closed", channel=channel, reason=reason, suppression=known.pk)
        return known
    row = Suppression.objects.select_for_update().get(pk=known.pk)
    for field, value in _again(row, reason, until, now).items():
        setattr(row, field, value)
    row.save()
    return row


def is_suppressed(channel: str, receiver: str) -> Suppression | None:
    """What closes ``receiver`` now, if anything does."""
    return _closing(channel, [hash_of(channel, receiver)]).first()


def closed_among(channel: str, receivers: Iterable[str]) -> dict[str, Suppression]:
    """Those of ``receivers`` that are closed now, with what closes them. One query."""
    hashes = {receiver: hash_of(channel, receiver) for receiver in receivers}
    closing = {row.receiver_hash: row for row in _closing(channel, hashes.values())}
    return {receiver: closing[digits] for receiver, digits in hashes.items() if digits in closing}


def unreachable(*, email: str, phone: str) -> list[Suppression]:
    """What closes either way to one person now. One query."""
    ways = Q(channel=Channel.EMAIL, receiver_hash=hash_of(Channel.EMAIL, email))
    ways |= Q(channel=Channel.SMS, receiver_hash=hash_of(Channel.SMS, phone))
    return list(Suppression.objects.filter(ways, in_force()).order_by("channel"))


def lift(suppression: Suppression, *, author: AbstractBaseUser, why: str) -> bool:
    """Staff open the receiver again, saying why. False: somebody did already."""
    still_closed = Suppression.objects.filter(pk=suppression.pk, lifted_at__isnull=True)
    return bool(still_closed.update(lifted_at=timezone.now(), lifted_by=author, lifted_why=why.strip()[:200]))


def in_force(now: datetime | None = None) -> Q:
    """What closes its receiver at this moment."""
    return Q(lifted_at__isnull=True) & (Q(until__isnull=True) | Q(until__gt=now or timezone.now()))


def hash_of(channel: str, receiver: str) -> str:
    """What the list knows a receiver by: mailboxes without regard to case, phones in E.164."""
    spelled = receiver.strip().lower() if channel == Channel.EMAIL else receiver.strip()
    return keyed_hash(f"suppression-{channel}", spelled)


def _closing(channel: str, hashes: Iterable[str]) -> QuerySet[Suppression]:
    return Suppression.objects.filter(in_force(), channel=channel, receiver_hash__in=list(hashes))


def _first(reason: str, until: datetime | None, now: datetime) -> dict[str, Any]:
    if reason == Reason.SOFT_BOUNCE:
        return {"reason": reason, "soft_bounces": [now], "until": now}
    return {"reason": reason, "until": until}


def _again(row: Suppression, reason: str, until: datetime | None, now: datetime) -> dict[str, Any]:
    """What changes on a row that is open already."""
    is_closed = row.until is None or row.until > now
    if reason == Reason.SOFT_BOUNCE:
        return _soft(row, now, is_closed=is_closed)
    if is_closed and row.reason != Reason.SOFT_BOUNCE:
        longest = None if row.until is None or until is None else max(row.until, until)
        return {"times": row.times + 1, "until": longest}
    return {"reason": reason, "since": now, "until": until, "times": 1, "soft_bounces": []}


def _soft(row: Suppression, now: datetime, *, is_closed: bool) -> dict[str, Any]:
    of_late = [*(moment for moment in row.soft_bounces if moment > now - SOFT_WINDOW), now]
    if is_closed and row.reason != Reason.SOFT_BOUNCE:
        return {"soft_bounces": of_late}
    counted: dict[str, Any] = {"reason": Reason.SOFT_BOUNCE, "soft_bounces": of_late, "times": len(of_late)}
    if len(of_late) < SOFT_LIMIT:
        return counted | ({} if is_closed else {"since": of_late[0], "until": now})
    return counted | ({} if is_closed else {"since": now}) | {"until": now + SOFT_PAUSE}
