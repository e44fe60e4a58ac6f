"""Money: one currency for customers (UAH, taxes included), exact to the kopeck."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.utils import formats
from django.utils.translation import get_language

KOPECK = Decimal("0.01")
# Thin enough to read as one number and never broken over two lines.
_NO_BREAK = "\u00a0"


def round_money(value: Decimal) -> Decimal:
    """Round to the kopeck, halves away from zero. The only place where money is rounded."""
    return value.quantize(KOPECK, rounding=ROUND_HALF_UP)


def format_money(value: Decimal) -> str:
    """``1 234,50 ₴`` in Ukrainian, ``1,234.50 ₴`` in English; whole hryvnias lose their kopecks (``480 ₴``)."""
    value = round_money(value)
    whole = value == value.to_integral_value()
    if (get_language() or "uk").startswith("en"):
        text = f"{value:,.0f}" if whole else f"{value:,.2f}"
    else:
        text = f"{value:,.0f}" if whole else f"{value:,.2f}"
        text = text.replace(",", _NO_BREAK).replace(".", formats.get_format("DECIMAL_SEPARATOR", "uk"))
    return f"{text}{_NO_BREAK}₴"


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """A sum in hryvnias, taxes included, up to 9 999 999 999,99."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)
