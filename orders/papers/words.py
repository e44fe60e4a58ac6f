"""Sums in Ukrainian words, as they stand on papers: ``Одна тисяча двісті тридцять чотири гривні 50 копійок``."""

from decimal import Decimal

_UNITS = "", "один", "два", "три", "чотири", "п’ять", "шість", "сім", "вісім", "дев’ять"
_FEMININE = {1: "одна", 2: "дві"}
_TEENS = (
    "десять",
    "одинадцять",
    "дванадцять",
    "тринадцять",
    "чотирнадцять",
    "п’ятнадцять",
    "шістнадцять",
    "сімнадцять",
    "вісімнадцять",
    "дев’ятнадцять",
)
_TENS = (
    "",
    "",
    "двадцять",
    "тридцять",
    "сорок",
    "п’ятдесят",
    "шістдесят",
    "сімдесят",
    "вісімдесят",
    "дев’яносто",
)
_HUNDREDS = (
    "",
    "сто",
    "двісті",
    "триста",
    "чотириста",
    "п’ятсот",
    "шістсот",
    "сімсот",
    "вісімсот",
    "дев’ятсот",
)
# One, two to four, five and more; whether the word is feminine.
_HRYVNIA = ("гривня", "гривні", "гривень")
_KOPECK = ("копійка", "копійки", "копійок")
_CLASSES: tuple[tuple[tuple[str, str, str], bool], ...] = (
    (("мільярд", "мільярди", "мільярдів"), False),
    (("мільйон", "мільйони", "мільйонів"), False),
    (("тисяча", "тисячі", "тисяч"), True),
    (_HRYVNIA, True),
)
MOST = Decimal("999999999999.99")


def sum_in_words(amount: Decimal) -> str:
    """``amount`` in hryvnias, 0 up to MOST and exact to the kopeck. Raises ValueError for any other."""
    kopecks = amount * 100
    if not 0 <= amount <= MOST or kopecks != int(kopecks):
        raise ValueError(f"no sum of money: {amount}")
    hryvnias, rest = divmod(int(kopecks), 100)
    said = []
    for place, (forms, is_feminine) in enumerate(_CLASSES):
        three = hryvnias // 1000 ** (len(_CLASSES) - 1 - place) % 1000
        if three:
            said += [*_three(three, is_feminine=is_feminine), form_of(three, forms)]
    if not hryvnias:
        said.append("нуль")
    if said[-1] not in _HRYVNIA:
        said.append(_HRYVNIA[2])
    words = " ".join(said)
    return f"{words[0].upper()}{words[1:]} {rest:02d} {form_of(rest, _KOPECK)}"


def form_of(count: int, forms: tuple[str, str, str]) -> str:
    """The form of a noun after ``count``: одна гривня, дві гривні, п’ять гривень."""
    if count % 100 in range(11, 15):
        return forms[2]
    last = count % 10
    return forms[0] if last == 1 else forms[1] if last in (2, 3, 4) else forms[2]


def _three(number: int, *, is_feminine: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    said = [_HUNDREDS[hundreds]]
    if 10 <= rest < 20:
        said.append(_TEENS[rest - 10])
    else:
        tens, units = divmod(rest, 10)
        said += [_TENS[tens], _FEMININE.get(units, _UNITS[units]) if is_feminine else _UNITS[units]]
    return [word for word in said if word]
