"""The words of a car's description after make and model: which generation, body, years, engine; and what is strange."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone

from shop.catalog.loading.car_list import KnownCar, KnownGeneration
from shop.catalog.loading.described import read_fuel, read_volume
from shop.catalog.loading.years import Years, read_years
from shop.catalog.numbers import article_key
from shop.lib.letters import codes
from vehicles.models import Body, Drive

MODEL, ENGINE = "model", "engine"
_PERIOD: Final = re.compile(
    r"(?<![\w.])(?:(?:0?[1-9]|1[0-2])[./])?(?:19[4-9]|20[0-4])\d(?:[./](?:0[1-9]|1[0-2])(?!\d))?"
    r"(?:\s*(?:[-–—→]|\.\.+|…)\s*(?:(?:(?:0?[1-9]|1[0-2])[./])?(?:19[4-9]|20[0-4])\d(?:[./](?:0[1-9]|1[0-2])(?!\d))?"
    r"|н\.\s?[вч]\.?|(?![\w])))?(?!\w)"
)
# ``04-``, ``04-11``: in two digits only with a dash, as a word of its own.
_SHORT_PERIOD: Final = re.compile(r"(?<![\w.,/\-])'?(\d\d)\s?[-–—]\s?'?(\d\d)?(?![\w.,/\-])")
# ``A5, A7``, ``B6/B7``, ``II и III``: any of these.
_EITHER: Final = re.compile(r"[\w\-]+(?:\s*(?:[,/+&]|\s(?:and|і|й|и|та)\s)\s*[\w\-]+)+", re.IGNORECASE)
_BODIES: Final = {
    Body.HATCHBACK: "hatchback hatch хетчбек хетчбэк хэтчбек хэтчбэк хетчбэк",
    Body.SEDAN: "sedan saloon limousine седан лимузин",
    Body.ESTATE: "estate variant wagon kombi combi universal touring avant sportback универсал універсал sw turnier "
    "caravan break комбі комби tourer",
    Body.LIFTBACK: "liftback ліфтбек лифтбек лифтбэк",
    Body.COUPE: "coupe coupé купе",
    Body.CONVERTIBLE: "convertible cabrio cabriolet кабріолет кабриолет roadster",
    Body.SUV: "suv позашляховик внедорожник кросовер кроссовер",
    Body.MPV: "mpv мінівен минивен минивэн minivan",
    Body.VAN: "van box фургон panel",
    Body.MINIBUS: "bus minibus мікроавтобус микроавтобус автобус",
    Body.PICKUP: "pickup pick-up пікап пикап",
    Body.TRUCK: "truck вантажівка грузовик",
}
_BODY_OF: Final = {word: str(body) for body, words in _BODIES.items() for word in words.split()}
# Audi calls a five-door a Sportback: these say nothing about which body it is in the data.
_NO_BODY: Final = {"sportback", "break", "tourer", "caravan"}
_ALL_WHEELS: Final = {
    "4motion",
    "quattro",
    "xdrive",
    "4matic",
    "4x4",
    "4wd",
    "awd",
    "syncro",
    "allrad",
    "повнопривідний",
}
_NOISE: Final = frozenset(
    [
        "mk",
        "gen",
        "generation",
        "покоління",
        "поколение",
        "кузов",
        "серія",
        "серия",
        "series",
        "with",
        "двигун",
        "engine",
        "двигатель",
        "мотор",
        "л",
        "l",
        "г",
        "гг",
        "р",
        "рр",
        "від",
        "от",
        "з",
        "с",
        "from",
        "авто",
        "модель",
        "model",
        "-",
        "–",
        "—",
        "/",
        "+",
        "&",
        "and",
        "і",
        "и",
        "та",
    ]
)
_AND: Final = frozenset(["and", "і", "й", "и", "та"])
_NUMERALS: Final = {"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"}
_SHORTEST_CODE: Final = 2
_GLUED: Final = re.compile(r"(\d+[.,]\d|[a-z]{1,2}(?=\d)|\d{3})([a-zа-яіїє][a-zа-яіїє\-]*|\d{2,3}[a-z]*)")


@dataclass
class Leftovers:
    """Each entry of ``marks`` and ``bodies`` is a set of which one has to be true; ``unknown`` words make it unsure."""

    marks: list[frozenset[str]] = field(default_factory=list)
    bodies: list[frozenset[str]] = field(default_factory=list)
    years: Years | None = None
    codes: frozenset[str] = frozenset()
    volume: tuple[int, int] | None = None
    fuel: str | None = None
    drive: str | None = None
    engine_words: list[str] = field(default_factory=list)
    # ``1.9`` as it is written: some names round in their own way.
    figure: str = ""
    lost_marks: bool = False
    unknown: list[str] = field(default_factory=list)


def read_leftovers(
    text: str,
    zone: str,
    into: Leftovers,
    *,
    generations: list[KnownGeneration],
    cars: list[KnownCar],
    has_years: bool,
) -> None:
    """Add what ``text`` of one column says to ``into``."""
    known_marks = {mark for one in generations for mark in one.marks}
    known_codes = {code for car in cars for code in car.codes}
    known_words = {word for car in cars for word in car.words}
    text = _take_years(text, into, has_years=has_years)
    for inside in re.findall(r"[(\[]([^)\]]*)[)\]]?", text):
        _read_brackets(inside, into, known_marks, known_codes, known_words)
    text = re.sub(r"[(\[][^)\]]*[)\]]?", " ", text)
    if zone == MODEL:
        text = _take_either(text, into, known_marks)
    former = ""
    for word in _joined(list(_pieces(text)), known_words):
        # ``3.0 V6`` and ``1.5 D`` speak of the engine, though there be generations V6 and D.
        is_engine = word in known_words and re.fullmatch(r"\d[.,]\d", former)
        former = word
        if zone == MODEL and not is_engine and (said := _known_marks(word, known_marks)):
            into.marks.append(frozenset(said))
        elif not _read_word(word, into, known_codes, known_words):
            if zone == MODEL and (word.isdigit() or word in _NUMERALS):
                into.lost_marks = True
            else:
                into.unknown.append(word)


def _take_years(text: str, into: Leftovers, *, has_years: bool) -> str:
    match = _PERIOD.search(text)
    years = read_years(match[0]) if match else None
    if not years and (match := _SHORT_PERIOD.search(text)):
        years = _short_years(match[1], match[2])
    if not match or not years:
        return text
    if not has_years and into.years is None:
        into.years = years
    return f"{text[: match.start()]} {text[match.end() :]}"


def _short_years(first: str, last: str | None) -> Years | None:
    """Only years that have been: ``36-46`` is none."""
    newest = timezone.localdate().year + 1
    begun, ended = (None if year is None else _full_year(int(year), newest) for year in (first, last))
    if begun is None or begun > newest or (ended is not None and not begun <= ended <= newest):
        return None
    return read_years(f"{begun}-{ended or ''}")


def _full_year(year: int, newest: int) -> int:
    return year + 2000 if year + 2000 <= newest else year + 1900


def _take_either(text: str, into: Leftovers, known_marks: set[str]) -> str:
    for match in _EITHER.finditer(text):
        words = re.findall(r"[\w\-]+", match[0].casefold())
        marks = [_known_marks(word, known_marks) for word in words if word not in _AND]
        if len(marks) > 1 and all(marks):
            into.marks.append(frozenset().union(*marks))
            return f"{text[: match.start()]} {text[match.end() :]}"
    return text


def _read_brackets(
    text: str, into: Leftovers, known_marks: set[str], known_codes: set[str], known_words: set[str]
) -> None:
    """``(5G1, BQ1, BE2)``: platform codes, some of which we may not have; ``(CLHA)``, ``(1.6 TDI)``."""
    words = _pieces(text)
    marks = {mark for word in words for mark in _known_marks(word, known_marks)}
    if marks:
        into.marks.append(frozenset(marks))
        # Beside a code that we know the others are other bodies of the same platform.
        words = [word for word in words if not _known_marks(word, known_marks) and not _looks_like_code(word)]
    for word in words:
        if not _read_word(word, into, known_codes, known_words):
            into.unknown.append(word)


def _read_word(word: str, into: Leftovers, known_codes: set[str], known_words: set[str]) -> bool:
    plain = word.replace(",", ".")
    if word in _NOISE:
        return True
    if re.search(r"\d[.,]\d", word) and (volume := read_volume(word)):
        into.volume = into.volume or volume
        into.figure = into.figure or plain.rstrip("lл")
        if into.figure in known_words:
            into.engine_words.append(into.figure)
        return True
    if body := _BODY_OF.get(word):
        if word not in _NO_BODY:
            into.bodies.append(frozenset({body}))
        return True
    if plain in known_words:
        into.engine_words.append(plain)
        if word in _ALL_WHEELS:
            into.drive = str(Drive.AWD)
        return True
    key = article_key(word)
    if len(key) >= _SHORTEST_CODE and key in known_codes:
        into.codes |= {key}
        return True
    if word in _ALL_WHEELS:
        into.drive = str(Drive.AWD)
        return True
    if fuel := read_fuel(word):
        into.fuel = into.fuel or fuel
        return True
    return False


def _marks_of(word: str) -> set[str]:
    """As ``generation_marks``: ``Mk7`` and ``VII`` are ``7``; Cyrillic look-alikes stand for Latin letters."""
    word = re.sub(r"^mk(?=\d)", "", word)
    return set(codes(word))


def _known_marks(word: str, known: set[str]) -> set[str]:
    """``W901-W905`` is either."""
    if found := _marks_of(word) & known:
        return found
    sides = [_marks_of(side) & known for side in word.split("-")] if "-" in word else []
    return set().union(*sides) if sides and all(sides) else set()


def _joined(words: list[str], known: set[str]) -> Iterable[str]:
    """``320 d`` is the ``320d`` that we know, ``2.0TDI`` the ``2.0 TDI``, ``E220`` the ``E 220``."""
    number = 0
    while number < len(words):
        word = words[number]
        pair = "".join(words[number : number + 2])
        if number + 1 < len(words) and pair in known and word not in known:
            yield pair
            number += 2
            continue
        number += 1
        glued = None if word in known else _GLUED.fullmatch(word)
        if glued and (re.search(r"[.,]", word) or all(side in known for side in glued.groups())):
            yield from glued.groups()
        else:
            yield word


def _pieces(text: str) -> Iterable[str]:
    """``B5+`` is B5, but ``Qashqai +2`` is no second Qashqai."""
    pieces = (piece.strip(".'\"«»:") for piece in re.split(r"(?:[\s;|/]|\+(?!\d))+|,(?!\d)", text.casefold()))
    return [piece for piece in pieces if piece]


def _looks_like_code(word: str) -> bool:
    return (bool(re.fullmatch(r"[a-z0-9_]{1,6}", word)) and not word.isalpha()) or (word.isalpha() and len(word) == 2)
