from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from shop.lib.money import format_money, round_money

SUMS = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=4)


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.005", "0.01"), ("1.115", "1.12"), ("-0.005", "-0.01"), ("2.344", "2.34")]
)
def test_halves_go_away_from_zero(value, rounded):
    assert round_money(Decimal(value)) == Decimal(rounded)


@given(SUMS)
def test_rounding_moves_by_half_a_kopeck_at_most_and_only_once(value):
    assert abs(round_money(value) - value) <= Decimal("0.005")
    assert round_money(round_money(value)) == round_money(value)


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        ("1234.5", "uk", "1\u00a0234,50\u00a0₴"),
        ("1234.5", "en", "1,234.50\u00a0₴"),
        ("480", "uk", "480\u00a0₴"),
        ("479.995", "uk", "480\u00a0₴"),
    ],
)
def test_sums_are_written_as_people_write_them(value, language, text):
    with override(language):
        assert format_money(Decimal(value)) == text
