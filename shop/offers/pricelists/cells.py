"""What one cell of a price list says: price, pieces, days, numbers. What is unclear is not guessed but has a reason."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from shop.offers.models import Currency
from shop.offers.pricelists.currency_words import currency_of

_CENT = Decimal("0.01")
_PLAIN_PRICE = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?")
# Blanks of all kinds and apostrophes between thousands.
_GAPS = re.compile(r"[\s'’`_\u2009\u202f]+")
_MARKS = re.compile(r"[^\W\d_]+\.?|[₴$€]|zł", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d[\d.,]*")
_SCIENTIFIC_NUMBER = re.compile(r"\d+(?:[.,]\d+)?[eE][-+]?\d{1,2}")
_DASH_TAIL = re.compile(r"[.,](?:-+|–|—)$")

_PIECES = re.compile(r"(\d[\d\s]*)(?:[.,]\d+)?")
_AT_LEAST = re.compile(
    r"(?:>=?|≥|більше|більш|понад|больше|более|свыше|over|more than|min\.?|від|от|mehr als|powyżej|ponad)\s*(\d[\d\s]*)"
)
_AT_LEAST_AFTER = re.compile(r"(\d[\d\s]*)(?:\+|и более|і більше|та більше|>|plus)")
_FEWER = re.compile(r"(?:<=?|≤|менше|меньше|менее|до|less than|under|weniger als|poniżej)\s*(\d+)")
_RANGE = re.compile(r"(\d+)\s*(?:-|–|—|\.\.+|…|до)\s*(\d+)")
_UNIT = re.compile(
    r"\s*(?:шт|штук[аи]?|од|к-?т|компл|комплект\w*|пар[аи]?|pcs|pc|pieces|stk|stück|st|szt|ea|units?|л|кг|м)\.?$"
)
_SUM_HEAD = re.compile(
    r"всього|усього|загальн|сумарн|разом|итого|всего|общ|суммарн|total|gesamt|łącznie|razem", re.IGNORECASE
)
_HAS = frozenset(
    word.strip()
    for word in """
+; ++; +++; ++++; *; **; ***; є; есть; e; да; так; yes; y; true; v; ✓; ✔; x; х; наявний; available; instock; ja; jest
tak; dostępny; dostepny; багато; много; достатньо; достаточно; мало; few; low; many; high; средне; середньо; в наявності
в наличии; є в наявності; есть в наличии; in stock; на складі; є на складі; на складе; auf lager; na stanie
""".replace("\n", ";").split(";")
    if word.strip()
)
_HAS_NOT = frozenset(
    word.strip()
    for word in """
-; --; ---; –; —; 0; ні; немає; нема; нет; no; n; none; false; відсутній; відсутня; отсутствует; закінчився; закончился
очікується; ожидается; замовлення; заказ; nein; brak; nie; n/a; na; null; під замовлення; под заказ; під заказ
немає в наявності; нет в наличии; out of stock; на замовлення; na zamówienie
""".replace("\n", ";").split(";")
    if word.strip()
)
# What makes a whole phrase mean that there is none, or some.
_NONE_WITHIN = ("немає", "нет ", "замовлен", "заказ", "out of", "відсутн", "отсутст", "очіку", "ожида")
_SOME_WITHIN = ("в наявн", "в налич", "in stock", "на склад", "auf lager")

_DAYS = re.compile(r"(\d{1,3})\s*(?:-|–|—|до|to|bis|do|/|\.\.+|…)\s*(\d{1,3})")
_DAYS_ONE = re.compile(r"(?:до|до|від|от|up to|bis|do|~|≈|<|>)?\s*(\d{1,3})")
_WEEKS = re.compile(r"тиж|нед|week|woche|tydz|tyg|wk")
_HOURS = re.compile(r"год|час|hour|stund|godz|\bh\b|\d\s*h$")
_MONTHS = re.compile(r"міс|мес|month|monat")
_TODAY = re.compile(
    r"сьогодні|сегодня|today|heute|dzi[sś]|в день замовлення|в день заказа|одразу|сразу|на складі|на складе"
)
_TOMORROW = re.compile(r"завтра|tomorrow|morgen|jutro|наступного дня|на следующий день")

_FULL_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_ISO_DATE = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_SHORT_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})")
_MONTH_NAMES = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|jän|mär|mai|okt|dez|"
    "янв|фев|мар|апр|май|мая|июн|июл|авг|сен|окт|ноя|дек|"
    "січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|sty|lut|kwi|maj|cze|lip|sie|wrz|paź|lis|gru"
)
_NAMED_DATE = re.compile(
    rf"\d{{1,4}}[./\s-](?:{_MONTH_NAMES})\.?(?:[./\s-]\d{{2,4}})?|(?:{_MONTH_NAMES})\.?[./\s-]\d{{1,4}}"
)
_SCIENTIFIC = re.compile(r"\d+[.,]\d+[eEЕе][-+]?\d{1,3}|\d+[eEЕе][-+]\d{1,3}")
# All of these at once: of a million articles nearly all are none of them.
_MAY_BE_DAMAGED = re.compile(
    "=.*|" + "|".join(each.pattern for each in (_SCIENTIFIC, _FULL_DATE, _ISO_DATE, _SHORT_DATE, _NAMED_DATE)),
    re.IGNORECASE | re.DOTALL,
)

# Shorter pieces beside a "/" are endings of one number.
_SHORTEST_NUMBER = 5
_SEPARATORS = re.compile(r"[;,|\n\r\t]+|\s/\s")


class Price(NamedTuple):
    """A price as it stands in a cell: ``amount`` in units of ``currency`` ("" = not said), or why there is none."""

    amount: str
    currency: str = ""
    reason: str = ""


class Stock(NamedTuple):
    """``pieces`` None: in stock, nobody says how many."""

    pieces: int | None
    is_at_least: bool
    is_in_stock: bool


def parse_price(text: str, decimal: str = ",") -> Price:
    """``1 234,50 грн`` → 1234.50 UAH. ``decimal`` decides only where a number can be read both ways (``1.234``).

    Reasons: price_missing, price_formula, price_not_number, price_negative, price_zero, currency_unknown.
    """
    text = text.strip()
    if amount := plain_price(text):
        return Price(amount)
    if not text:
        return Price("", reason="price_missing")
    if text[0] == "=":
        return Price("", reason="price_formula")
    amount, currency = _price_parts(text, decimal)
    if currency is None:
        return Price("", reason="currency_unknown")
    if not amount:
        return Price("", reason="price_not_number")
    value = Decimal(amount)
    if value < 0:
        return Price("", reason="price_negative")
    rounded = value.quantize(_CENT, rounding=ROUND_HALF_UP)
    if not rounded:
        return Price("", reason="price_zero")
    return Price(str(rounded), currency)


def plain_price(text: str) -> str:
    """``3584,3`` → ``3584.30``: what nearly all cells are; "" for those that take a longer look."""
    if not (found := _PLAIN_PRICE.fullmatch(text)):
        return ""
    whole, fraction = found.groups("")
    amount = f"{whole}.{fraction:0<2}"
    return amount if amount.strip("0.") else ""


def _price_parts(text: str, decimal: str) -> tuple[str, str | None]:
    """Number and currency of a price cell; the currency None where its sign is not one of ours."""
    currency: str | None = ""
    if _SCIENTIFIC_NUMBER.fullmatch(text):
        return text.replace(",", "."), ""
    if marks := _MARKS.findall(text):
        known = {currency_of(mark) for mark in marks}
        if known == {""}:
            return "", ""
        currency = known.pop() if len(known) == 1 else "".join(known) if len(known - {""}) == 1 else ""
        if not currency:
            return "", ""
        if currency not in Currency:
            return "", None
        text = _MARKS.sub(" ", text).strip()
    number = _DASH_TAIL.sub("", _GAPS.sub("", text).replace("−", "-")).rstrip(".,")
    if number.startswith("(") and number.endswith(")"):
        number = "-" + number[1:-1]
    if not _NUMBER.fullmatch(number):
        return "", currency
    return plain_number(number, decimal), currency


def plain_number(number: str, decimal: str) -> str:
    """Digits with marks → digits with one point: ``1.234,5`` → ``1234.5``. Empty when it is no number."""
    dots, commas = number.count("."), number.count(",")
    if dots and commas:
        mark = max(".", ",", key=number.rfind)
        other = "," if mark == "." else "."
        if number.count(mark) > 1 or not _grouped(number.split(mark)[0], other):
            return ""
        return number.replace(other, "").replace(mark, ".")
    if dots + commas == 0:
        return number
    mark = "." if dots else ","
    if dots + commas > 1:
        return number.replace(mark, "") if _grouped(number, mark) else ""
    whole, fraction = number.split(mark)
    is_thousands = (
        len(fraction) == 3 and mark != decimal and 1 <= len(whole.lstrip("-+")) <= 3 and whole.lstrip("-+") != "0"
    )
    return whole + fraction if is_thousands else f"{whole}.{fraction}"


def _grouped(number: str, mark: str) -> bool:
    head, *groups = number.lstrip("-+").split(mark)
    return 1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)


def decimal_mark(prices: list[str], *, fallback: str) -> str:
    """The decimal mark these cells use, by those that can be read one way only."""
    votes = {".": 0, ",": 0}
    thousands = {".": 0, ",": 0}
    is_long_without = False
    for price in prices:
        number = _GAPS.sub("", _MARKS.sub("", price)).strip()
        if not _NUMBER.fullmatch(number):
            continue
        marks = [mark for mark in (".", ",") if mark in number]
        if len(marks) == 2:
            votes[max(marks, key=number.rfind)] += 1
        elif not marks:
            is_long_without |= len(number.lstrip("-+")) > 3
        elif number.count(marks[0]) > 1:
            thousands[marks[0]] += 1
        else:
            whole, fraction = number.lstrip("-+").split(marks[0])
            if len(fraction) != 3 or len(whole) > 3 or whole in ("", "0"):
                votes[marks[0]] += 1
            else:
                thousands[marks[0]] += 1
    if votes["."] != votes[","]:
        return max(votes, key=lambda mark: votes[mark])
    if thousands["."] != thousands[","]:
        mark = max(thousands, key=lambda mark: thousands[mark])
        # Thousands are marked everywhere or nowhere: 1234 beside 1.234 makes the point a decimal one.
        return mark if is_long_without else "," if mark == "." else "."
    return fallback


def parse_stock(text: str) -> Stock:
    """``>10`` → at least 10; ``+``, ``є`` → in stock, not counted; ``під замовлення`` and the not understood → 0."""
    text = text.strip().casefold()
    if text.isascii() and text.isdigit():
        pieces = int(text)
        return Stock(pieces, False, pieces > 0)
    if not text or text in _HAS_NOT:
        return Stock(0, False, False)
    if text in _HAS:
        return Stock(None, False, True)
    text = _UNIT.sub("", text).strip(" .")
    for pattern in (_AT_LEAST, _AT_LEAST_AFTER):
        if found := pattern.fullmatch(text):
            return _pieces(found.group(1), at_least=True)
    if found := _PIECES.fullmatch(text):
        return _pieces(found.group(1), at_least=False)
    if found := _RANGE.fullmatch(text):
        return _pieces(min(found.groups(), key=int), at_least=True)
    if found := _FEWER.fullmatch(text):
        return Stock(1, True, True) if int(found.group(1)) else Stock(0, False, False)
    if any(word in text for word in _NONE_WITHIN):
        return Stock(0, False, False)
    if any(word in text for word in _SOME_WITHIN):
        return Stock(None, False, True)
    return Stock(0, False, False)


def _pieces(digits: str, *, at_least: bool) -> Stock:
    pieces = min(int("".join(digits.split())), 1_000_000)
    return Stock(pieces, at_least and pieces > 0, pieces > 0)


def is_stock(text: str) -> bool:
    """Whether a cell says something about stock that is understood, empty ones aside."""
    word = text.strip().casefold()
    return word in _HAS or word in _HAS_NOT or (bool(word) and parse_stock(word) != Stock(0, False, False))


def is_sum_head(head: str) -> bool:
    """``Залишок всього``: a column of stock that adds up the others."""
    return bool(_SUM_HEAD.search(head))


def parse_delivery(text: str, unit: str = "days") -> tuple[int, int] | None:
    """Days from … to; ``unit`` (days, weeks, hours, months) is what the head says, a word in the cell beats it."""
    text = text.strip().casefold()
    if not text:
        return None
    if found := _DAYS.search(text) or _DAYS_ONE.search(text):
        numbers = [int(group) for group in found.groups()]
        unit = _unit_of(text) or unit
        low, high = (_days(number, unit) for number in (numbers[0], numbers[-1]))
        return (low, high) if 0 <= low <= high <= 365 else None
    if _TOMORROW.search(text):
        return 1, 1
    if _TODAY.search(text):
        return 0, 0
    return None


def delivery_unit(head: str) -> str:
    """The unit a head names: ``Термін, год`` → hours."""
    return _unit_of(head.casefold()) or "days"


def _unit_of(text: str) -> str:
    if re.search(r"дн|ден|day|tag|dni|сут|доб", text):
        return "days"
    for unit, words in (("weeks", _WEEKS), ("months", _MONTHS)):
        if words.search(text):
            return unit
    return "hours" if _HOURS.search(text) and "час доставки" not in text and "время" not in text else ""


def _days(number: int, unit: str) -> int:
    return {"weeks": number * 7, "months": number * 30, "hours": -(-number // 24)}.get(unit, number)


def article_damage(article: str) -> str:
    """What a spreadsheet has made of an article: article_date, article_scientific, article_formula, or nothing."""
    if article.isdigit() or not _MAY_BE_DAMAGED.fullmatch(article):
        return ""
    if article[0] == "=":
        return "article_formula"
    if _SCIENTIFIC.fullmatch(article):
        return "article_scientific"
    if not (found := _FULL_DATE.fullmatch(article) or _SHORT_DATE.fullmatch(article)):
        return "article_date"
    first, second = int(found.group(1)), int(found.group(2))
    return "article_date" if 1 <= min(first, second) <= 12 and max(first, second) <= 31 else ""


def split_numbers(text: str) -> list[str]:
    """Numbers in one cell, in order. A lone ``/`` parts them only where each side is a whole number: not W 712/75."""
    pieces = _SEPARATORS.split(text)
    if len(pieces) == 1 and "/" in text:
        sides = text.split("/")
        if all(sum(letter.isalnum() for letter in side) >= _SHORTEST_NUMBER for side in sides):
            pieces = sides
    numbers = []
    for piece in pieces:
        number = " ".join(piece.split())
        if number and number not in numbers and any(letter.isalnum() for letter in number):
            numbers.append(number[:100])
    return numbers
