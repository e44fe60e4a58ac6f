"""Which exchange rate is in force on a day, and today's rates from the National Bank."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import structlog
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.offers.models import Currency, ExchangeRate
from shop.offers.nbu import QuotedRate, read_rates

log = structlog.get_logger(__name__)

# Over %(on)s. A locked rate wins from its day on, else the newest; on the same day a person's word beats the bank's.
RATES_IN_FORCE = """
SELECT DISTINCT ON (currency) id, currency, rate, valid_on, source, is_locked
FROM offers_exchangerate
WHERE valid_on <= %(on)s AND needs_person_since IS NULL
ORDER BY currency, is_locked DESC, valid_on DESC, source = 'manual' DESC
"""
_FOREIGN = tuple(code for code in Currency.values if code != Currency.UAH)
# A rate that moves further within days is looked at by a person before prices follow it.
JUMP_PERCENT = 10
# No bank is closed longer.
_STALE_AFTER = timedelta(days=5)


class RateInForce(NamedTuple):
    pk: int
    currency: str
    rate: Decimal
    valid_on: date
    source: str
    is_locked: bool

    @property
    def source_name(self) -> str:
        return str(ExchangeRate.Source(self.source).label)


def rates_in_force(on: date) -> dict[str, RateInForce]:
    """By currency; a currency without a rate is missing."""
    with connection.cursor() as cursor:
        cursor.execute(RATES_IN_FORCE, {"on": on})
        return {row[1]: RateInForce(*row) for row in cursor.fetchall()}


def missing_or_stale(on: date) -> list[str]:
    """Currencies whose rate nobody has renewed for days: prices stand on an old one, or on none."""
    known = rates_in_force(on)
    return [
        code
        for code in _FOREIGN
        if code not in known or (not known[code].is_locked and known[code].valid_on < on - _STALE_AFTER)
    ]


def fetch_rates(on: date) -> bool:
    """Take the bank's rates of a day; gives back whether one that was not known came in force.

    Raises NbuUnavailable when the bank does not answer as it should: the rates in force stay. A rate that has jumped
    is kept aside for a person.
    """
    quoted = read_rates(on, _FOREIGN)
    missing = [code for code in _FOREIGN if code not in quoted]
    with transaction.atomic():
        taken = [_take(each, on) for each in quoted.values()]
    if missing:
        log.error("exchange-rates-missing", currencies=missing)
    return any(taken)


def accept_rate(rate: ExchangeRate) -> bool:
    """Put a rate that waited in force; False when somebody has decided already. Prices have to follow."""
    waiting = ExchangeRate.objects.filter(pk=rate.pk, needs_person_since__isnull=False)
    return bool(waiting.update(needs_person_since=None, needs_person_reason=""))


def _take(quoted: QuotedRate, on: date) -> bool:
    before = _before(quoted.currency, quoted.valid_on)
    move = abs(quoted.rate / before - 1) * 100 if before else Decimal(0)
    is_jump = move > JUMP_PERCENT
    reason = _("Курс змінився на %(percent)s %%: прийміть його або видаліть.") % {"percent": round(move)}
    rate, is_new = ExchangeRate.objects.get_or_create(
        currency=quoted.currency,
        valid_on=quoted.valid_on,
        source=ExchangeRate.Source.NBU,
        defaults={
            "rate": quoted.rate,
            "needs_person_since": timezone.now() if is_jump else None,
            "needs_person_reason": reason if is_jump else "",
        },
    )
    if is_new and is_jump:
        log.error("exchange-rate-jumped", currency=quoted.currency, percent=round(move), valid_on=str(rate.valid_on))
    return is_new and not is_jump


def _before(currency: str, on: date) -> Decimal | None:
    """What the bank or a person said last; a lock, which may lie far off on purpose, is no measure of a jump."""
    earlier = ExchangeRate.objects.filter(
        currency=currency, valid_on__lte=on, is_locked=False, needs_person_since__isnull=True
    )
    return earlier.order_by("-valid_on", "source").values_list("rate", flat=True).first()
