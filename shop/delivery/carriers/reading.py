"""Values as carriers write them: numbers as texts, times of Kyiv without an offset, empty texts for nothing."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

KYIV = ZoneInfo("Europe/Kyiv")


def number(value: Any) -> Decimal | None:
    """None for nothing, for words and for numbers without an end."""
    try:
        found = None if value in (None, "") or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None


def moment(value: Any, pattern: str) -> datetime | None:
    """Kyiv time; each field has a pattern of its own, and zeros mean nothing."""
    try:
        return datetime.strptime(str(value or ""), pattern).replace(tzinfo=KYIV)
    except ValueError:
        return None


def today() -> date:
    return timezone.now().astimezone(KYIV).date()


def text(value: Any) -> str:
    """None and objects are empty."""
    return str(value).strip() if isinstance(value, str | int | float) else ""
