"""What every template may write without loading it."""

from decimal import Decimal

from django import template

from shop.lib.money import format_money

register = template.Library()


@register.filter
def money(value: Decimal | None) -> str:
    """``1 234,50 ₴``; nothing for nothing."""
    return "" if value is None else format_money(value)
