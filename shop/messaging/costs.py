"""What SMS cost: by the part, at the price of the gateway that took them, written down at that moment."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from shop.messaging.models import Channel, Message

_KYIV = ZoneInfo("Europe/Kyiv")


@dataclass(frozen=True, slots=True)
class GatewayCost:
    """SMS that one gateway took within a month. ``unpriced`` of them had no price in the settings then."""

    gateway: str
    messages: int
    parts: int
    hryvnias: Decimal
    unpriced: int

    @property
    def per_message(self) -> Decimal | None:
        """Hryvnias, of those with a price."""
        priced = self.messages - self.unpriced
        return round(self.hryvnias / priced, 4) if priced else None


def price_of(gateway_code: str, parts: int) -> Decimal | None:
    """Hryvnias for an SMS of so many parts; None where the price of this gateway is not known."""
    price = settings.SMS_PRICES.get(gateway_code)
    return None if price is None else price * parts


def costs_of_month(month: date) -> list[GatewayCost]:
    """By gateway, the dearest first; ``month`` is any day of it, in Kyiv. One query."""
    first = month.replace(day=1)
    rows = (
        Message.objects.filter(
            channel=Channel.SMS, handed_over_at__gte=_begin(first), handed_over_at__lt=next_month(first)
        )
        .values("gateway")
        .annotate(
            messages=Count("pk"), all_parts=Sum("parts"), hryvnias=Sum("price"), unpriced=Count("pk", filter=_UNPRICED)
        )
        .order_by("gateway")
    )
    costs = [
        GatewayCost(row["gateway"], row["messages"], row["all_parts"], row["hryvnias"] or Decimal(0), row["unpriced"])
        for row in rows
    ]
    return sorted(costs, key=lambda cost: cost.hryvnias, reverse=True)


def months_with_costs() -> list[date]:
    """The months of the last year in which an SMS was taken, the newest first; their first days."""
    year_ago = timezone.now() - timedelta(days=366)
    taken = Message.objects.filter(channel=Channel.SMS, handed_over_at__gte=year_ago)
    months = taken.order_by().values_list(TruncMonth("handed_over_at", tzinfo=_KYIV), flat=True).distinct()
    return sorted((month.date() for month in months), reverse=True)


def in_all(costs: list[GatewayCost]) -> GatewayCost:
    """The month's sum."""
    return GatewayCost(
        "",
        sum(cost.messages for cost in costs),
        sum(cost.parts for cost in costs),
        sum((cost.hryvnias for cost in costs), Decimal(0)),
        sum(cost.unpriced for cost in costs),
    )


_UNPRICED = Q(price__isnull=True)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), _KYIV)


def next_month(first: date) -> datetime:
    """When the month after the one of ``first`` begins."""
    year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return _begin(date(year, month, 1))
