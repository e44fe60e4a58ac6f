"""Which of our cars a file means. Only what its words say for sure is a match; anything else is for a person.

Make and model by name, the generation by number, platform code, body or years, the engine by code, volume, power,
fuel and name. Words that nobody understands make a match unsure, however good the rest is: ``Golf Sportsvan`` is no
Golf. Where the file means some cars of a modification only, the rest is a condition: its years, engine code, body.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from shop.catalog.loading.car_list import CarList, KnownCar, KnownGeneration
from shop.catalog.loading.described import CarWords, read_fuel, read_power, read_volume, take_figures
from shop.catalog.loading.leftovers import ENGINE, MODEL, Leftovers, read_leftovers
from shop.catalog.loading.years import Years, read_bounds, read_years, year_month
from shop.catalog.models import CarText
from shop.catalog.numbers import article_key

type Rules = tuple[tuple[str, str | int], ...]
_Reason = CarText.Reason
MOST_CANDIDATES: Final = 200
_MOST_MODEL_WORDS: Final = 5
_VOLUME: Final = re.compile(r"\d[.,]\d")
# A car of a boundary year may be of either generation; this many months are such a year.
_YEAR: Final = 12
# Sources differ by some months about when a car was first built.
_SLACK_MONTHS: Final = 6


@dataclass(frozen=True)
class CarMatch:
    """Either ``cars`` (modification and conditions of it, at times twice with other ones), or why not."""

    cars: tuple[tuple[int, Rules], ...] = ()
    reason: CarText.Reason | None = None
    candidates: tuple[int, ...] = ()


@dataclass
class _Said:
    """What the words say beside make and model."""

    years: Years | None
    codes: frozenset[str]
    rest: Leftovers
    kw: int | None = None
    hp: int | None = None
    powers: tuple[int, ...] = ()
    volume: tuple[int, int] | None = None
    fuel: str | None = None
    names: list[list[str]] = field(default_factory=list)


class BadYears(ValueError):
    """The cell of years holds no years."""


def match_car(words: CarWords, known: CarList) -> CarMatch:
    """Raises BadYears."""
    years = _years(words)
    model_text = words["model"] or words["car"]
    makes = _make(words["make"], known)
    if words["make"]:
        model_text = _without_make(model_text, makes, known)
    else:
        makes, model_text = _leading_make(words["car"] or words["model"], known)
        if words["car"] and words["model"] and makes:
            model_text = f"{words['model']} {model_text}".strip()
        if not makes and not words["make"]:
            makes = _makes_of_model(model_text, known)
    if not makes:
        return CarMatch(reason=_Reason.UNKNOWN_MAKE)
    models, rest = _model(model_text, makes, known)
    if not models:
        models, rest = _model_by_mark(f"{model_text} {words['generation']}", makes, known), model_text
    if not models:
        return CarMatch(reason=_Reason.UNKNOWN_MODEL)
    generations = [one for model in sorted(models) for one in known.generations.get(model, ())]
    cars = [car for one in generations for car in known.cars.get(one.pk, ())]
    said = _said(words, rest, years, generations, cars)
    return _narrow(said, models, generations, known)


def answered(words: CarWords, modifications: Iterable[int], known: CarList) -> tuple[tuple[int, Rules], ...]:
    """The cars that a person chose for ``words``, under the years, engine codes and body that the words still say."""
    found: list[tuple[int, Rules]] = []
    for pk in modifications:
        if (car := known.car_of.get(pk)) is None:
            found.append((pk, ()))
            continue
        generation = known.generation_of[car.generation]
        try:
            said = _said(words, words["car"] or words["model"], _years(words), [generation], [car])
        except BadYears:
            said = _Said(None, frozenset(), Leftovers())
        said.codes &= car.codes
        found += _with_conditions(car, generation, said)
    return tuple(found)


def _years(words: CarWords) -> Years | None:
    text, first, last = words["years"], words["years_from"], words["years_to"]
    if not (text or first or last):
        return None
    years = read_years(text) if text else read_bounds(first, last)
    if years is None:
        raise BadYears(text or f"{first} – {last}")
    return years


def _make(text: str, known: CarList) -> set[int]:
    return known.makes_named(text) or known.makes_named(text.split("(")[0])


def _without_make(text: str, makes: set[int], known: CarList) -> str:
    """``VW Golf VII`` in the column of models, beside ``Volkswagen``."""
    if _model(text, makes, known)[0]:
        return text
    named, rest = _leading_make(text, known)
    return rest if rest and named & makes else text


def _words(text: str) -> list[str]:
    """Commas stay with the word before them: they tell lists from names. ``ВАЗ-2109`` is two words."""
    text = re.sub(r"(?<=[^\W\d_])-(?=\d{4})", " ", text)
    return re.sub(r",(?!\d)", ", ", text).split()


def _name(words: Iterable[str]) -> str:
    return " ".join(words).replace(",", "")


def _leading_make(text: str, known: CarList) -> tuple[set[int], str]:
    words = _words(text)
    for length in range(min(3, len(words)), 0, -1):
        if makes := known.makes_named(_name(words[:length])):
            return makes, " ".join(words[length:])
    return set(), text


def _model(text: str, makes: set[int], known: CarList) -> tuple[set[int], str]:
    """The models that the longest beginning of ``text`` names, and what is left of it."""
    head, bracket, tail = text.partition("(")
    words = _words(head)
    for length in range(min(_MOST_MODEL_WORDS, len(words)), 0, -1):
        name = _name(words[:length])
        if any(_VOLUME.match(word) for word in words[1:length]):
            # ``Mazda 3 2.3`` is no 323.
            continue
        if models := {model for make in makes for model in known.models_named(make, name)}:
            return models, f"{' '.join(words[length:])} {bracket}{tail}".strip()
    return set(), text


def _makes_of_model(text: str, known: CarList) -> set[int]:
    """``Golf V``: whose model the beginning names; none where several makes have such a model."""
    words = _words(text.partition("(")[0])
    for length in range(min(_MOST_MODEL_WORDS, len(words)), 0, -1):
        if makes := known.makes_of_model(_name(words[:length])):
            return makes
    return set()


def _model_by_mark(text: str, makes: set[int], known: CarList) -> set[int]:
    """``BMW E46 320d``, ``Mercedes W211``: the platform code tells the model where only one model has it."""
    for word in re.split(r"[\s,()/]+", text):
        if re.fullmatch(r"[^\W\d_]{1,2}\d{1,3}", word):
            models = {model for make in makes for model in known.models_with_mark(make, word)}
            if models:
                return models
    return set()


def _said(
    words: CarWords, rest: str, years: Years | None, generations: list[KnownGeneration], cars: list[KnownCar]
) -> _Said:
    said = _Said(years, frozenset(_codes(words["engine_code"], cars)), Leftovers())
    said.kw, said.hp = read_power(words["power_kw"], "kw")[0], read_power(words["power_hp"], "hp")[1]
    if text := words["power"]:
        kw, hp = read_power(text)
        said.kw, said.hp = said.kw or kw, said.hp or hp
        said.powers = () if kw or hp or not text.isdigit() else (int(text),)
    said.volume = read_volume(words["displacement"])
    said.fuel = read_fuel(words["fuel"])
    for text, zone in ((rest, MODEL), (words["generation"], MODEL), (words["engine"], ENGINE)):
        if not text:
            continue
        text, kw, hp, volume = take_figures(text)
        said.kw, said.hp, said.volume = said.kw or kw, said.hp or hp, said.volume or volume
        read_leftovers(text, zone, said.rest, generations=generations, cars=cars, has_years=years is not None)
    said.years = said.years or said.rest.years
    said.codes |= said.rest.codes
    return said


def _codes(text: str, cars: Iterable[KnownCar]) -> set[str]:
    """Codes in a cell of several; ``M57 D30`` is one where we know it as one."""
    known = {code for car in cars for code in car.codes}
    found: set[str] = set()
    for piece in text.replace("\n", ",").replace(";", ",").replace("/", ",").replace("|", ",").split(","):
        key = article_key(piece)
        found |= {key} if key in known else {article_key(word) for word in piece.split()}
    return found - {""}


def _narrow(said: _Said, models: set[int], generations: list[KnownGeneration], known: CarList) -> CarMatch:
    all_cars = [car for one in generations for car in known.cars.get(one.pk, ())]
    rest = said.rest
    for marks in rest.marks:
        kept = [one for one in generations if one.marks & marks]
        if not kept:
            return _unsure(_Reason.UNKNOWN_GENERATION, all_cars, said)
        generations = kept
    for bodies in rest.bodies:
        kept = [one for one in generations if one.bodies & bodies]
        if not kept:
            return _unsure(_Reason.UNKNOWN_GENERATION, [car for one in generations for car in known.cars[one.pk]], said)
        generations = kept
    if rest.lost_marks:
        return _unsure(_Reason.UNKNOWN_GENERATION, all_cars, said)
    cars = [car for one in generations for car in known.cars.get(one.pk, ())]
    if (years := said.years) and cars:
        built = [car for car in cars if years.overlap(car.first, car.last)]
        if not built:
            return _unsure(_Reason.UNKNOWN_GENERATION, cars, said)
        cars = built
    if not cars:
        return _unsure(_Reason.UNKNOWN_GENERATION, all_cars, said)
    narrowed, reason = _by_engine(cars, said)
    if reason:
        return _unsure(reason, narrowed, said)
    cars = narrowed
    left = {car.generation for car in cars}
    if len(left) > 1 and not rest.marks:
        if said.years:
            left = _generation_of_years(said.years, [one for one in generations if one.pk in left])
            if len(left) == 1:
                cars = [car for car in cars if car.generation in left]
        if len(left) > 1:
            is_one_model = len({one.model for one in generations if one.pk in left}) == 1
            return _unsure(_Reason.SEVERAL_GENERATIONS if is_one_model else _Reason.SEVERAL_MODELS, cars, said)
    if len(models) > 1 and len({one.model for one in generations if one.pk in left}) > 1:
        return _unsure(_Reason.SEVERAL_MODELS, cars, said)
    if rest.unknown:
        return _unsure(_Reason.UNKNOWN_WORDS, cars, said)
    by_pk = {one.pk: one for one in generations}
    return CarMatch(tuple(pair for car in cars for pair in _with_conditions(car, by_pk[car.generation], said)))


def _unsure(reason: CarText.Reason, cars: Iterable[KnownCar], said: _Said) -> CarMatch:
    """Those first that most of the words speak for."""
    tests = [test for is_said, test in _tests(said) if is_said]
    words = frozenset(said.rest.engine_words)

    def agrees(car: KnownCar) -> int:
        built = said.years is not None and said.years.overlap(car.first, car.last)
        return 2 * sum(bool(test(car)) for test in tests) + len(words & car.words) + 2 * built

    best = sorted(cars, key=agrees, reverse=True)
    return CarMatch(reason=reason, candidates=tuple(car.pk for car in best)[:MOST_CANDIDATES])


def _generation_of_years(years: Years, generations: list[KnownGeneration]) -> set[int]:
    """The one that was built in all of these years, if the others only touch them."""
    slack = _SLACK_MONTHS if years.by_month else _YEAR
    first, last = years.first, years.last

    def holds(one: KnownGeneration) -> bool:
        begins = first is None or one.first < first + slack
        ends = one.last is None or (last is not None and last - slack < one.last)
        return begins and ends

    def touches(one: KnownGeneration) -> bool:
        low = max(one.first, first if first is not None else one.first)
        high = min(one.last if one.last is not None else 10**6, last if last is not None else 10**6)
        return high - low < slack

    whole = [one for one in generations if holds(one)]
    if len(whole) == 1 and all(touches(one) for one in generations if one is not whole[0]):
        return {whole[0].pk}
    return {one.pk for one in generations}


def _tests(said: _Said) -> list[tuple[bool, Callable[[KnownCar], Any]]]:
    """What the words say of the engine: whether they do, and whether a car is so."""
    volume, fuel = said.volume or said.rest.volume, said.fuel or said.rest.fuel

    def has_volume(car: KnownCar) -> bool:
        is_near = volume is not None and car.volume_cc is not None and volume[0] <= car.volume_cc <= volume[1]
        return is_near or said.rest.figure in car.words

    return [
        (bool(said.codes), lambda car: car.codes & said.codes),
        (volume is not None, has_volume),
        (said.kw is not None, lambda car: abs(car.power_kw - (said.kw or 0)) <= 1),
        (said.hp is not None, lambda car: abs(car.power_hp - (said.hp or 0)) <= 2),
        (bool(said.powers), lambda car: any(power in (car.power_kw, car.power_hp) for power in said.powers)),
        (fuel is not None, lambda car: car.fuel == fuel),
        (said.rest.drive is not None, lambda car: car.drive == said.rest.drive),
    ]


def _by_engine(cars: list[KnownCar], said: _Said) -> tuple[list[KnownCar], CarText.Reason | None]:
    for is_said, test in _tests(said):
        if is_said:
            kept = [car for car in cars if test(car)]
            if not kept:
                return cars, CarText.Reason.UNKNOWN_ENGINE
            cars = kept
    volume = said.volume or said.rest.volume
    names = {car.name for car in cars}
    is_strong = bool(said.codes or said.kw or said.hp)
    if words := frozenset(said.rest.engine_words):
        exact = [car for car in cars if car.words == words]
        if exact:
            return exact, None
        wider = [car for car in cars if words <= car.words]
        if not wider:
            # The maker's own code says more than what somebody calls the engine.
            return (cars, None) if said.codes else (cars, CarText.Reason.UNKNOWN_ENGINE)
        is_sure = is_strong or len({car.name for car in wider}) == 1
        return wider, None if is_sure else CarText.Reason.SEVERAL_ENGINES
    if volume and not is_strong and len({car.fuel for car in cars}) > 1:
        plain = [car for car in cars if said.rest.figure and len(car.words) == 1]
        return (plain, None) if plain else (cars, CarText.Reason.SEVERAL_ENGINES)
    if said.powers and len(names) > 1 and not is_strong:
        return cars, CarText.Reason.SEVERAL_ENGINES
    return cars, None


def _with_conditions(car: KnownCar, generation: KnownGeneration, said: _Said) -> Iterable[tuple[int, Rules]]:
    rules: dict[str, str | int] = {}
    if years := said.years:
        slack = _SLACK_MONTHS if years.by_month else _YEAR
        if years.first is not None and years.first >= car.first + slack:
            rules["built_from"] = year_month(years.first)
        if years.last is not None and (car.last is None or years.last <= car.last - slack):
            rules["built_to"] = year_month(years.last)
    for bodies in said.rest.bodies:
        if len(bodies) == 1 and generation.bodies - bodies:
            rules["body"] = next(iter(bodies))
    if said.codes and car.codes - said.codes:
        for code in car.spelled_codes:
            if article_key(code) in said.codes:
                yield car.pk, tuple(sorted((rules | {"engine_code": code}).items()))
    else:
        yield car.pk, tuple(sorted(rules.items()))
