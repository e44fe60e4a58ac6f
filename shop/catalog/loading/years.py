"""Years a car was built, as files write them: ``2013-2017``, ``2013-``, ``з 2013``, ``05.2013 - 12.2017``, ``09/13→``.

Months are numbers, year × 12 + month - 1: months of all years in one row, easy to compare.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_FIRST_YEAR: Final = 1940
_LAST_YEAR: Final = 2049
_ROMAN_MONTHS: Final = {
    name: number
    for number, name in enumerate(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), start=1)
}
_SEPARATOR: Final = r"[./\-]"
_POINT: Final = re.compile(
    rf"""
    (?P<iso_year>(?:19|20)\d\d){_SEPARATOR}(?P<iso_month>0[1-9]|1[0-2])(?:{_SEPARATOR}(?:0[1-9]|[12]\d|3[01]))?(?![\d])
    | (?:(?:0?[1-9]|[12]\d|3[01])\.)(?P<day_month>0[1-9]|1[0-2])\.(?P<day_year>(?:19|20)\d\d)
    | (?P<month>0?[1-9]|1[0-2])[./](?P<year>(?:19|20)\d\d|\d\d)(?!\d)
    | (?P<roman>XII|XI|IX|X|VIII|VII|VI|IV|V|III|II|I)[./](?P<roman_year>(?:19|20)\d\d)
    | (?P<only_year>(?:19|20)\d\d)(?!\d)
    """,
    re.VERBOSE,
)
_JOINT: Final = re.compile(r"\s*(?:-|–|—|→|>+|\.\.\.?|…|/|до|по|to|till|until)\s*", re.IGNORECASE)
_SINCE: Final = re.compile(r"^(?:з|із|від|с|со|от|from|since|>=?|≥)\s*", re.IGNORECASE)
_UNTIL: Final = re.compile(r"^(?:до|по|to|till|until|<=?|≤|-|–|—|→|\.\.\.?|…)\s*", re.IGNORECASE)
_OPEN_END: Final = re.compile(
    r"^\s*(?:-|–|—|→|>+|\+|\.\.\.?|…)?\s*(?:н\.?\s?[вч]\.?|нині|досі|тепер|сьогодні|н\.в\.|по\s*сей\s*день|"
    r"настоящее(?:\s+время)?|до\s+настоящего(?:\s+времени)?|now|present|today|current|\.\.\.?|…)?\s*$",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(
    r"(?<![а-яіїєґa-z])(?:рр?|роки|року|рік|гг?|годы?|года|years?|випуску|выпуска)\.?(?![а-яіїєґa-z])", re.IGNORECASE
)
_SHORT_PAIR: Final = re.compile(r"^\s*'?(\d\d)\s*[-–—]\s*'?(\d\d)\s*$")


@dataclass(frozen=True)
class Years:
    """From and to which month, both included; None is open. ``by_month`` tells whether the file named months."""

    first: int | None
    last: int | None
    by_month: bool = False

    def overlap(self, first: int, last: int | None) -> bool:
        """Whether a car built from ``first`` to ``last`` may be meant."""
        return (self.last is None or first <= self.last) and (last is None or self.first is None or self.first <= last)

    def text(self) -> str:
        return f"{_spelled(self.first)}–{_spelled(self.last)}"


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def year_month(month: int) -> str:
    """``YYYY-MM``, as conditions keep it."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def read_years(text: str) -> Years | None:
    """None where the text is no period: the row is bad, or the text is something else."""
    text = _WORDS.sub(" ", text.replace("\xa0", " ")).strip(" ,;.()[]")
    if not text:
        return None
    if match := _SHORT_PAIR.match(text):
        return _period(_point_of(int(match[1]), None), _point_of(int(match[2]), None))
    since = _SINCE.match(text)
    if not since and (until := _UNTIL.match(text)):
        point, rest = _read_point(text[until.end() :].strip())
        return Years(None, point[1], point[2]) if point and not rest else None
    first, rest = _read_point(text[since.end() :].strip() if since else text)
    if first is None:
        return None
    if _OPEN_END.match(rest):
        # A bare year is that year; with a dash or a word it goes on.
        return Years(first[0], None if since or rest.strip() else first[1], first[2])
    joint = _JOINT.match(rest)
    last, tail = _read_point(rest[joint.end() :].strip()) if joint else (None, rest)
    if last is None or tail.strip():
        return None
    return _period(first, last)


def read_bounds(first: str, last: str) -> Years | None:
    """From two columns; an empty or open second one means that the car is still made."""
    begun = _bound(first)
    ended = None if not last.strip() or _OPEN_END.match(last) else _bound(last)
    if (first.strip() and begun is None) or (ended is None and last.strip() and not _OPEN_END.match(last)):
        return None
    if begun is None and ended is None:
        return None
    low, high = begun[0] if begun else None, ended[1] if ended else None
    if low is not None and high is not None and low > high:
        return None
    return Years(low, high, bool((begun and begun[2]) or (ended and ended[2])))


type _Point = tuple[int, int, bool]


def _bound(text: str) -> _Point | None:
    text = _SINCE.sub("", _WORDS.sub(" ", text).strip())
    text = re.sub(r"[.,]0+$", "", text)
    if re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])", text):
        return _point_of(int(text[:4]), int(text[4:]))
    point, rest = _read_point(_UNTIL.sub("", text).strip())
    return point if point and not re.sub(r"[\d:\s]+$", "", rest) else None


def _read_point(text: str) -> tuple[_Point | None, str]:
    """The first month, the last month, whether a month was named; and what is left of the text."""
    match = _POINT.match(text)
    if not match:
        return None, text
    found = match.groupdict()
    year = found["iso_year"] or found["day_year"] or found["year"] or found["roman_year"] or found["only_year"]
    said = found["iso_month"] or found["day_month"] or found["month"]
    month = int(said) if said else _ROMAN_MONTHS.get(found["roman"] or "")
    return _point_of(int(year), month), text[match.end() :]


def _point_of(year: int, month: int | None) -> _Point | None:
    if year < 100:
        year += 2000 if year <= _LAST_YEAR % 100 else 1900
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if month is None:
        return year * 12, year * 12 + 11, False
    return year * 12 + month - 1, year * 12 + month - 1, True


def _period(first: _Point | None, last: _Point | None) -> Years | None:
    if first is None or last is None or first[0] > last[1]:
        return None
    return Years(first[0], last[1], first[2] or last[2])


def _spelled(month: int | None) -> str:
    return "" if month is None else f"{month % 12 + 1:02d}.{month // 12}"
