"""When goods are here: computed at the moment of asking, because it depends on the hour and the weekday.

Warehouses send from Monday to Saturday: carriers collect on Saturdays too. A Sunday neither counts as a day nor ends a
wait. Public holidays are working days while martial law lasts (law 2136-IX, article 6), so none is listed here.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dates import MONTHS_ALT
from django.utils.translation import gettext as _

_SUNDAY = 6


def ready_on(lead_days: int, cut_off: time, *, now: datetime | None = None) -> date:
    """The day on which goods can be handed over: to the carrier, or at our counter for pick-up.

    ``lead_days`` are working days. What is ordered at or after ``cut_off`` (Kyiv time) is handled on the next one.
    """
    moment = timezone.localtime(now)
    day = moment.date()
    if moment.time() >= cut_off:
        day += timedelta(days=1)
    day = _working(day)
    for _step in range(lead_days):
        day = _working(day + timedelta(days=1))
    return day


def order_by(cut_off: time, *, now: datetime | None = None) -> time | None:
    """The hour until which an order is still handled today; None when today is over or a Sunday."""
    moment = timezone.localtime(now)
    return None if moment.weekday() == _SUNDAY or moment.time() >= cut_off else cut_off


def arrival_moment(cut_offs: Iterable[time], *, now: datetime | None = None) -> str:
    """A token that changes exactly when some date of arrival does: at midnight and at each cut-off."""
    moment = timezone.localtime(now)
    passed = sum(moment.time() >= cut_off for cut_off in set(cut_offs))
    return f"{moment:%Y%m%d}-{passed}"


def day_text(day: date, *, now: datetime | None = None) -> str:
    """``сьогодні``, ``завтра``, ``вт, 25 листопада``."""
    today = timezone.localdate(now)
    if day == today:
        return _("сьогодні")
    if day == today + timedelta(days=1):
        return _("завтра")
    weekday = (_("пн"), _("вт"), _("ср"), _("чт"), _("пт"), _("сб"), _("нд"))[day.weekday()]
    return f"{weekday}, {day.day} {MONTHS_ALT[day.month]}"


def _working(day: date) -> date:
    return day + timedelta(days=1) if day.weekday() == _SUNDAY else day
