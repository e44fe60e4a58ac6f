"""Cells of a workbook as text: a number as a person would type it, a date as ISO, truth as TRUE."""

import datetime as dt
from decimal import Decimal
from typing import Any

# Excel itself keeps fifteen digits; what is beyond them is noise of binary fractions.
_DIGITS = 15


def as_text(value: Any) -> str:
    """``12.300000000000001`` → ``12.3``, ``7.0`` → ``7``. Numbers longer than Excel keeps come as ``4.31E+17``."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return number_as_text(float(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return str(value)
    return "" if value is None else str(value)


def number_as_text(value: float) -> str:
    """The shortest text that Excel would take for this number."""
    if value.is_integer() and abs(value) < 10**_DIGITS:
        return str(int(value))
    text = f"{value:.{_DIGITS}g}"
    if "e" not in text:
        return text
    if abs(value) < 1:
        return f"{Decimal(text):f}"
    return text.upper()
