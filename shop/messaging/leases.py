"""Taking due messages and writing down how their handing-over ended.

``attempts`` is the fencing token: it grows with every lease, and every outcome is one UPDATE that names it, so a
worker that lost its lease changes nothing. Right before the network call ``begin()`` marks the row with
``handing_over_since`` and the gateway's name; a lease that ran out with this mark may have been sent, so it is never
sent again blindly: that gateway is asked if it knows our keys, else a person is.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from shop.messaging import placeholders
from shop.messaging.errors import MessageRejected
from shop.messaging.models import Message
from shop.messaging.signals import message_failed
from shop.messaging.suppression import suppress

log = structlog.get_logger(__name__)

# Much longer than one handing-over takes; a killed worker's messages come back after this.
LEASE = timedelta(minutes=2)
BATCH = 20
# Tries until a person is asked: with the pauses below this is about three hours.
TRIES = 13
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
# A code that comes later than this opens nothing.
CODES_LIVE = timedelta(minutes=10)
# How long a gateway that knows our keys is trusted to remember one.
KEYS_REMEMBERED = timedelta(hours=1)

# Materialized, because a join may read a subquery twice, and the second reading finds other rows.
# A row with the mark comes back only where asking its gateway again with the same key sends nothing twice.
_LEASE_DUE = """
WITH due AS MATERIALIZED (
    SELECT id FROM messaging_message
    WHERE status IN ('waiting', 'leased') AND queue = %(queue)s AND channel = %(channel)s
      AND available_at <= %(now)s AND (status = 'waiting' OR leased_until <= %(now)s)
      AND (handing_over_since IS NULL OR handing_over_since > %(remembered)s AND gateway = ANY(%(know_keys)s))
    ORDER BY available_at, id LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE messaging_message AS message
SET status = 'leased', attempts = attempts + 1, leased_until = %(until)s
FROM due
WHERE message.id = due.id
RETURNING message.*
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """One message that is ours until ``leased_until``. Every act returns whether it still was."""

    message: Message

    def begin(self, gateway: str) -> bool:
        """Mark that handing over to ``gateway`` starts now. False: the lease ran out, leave the message alone."""
        now = timezone.now()
        return self._update(
            Q(leased_until__gt=now),
            gateway=gateway,
            handing_over_since=Coalesce(F("handing_over_since"), Value(now, output_field=DateTimeField())),
            leased_until=now + LEASE,
        )

    def accepted(self, gateway: str, gateway_message_id: str, *, price: Decimal | None = None) -> bool:
        """The gateway took it, for so many hryvnias."""
        return self._settle(
            status=Message.Status.ACCEPTED,
            gateway=gateway,
            gateway_message_id=gateway_message_id[:120],
            handed_over_at=timezone.now(),
            price=price,
            error="",
        )

    def rejected(self, reason: object) -> bool:
        """No try will succeed: the receiver is closed if it is its fault, and ``message_failed`` says so.

        Whether another way is left, or a person is asked, is the ladder's business.
        """
        message = self.message
        with transaction.atomic():
            if not self._settle(status=Message.Status.REJECTED, error=str(reason)[:200], settled_at=timezone.now()):
                return False
            message.status, message.error = Message.Status.REJECTED, str(reason)[:200]
            if isinstance(reason, MessageRejected) and reason.closes:
                suppress(message.channel, message.receiver, reason.closes)
            message_failed.send(sender=Message, message=message)
        return True

    def try_again_later(self, reason: object) -> bool:
        """It surely was not taken now: wait, each time longer, in the end for a person."""
        if self.is_late():
            return self.rejected(reason)
        if self.message.attempts >= TRIES:
            return self.needs_person(reason)
        return self._update(
            status=Message.Status.WAITING,
            available_at=timezone.now() + pause_after(self.message.attempts),
            leased_until=None,
            # What an earlier try left unknown stays unknown, and with whom.
            handing_over_since=self.message.handing_over_since,
            gateway=self.message.gateway,
            error=str(reason)[:200],
        )

    def ask_again_later(self, reason: object) -> bool:
        """It may have been taken, and the gateway can tell by our key: the mark stays, the next try asks."""
        if self.message.attempts >= TRIES:
            return self.needs_person(reason)
        return self._update(
            status=Message.Status.WAITING,
            available_at=timezone.now() + pause_after(self.message.attempts),
            leased_until=None,
            error=str(reason)[:200],
        )

    def put_off(self, until: datetime) -> bool:
        """It can wait, and people sleep now."""
        return self._update(status=Message.Status.WAITING, available_at=until, leased_until=None)

    def needs_person(self, reason: object) -> bool:
        """It may have been taken and nobody can tell: a person decides. A code is not worth one."""
        if self._is_code:
            return self.rejected(reason)
        return self._update(
            status=Message.Status.NEEDS_PERSON, leased_until=None, error=str(reason)[:200], **_ask_person(reason)
        )

    def is_late(self) -> bool:
        """Whether a code has lost its use."""
        return self._is_code and self.message.created_at < timezone.now() - CODES_LIVE

    @property
    def _is_code(self) -> bool:
        return self.message.queue == Message.Queue.CODES

    def _settle(self, **values: Any) -> bool:
        """The end of a message: the secrets go, and of a code the words too."""
        if self._is_code:
            values |= {"text": placeholders.DOTS, "html": ""}
        return self._update(sealed="", leased_until=None, **values)

    def _update(self, *conditions: Q, **values: Any) -> bool:
        mine = Message.objects.filter(
            *conditions, pk=self.message.pk, status=Message.Status.LEASED, attempts=self.message.attempts
        )
        if mine.update(**values):
            return True
        log.warning("message-lease-lost", message=self.message.pk)
        return False


def lease_due(queue: str, channel: str, *, limit: int = BATCH, know_keys: Collection[str] = ()) -> list[Lease]:
    """Take up to ``limit`` due messages, oldest first, in one statement; other workers skip them.

    ``know_keys`` are the gateways that answer a known key with the earlier result: what was cut off there comes too.
    """
    now = timezone.now()
    rows = Message.objects.raw(
        _LEASE_DUE,
        {
            "queue": queue,
            "channel": channel,
            "limit": limit,
            "now": now,
            "until": now + LEASE,
            "remembered": now - KEYS_REMEMBERED,
            "know_keys": list(know_keys),
        },
    )
    return [Lease(message) for message in sorted(rows, key=lambda row: row.pk)]


def give_up_cut_off(queue: str, channel: str, *, know_keys: Collection[str] = ()) -> int:
    """Messages whose handing-over was cut off and cannot be asked about go to a person; codes just end."""
    now = timezone.now()
    cut_off = Message.objects.filter(
        Q(status=Message.Status.WAITING) | Q(status=Message.Status.LEASED, leased_until__lte=now),
        Q(handing_over_since__lte=now - KEYS_REMEMBERED) | ~Q(gateway__in=list(know_keys)),
        queue=queue,
        channel=channel,
        handing_over_since__isnull=False,
    )
    reason = "handing-over was cut off"
    ended: dict[str, Any] = {"attempts": F("attempts") + 1, "leased_until": None, "error": reason}
    if queue == Message.Queue.CODES:
        return cut_off.update(status=Message.Status.REJECTED, text=placeholders.DOTS, html="", sealed="", **ended)
    return cut_off.update(status=Message.Status.NEEDS_PERSON, **ended, **_ask_person(reason))


def pause_after(attempts: int) -> timedelta:
    """5, 10, 20 … seconds up to an hour, less up to a half of it at random, so that tries do not come in waves."""
    doublings = min(attempts - 1, 12)
    longest: timedelta = min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311  # spreads load, guards nothing


def _ask_person(reason: object) -> dict[str, Any]:
    return {"needs_person_since": timezone.now(), "needs_person_reason": str(reason)[:200]}
