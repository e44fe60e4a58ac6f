"""Cars inside a query: ``колодки октавія а7``, ``passat b6 2.0 tdi``, ``бмв е46``.

Names of makes and models are compared by sound, since people write them by ear; generations by number, platform code
or year; engines by volume, name, fuel and code.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from shop.lib.letters import codes, name_sounds, root, sound
from shop.lib.version import PerVersion
from vehicles.models import Fuel, Generation, Modification, VehicleMake

_NUMERALS: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ROMAN: Final = {word: str(number) for number, word in enumerate(_NUMERALS, 1)}
# Words of names that name no model by themselves.
_GENERAL: Final = {
    "class", "series", "model", "grand", "classic", "sport", "cross", "city", "plus", "tour", "connect", "custom",
    "sedan", "space", "star", "great", "wall", "land", "range", "rover", "santa", "pt", "ev", "us", "one", "mini",
    "hatch", "business", "line",
}  # fmt: skip
_SAID_FOR: Final = {"series": ("серія", "серії", "серия", "серии"), "class": ("клас", "класс", "класу", "класса")}
_FUELS: Final = {
    Fuel.DIESEL: "дизель дизельний дизельный diesel",
    Fuel.PETROL: "бензин бензиновий бензиновый petrol",
    Fuel.HYBRID: "гібрид гибрид hybrid",
    Fuel.ELECTRIC: "електро электро electric",
}
FUEL_OF: Final = {root(sound(word)): fuel for fuel, words in _FUELS.items() for word in words.split()}
_VOLUME: Final = re.compile(r"\d[.,]\d")
_YEAR: Final = re.compile(r"(19[89]|20[0-3])\d")
_MIXED_CODE: Final = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{2,8}")
# So short a code (т4) has to be of one model alone.
_SHORTEST_CODE: Final = 2
_MOST_GENERATIONS: Final = 80


@dataclass(frozen=True)
class _Generation:
    pk: int
    model: int
    address: str
    name: str
    title: str
    marks: frozenset[str]
    made_from: date
    made_to: date | None


@dataclass(frozen=True)
class CarIndex:
    """Ids by key; ``partial`` models need their make beside them. Read only: all threads share it."""

    makes: dict[str, set[int]]
    models: dict[str, set[int]]
    partial: dict[str, set[int]]
    by_mark: dict[str, list[_Generation]]
    generations: dict[int, list[_Generation]]
    make_of: dict[int, int]
    make_names: dict[int, tuple[str, str]]
    model_names: dict[int, tuple[str, str]]

    def knows(self, word: str) -> bool:
        """Whether the word alone may be a make or a model."""
        return bool(_keys(word) & (self.makes.keys() | self.models.keys()))


@dataclass(frozen=True)
class NamedCar:
    """What a query says about a car. ``modifications`` is empty when only the make is known or nothing narrows it."""

    name: str
    address: str
    words: frozenset[int]
    generations: tuple[_Generation, ...] = ()
    modifications: tuple[int, ...] = ()
    is_model: bool = False


def car_named(
    words: Sequence[str], *, is_taken: Callable[[int], bool], is_part_word: Callable[[int], bool]
) -> NamedCar | None:
    """The car that some of the words name, or None; at most one query, and only when a model is named.

    ``is_taken`` tells which words are a brand of parts for sure, ``is_part_word`` which name parts: these are a car
    only beside its make.
    """
    index = car_index()
    free = [not is_taken(number) for number in range(len(words))]
    make_span, makes = _longest(words, index.makes, lambda span: all(free[n] for n in span))
    makes = makes or set()

    def may_be_model(span: range) -> bool:
        return all(free[n] and n not in make_span for n in span) and (
            bool(makes) or not any(map(is_part_word, span)) or is_number(span.stop)
        )

    def is_number(number: int) -> bool:
        return number < len(words) and words[number].isdigit() and len(words[number]) <= 3

    model_span, models = _longest(
        words,
        index.models,
        may_be_model,
        accept=lambda found: {model for model in found if not makes or index.make_of[model] in makes},
    )
    if makes and not models:
        model_span, models = _longest(
            words, index.partial, may_be_model, accept=lambda found: {m for m in found if index.make_of[m] in makes}
        )
    if not models and not makes:
        model_span, models = _longest(words, index.partial, may_be_model, longer_than=3)
    used = {*make_span, *model_span}
    if not models:
        return _by_platform(index, words, makes, used, may_be_model)
    generations = [one for model in sorted(models) for one in index.generations.get(model, ())]
    generations, marks = _narrowed(words, generations, used, after=max(model_span) + 1)
    return _with_engine(index, words, generations, used | marks, is_part_word)


def _by_platform(
    index: CarIndex, words: Sequence[str], makes: set[int], used: set[int], may_be: Callable[[range], bool]
) -> NamedCar | None:
    """``w211``, ``е46``, with a make ``124`` too: the code of a platform names the car; else the make is known."""
    for number, word in enumerate(words):
        if number in used or not may_be(range(number, number + 1)):
            continue
        for code in codes(word):
            if not (_MIXED_CODE.fullmatch(code) or (makes and code.isdigit() and len(code) in (2, 3))):
                continue
            found = [one for one in index.by_mark.get(code, ()) if not makes or index.make_of[one.model] in makes]
            owners = {one.model if len(code) == _SHORTEST_CODE else index.make_of[one.model] for one in found}
            if len(owners) == 1:
                return _with_engine(index, words, found, used | {number}, lambda n: False)
    if len(makes) == 1:
        name, slug = index.make_names[next(iter(makes))]
        return NamedCar(name, slug, frozenset(used))
    return None


def _longest(
    words: Sequence[str],
    known: dict[str, set[int]],
    allowed: Callable[[range], bool],
    *,
    accept: Callable[[set[int]], set[int]] = lambda found: found,
    longer_than: int = 0,
) -> tuple[range, set[int]]:
    """The longest run of words that is a known name, the first of equal ones."""
    for length in (3, 2, 1):
        for start in range(len(words) - length + 1):
            span = range(start, start + length)
            if not allowed(span):
                continue
            for key in name_keys("".join(words[n] for n in span)):
                if len(key) > longer_than and key in known and (found := accept(known[key])):
                    return span, found
    return range(0), set()


def name_keys(word: str) -> list[str]:
    heard = sound(word)
    keys = [heard, *sorted(codes(word))] if any(letter.isdigit() for letter in word) else [heard]
    # An ending may be of a case (октавію), but a short name has none to lose.
    return [*keys, f"{root(heard)}~"] if len(heard) > 4 else keys


def _keys(word: str) -> set[str]:
    return set(name_keys(word))


def _narrowed(
    words: Sequence[str], generations: list[_Generation], used: set[int], *, after: int
) -> tuple[list[_Generation], set[int]]:
    """By generation number, letter or platform code; by year. What narrows to nothing is left out."""
    marks: set[int] = set()
    for number, word in enumerate(words):
        if number in used:
            continue
        said = codes(word)
        is_near = number == after
        if _YEAR.fullmatch(word):
            year = int(word)
            kept = [
                one
                for one in generations
                if one.made_from.year <= year and (one.made_to is None or year <= one.made_to.year)
            ]
        elif is_near or any(_MIXED_CODE.fullmatch(code) for code in said):
            kept = [one for one in generations if one.marks & said]
        else:
            continue
        if kept:
            generations = kept
            marks.add(number)
    return generations, marks


def _with_engine(
    index: CarIndex,
    words: Sequence[str],
    generations: list[_Generation],
    used: set[int],
    is_part_word: Callable[[int], bool],
) -> NamedCar:
    generations = generations[:_MOST_GENERATIONS]
    rows = list(
        Modification.objects.active()
        .filter(generation__in=[one.pk for one in generations])
        .values_list(
            "pk", "generation_id", "name", "engine_codes", "fuel", "displacement_cc", "power_kw", "power_hp",
            "produced_from", "produced_to",
        )
    )  # fmt: skip
    for number, word in enumerate(words):
        if number in used and not _YEAR.fullmatch(word):
            continue
        said = codes(word)
        heard = root(sound(word))
        if _VOLUME.fullmatch(word):
            litres = float(word.replace(",", "."))
            kept = [row for row in rows if row[5] and abs(row[5] / 1000 - litres) < 0.06]
        elif _YEAR.fullmatch(word):
            year = int(word)
            kept = [row for row in rows if row[8].year <= year and (row[9] is None or year <= row[9].year)]
        elif heard in FUEL_OF:
            kept = [row for row in rows if row[4] == FUEL_OF[heard]]
        elif is_part_word(number) or len(word) < 2:
            continue
        elif word.isdigit():
            kept = [row for row in rows if int(word) in (row[6], row[7])] if 2 <= len(word) <= 3 else []
        else:
            kept = [
                row
                for row in rows
                if said & {*row[2].casefold().split(), *(code.casefold() for code in row[3])}
                or heard in {root(sound(piece)) for piece in row[2].split()}
            ]
        if kept:
            rows = kept
            used = used | {number}
    left = {row[1] for row in rows}
    generations = [one for one in generations if one.pk in left] or generations
    return NamedCar(
        name=_common_name(index, generations),
        address=_common_address(generations),
        words=frozenset(used),
        generations=tuple(sorted(generations, key=lambda one: one.made_from, reverse=True)),
        modifications=tuple(row[0] for row in rows),
        is_model=True,
    )


def _common_name(index: CarIndex, generations: list[_Generation]) -> str:
    models = {one.model for one in generations}
    names = " / ".join(
        f"{index.make_names[index.make_of[model]][0]} {index.model_names[model][0]}" for model in sorted(models)
    )
    return f"{names} {generations[0].name.split(' (')[0]}" if len(generations) == 1 else names


def _common_address(generations: list[_Generation]) -> str:
    """``skoda/octavia/iii-a7``, or as much of it as all have in common."""
    common = generations[0].address.split("/")
    for one in generations[1:]:
        theirs = one.address.split("/")
        while common != theirs[: len(common)]:
            common.pop()
    return "/".join(common)


type _MakeRow = tuple[int, str, str, str, tuple[str, ...]]
type _GenerationRow = tuple[int, str, date, date | None, str, int, str, str, int]
type _Signature = tuple[tuple[_MakeRow, ...], tuple[_GenerationRow, ...]]


@lru_cache(maxsize=2)
def _built(signature: _Signature) -> CarIndex:
    makes: dict[str, set[int]] = defaultdict(set)
    models: dict[str, set[int]] = defaultdict(set)
    partial: dict[str, set[int]] = defaultdict(set)
    by_mark: dict[str, list[_Generation]] = defaultdict(list)
    generations: dict[int, list[_Generation]] = defaultdict(list)
    make_of: dict[int, int] = {}
    make_names: dict[int, tuple[str, str]] = {}
    model_names: dict[int, tuple[str, str]] = {}
    make_rows, generation_rows = signature
    for pk, slug, name, name_uk, aliases in make_rows:
        make_names[pk] = (name, slug)
        for said in [*name.split(" / "), name_uk, *name_uk.split(" / "), *aliases]:
            _enter(makes, said, pk)
        if "-" in name:
            _enter(makes, name.split("-")[0], pk)
    words_of: dict[str, set[int]] = defaultdict(set)
    for pk, name, made_from, made_to, slug, model, model_slug, model_name, make in generation_rows:
        if model not in make_of:
            make_of[model] = make
            model_names[model] = (model_name, model_slug)
            for said in model_sayings(model_name):
                _enter(models if _stands_alone(said) else partial, said, model)
            for word in re.split(r"[\s/\-]+", model_name.casefold()):
                if word not in _GENERAL:
                    words_of[word].add(model)
        one = _Generation(
            pk,
            model,
            f"{make_names[make][1]}/{model_slug}/{slug}",
            name,
            f"{make_names[make][0]} {model_name} {name}",
            generation_marks(name),
            made_from,
            made_to,
        )
        generations[model].append(one)
        for mark in one.marks:
            by_mark[mark].append(one)
    for word, owners in words_of.items():
        if len({model_names[model][0] for model in owners}) == 1 or len(owners) == 1:
            for model in owners:
                _enter(partial, word, model)
    return CarIndex(
        dict(makes), dict(models), dict(partial), dict(by_mark), dict(generations), make_of, make_names, model_names
    )


def _enter(index: dict[str, set[int]], said: str, pk: int) -> None:
    joined = re.sub(r"[\s\-'!.]+", "", said)
    for heard in name_sounds(joined):
        if heard:
            index[heard].add(pk)
            if len(heard) > 4 or root(heard) != heard:
                index[f"{root(heard)}~"].add(pk)
    if any(letter.isdigit() for letter in joined):
        index[joined.casefold()].add(pk)


def model_sayings(name: str) -> Iterable[str]:
    """``Kuga / Escape`` is either, ``2108-21099 Samara`` each number; ``5 Series``, ``E-Class`` have short names."""
    for said in re.split(r"\s*/\s*", name):
        yield said
        pieces = said.split()
        if match := re.match(r"(\d{4})-(\d{4,5})", said):
            first, last = int(match[1]), int(match[2][:4])
            yield from (str(number) for number in range(first, last + 1))
            yield match[2]
        if len(pieces) > 1 and pieces[1].casefold() == "series":
            yield pieces[0]
        short, _dash, kind = said.partition("-")
        if kind.casefold() == "class":
            yield short
        for general, others in _SAID_FOR.items():
            if general in said.casefold():
                yield from (re.sub(general, other, said, flags=re.IGNORECASE) for other in others)


def _stands_alone(said: str) -> bool:
    """Whether the name says which car it is without the make: ``Golf``, ``RAV4``, but not ``5`` or ``A4``."""
    letters = sum(letter.isalpha() for letter in said)
    return letters >= 3 or (letters >= 1 and sum(letter.isdigit() for letter in said) >= 1 and len(said) >= 2)


def generation_marks(name: str) -> frozenset[str]:
    """``III A7 (5E3, 5E5)`` → iii, 3, a7, 5e3, 5e5; ``XV40`` → xv40, 40."""
    marks: set[str] = set()
    for piece in re.split(r"[\s,/()\-]+", name.casefold()):
        marks.add(piece)
        marks.add(_ROMAN.get(piece, piece))
        if match := re.fullmatch(r"[a-z]{1,2}(\d{2,3})", piece):
            marks.add(match[1])
        if match := re.fullmatch(r"mk(\d)", piece):
            marks.add(match[1])
    return frozenset(marks - {""})


def _read() -> CarIndex:
    make_rows = tuple(
        (pk, slug, name, name_uk, tuple(aliases))
        for pk, slug, name, name_uk, aliases in VehicleMake.objects.filter(is_active=True)
        .order_by("pk")
        .values_list("pk", "slug", "name", "name_uk", "aliases")
    )
    generation_rows = tuple(
        Generation.objects.filter(model__make__is_active=True)
        .order_by("model_id", "produced_from", "pk")
        .values_list(
            "pk", "name", "produced_from", "produced_to", "slug", "model_id", "model__slug", "model__name",
            "model__make_id",
        )
    )  # fmt: skip
    return _built((make_rows, generation_rows))


car_index = PerVersion(_read)
