from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from shop.offers.arrival import arrival_moment, day_text, order_by, ready_on

CUT_OFF = time(15, 0)


def kyiv(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 21st is a Saturday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Europe/Kyiv"))


@pytest.mark.parametrize(
    ("now", "lead_days", "expected"),
    [
        (kyiv(18, 14, 59), 0, date(2026, 11, 18)),
        (kyiv(18, 15), 0, date(2026, 11, 19)),
        (kyiv(20, 16), 0, date(2026, 11, 21)),  # a Friday evening: carriers collect on Saturdays
        (kyiv(21, 16), 0, date(2026, 11, 23)),  # after Saturday's cut-off
        (kyiv(22, 9), 0, date(2026, 11, 23)),  # a Sunday
        (kyiv(20, 9), 2, date(2026, 11, 23)),  # Saturday counts, Sunday does not
        (kyiv(22, 9), 1, date(2026, 11, 24)),
    ],
)
def test_goods_are_ready_after_working_days_counted_from_the_cut_off(now, lead_days, expected):
    assert ready_on(lead_days, CUT_OFF, now=now) == expected


def test_the_hour_to_order_by_is_told_while_it_can_be_met():
    assert order_by(CUT_OFF, now=kyiv(18, 14)) == CUT_OFF
    assert order_by(CUT_OFF, now=kyiv(18, 15)) is None
    assert order_by(CUT_OFF, now=kyiv(22, 9)) is None


def test_the_moment_changes_at_midnight_and_at_each_cut_off_only():
    cut_offs = [time(12), CUT_OFF, CUT_OFF]
    moments = [arrival_moment(cut_offs, now=kyiv(*when)) for when in ((18, 9), (18, 11), (18, 12), (18, 15), (19, 0))]
    assert moments == ["20261118-0", "20261118-0", "20261118-1", "20261118-2", "20261119-0"]


def test_near_days_have_names():
    now = kyiv(18, 9)
    assert day_text(date(2026, 11, 18), now=now) == "сьогодні"
    assert day_text(date(2026, 11, 19), now=now) == "завтра"
    assert day_text(date(2026, 11, 25), now=now) == "ср, 25 листопада"
