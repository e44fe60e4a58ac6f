"""When goods are here: computed at the moment of asking, because it depends on the hour and the weekday."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

# Warehouses work from Monday to Saturday; a Sunday neither counts as a day nor ends a wait.
_SUNDAY = 6


def ready_on(lead_days: int, cut_off: time, *, now: datetime | None = None) -> date:
    """The day on which goods can be handed over: to the carrier, or at our counter for pick-up.

    ``lead_days`` are working days. What is ordered after ``cut_off`` (Kyiv time) is handled on the next one.
    """
    moment = timezone.localtime(now)
    day = moment.date()
    if moment.time() >= cut_off:
        day += timedelta(days=1)
    day = _working(day)
    for _step in range(lead_days):
        day = _working(day + timedelta(days=1))
    return day


def _working(day: date) -> date:
    return day + timedelta(days=1) if day.weekday() == _SUNDAY else day
