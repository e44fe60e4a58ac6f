"""What the words of a query mean: kinds of parts, brands, a car, and what is left to look for in names of parts.

Every word is first taken as it is typed; only a word that nobody knows is read again as typed on the other keyboard
layout, and then as misspelt.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from shop.catalog.car_words import NamedCar, car_index, car_named
from shop.catalog.frame import Node, frame
from shop.catalog.models import Brand
from shop.catalog.near import Nearest
from shop.catalog.numbers import brand_key
from shop.catalog.word_index import CategoryMatch, matching_categories, word_index
from shop.catalog.word_keys import place_of, word_keys
from shop.lib.letters import on_other_keyboard, root, sound
from shop.lib.version import PerVersion

MOST_WORDS: Final = 12
_TOKEN: Final = re.compile(r"(?<!\d)\d[.,]\d(?!\d)|[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2019\u02bc`\u00b4", "'"))
_EMPTY: Final = frozenset(
    [
        "на",
        "для",
        "до",
        "з",
        "зі",
        "із",
        "в",
        "у",
        "від",
        "під",
        "та",
        "і",
        "й",
        "або",
        "с",
        "со",
        "от",
        "под",
        "к",
        "и",
        "или",
        "за",
        "the",
        "for",
        "of",
        "a",
        "and",
        "шт",
        "купити",
        "купить",
        "ціна",
        "цена",
        "недорого",
        "авто",
        "автомобіль",
        "автомобиля",
        "машини",
        "машину",
        "запчастини",
        "запчасти",
        "запчастина",
        "деталі",
        "деталь",
        "детали",
    ]
)
# From which share of the best score on a category explains as much as the best one.
_AS_GOOD: Final = 0.97


@dataclass
class Meaning:
    """``read_as`` is the text as it was understood when some words were not known as typed, else empty.

    ``rest`` are words for names of parts (measures, kinds, places) that no category needs; ``unknown`` are those of
    them that nothing in the shop's vocabulary knows.
    """

    words: list[str]
    read_as: str = ""
    matches: list[CategoryMatch] = field(default_factory=list)
    brands: list[Brand] = field(default_factory=list)
    car: NamedCar | None = None
    rest: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def categories(self) -> list[Node]:
        """To offer, best first."""
        return [match.node for match in self.matches]

    @property
    def meant(self) -> list[Node]:
        """Those that explain the words best: parts come from their leaves."""
        best = [match.node for match in self.matches if match.score >= _AS_GOOD * self.matches[0].score]
        above = {id(node) for one in best for node in one.way()[:-1]}
        return [node for node in best if id(node) not in above]

    @property
    def explains_all(self) -> bool:
        return not self.unknown and bool(self.matches or self.brands or self.car)


def meaning_of(text: str) -> Meaning:
    """At most one query, when a car is named; everything else is compared in memory."""
    words, read_as = _read_words(text)
    words = [word for word in words if word not in _EMPTY] or words
    meaning = Meaning(words, read_as)
    keys = [word_keys(word) for word in words]
    index = word_index()
    taken = _brands(meaning, words)
    meaning.car = car_named(
        words,
        is_taken=lambda number: number in taken,
        is_part_word=lambda number: _is_part_word(words[number], keys[number]),
    )
    used = taken | (meaning.car.words if meaning.car else frozenset())
    left = [number for number in range(len(words)) if number not in used]
    asked = [number for number in left if index.knows(keys[number])]
    meaning.matches = matching_categories([keys[number] for number in asked])
    covered = {asked[place] for place in meaning.matches[0].covers} if meaning.matches else set()
    named = _named_by(meaning.matches[:1], [keys[number] for number in asked])
    for place, number in enumerate(asked):
        if number not in covered or place not in named:
            meaning.rest.append(words[number])
    meaning.unknown = [words[number] for number in left if number not in asked]
    meaning.rest += [word for word in meaning.unknown if any(letter.isdigit() for letter in word)]
    meaning.unknown = [word for word in meaning.unknown if word not in meaning.rest]
    return meaning


def _is_part_word(word: str, keys: frozenset[str]) -> bool:
    """Whether the word belongs to parts: it is in a category's name, or a code of a property (H1, M24)."""
    index = word_index()
    return not place_of(keys) and (
        index.names(keys) or (any(letter.isdigit() for letter in word) and index.knows(keys))
    )


def _named_by(matches: list[CategoryMatch], asked: list[frozenset[str]]) -> set[int]:
    """Words that are in names of the best category or of its departments; the others tell about its parts."""
    if not matches:
        return set()
    index = word_index()
    own = set().union(*(index.own.get(node.category.pk, set()) for node in matches[0].node.way()))
    return {place for place, keys in enumerate(asked) if keys & own}


def tokenize(text: str) -> list[str]:
    """``пас 6PK1200 1.6tdi`` → пас, 6pk1200, 1.6, tdi."""
    return _TOKEN.findall(text.casefold().translate(_APOSTROPHES))


def _read_words(text: str) -> tuple[list[str], str]:
    words: list[str] = []
    said: list[str] = []
    is_changed = False
    for chunk in text.casefold().split():
        typed = tokenize(chunk)
        read = _best_reading(chunk, typed)
        is_changed |= read != typed
        words += read
        said += read if read != typed else [chunk]
    return words[:MOST_WORDS], " ".join(said) if is_changed else ""


def _best_reading(chunk: str, typed: list[str]) -> list[str]:
    if all(_is_known(word) for word in typed):
        return typed
    other = tokenize(on_other_keyboard(chunk))
    if other and all(_is_known(word) for word in other) and any(len(word) > 2 for word in other):
        return other
    if any(letter.isdigit() for letter in chunk):
        return typed
    nearest = _vocabulary().nearest
    read = []
    for word in typed:
        if not _is_known(word) and (found := _nearest(nearest, word)):
            read.append(found)
        else:
            read.append(word)
    if read == typed and len(other) == 1 and (found := _nearest(nearest, other[0])):
        return [found]
    return read


def _nearest(nearest: Nearest, word: str) -> str:
    heard = sound(word)
    found = [one for one in (nearest.find(heard), nearest.find(root(heard))) if one]
    return _vocabulary().spelling[min(found, key=lambda one: one[1])[0]] if found else ""


def _is_known(word: str) -> bool:
    if word in _EMPTY or word.isdigit() or len(word) == 1 or word[0].isdigit():
        return True
    keys = word_keys(word)
    return word_index().knows(keys) or bool(place_of(keys)) or bool(_brand_of(word)) or car_index().knows(word)


def _brands(meaning: Meaning, words: list[str]) -> set[int]:
    """Fills in the brands; gives back the numbers of their words."""
    taken: set[int] = set()
    place = 0
    while place < len(words):
        for length in (3, 2, 1):
            joined = "".join(words[place : place + length])
            brand = _brand_of(joined) if place + length <= len(words) else None
            if brand and not (length == 1 and _is_rather_something_else(words, place)):
                meaning.brands.append(brand)
                taken.update(range(place, place + length))
                place += length
                break
        else:
            place += 1
    meaning.brands = list(dict.fromkeys(meaning.brands))
    return taken


def _is_rather_something_else(words: list[str], place: int) -> bool:
    """A brand that is only heard, not spelled, yields to a kind of part; ``tesla model 3`` is a car."""
    word = words[place]
    is_spelled = brand_key(word) in frame().brand_by_alias
    if not is_spelled and (word_index().names(word_keys(word)) or sound(word) in car_index().makes):
        return True
    if place + 1 < len(words) and sound(word) in car_index().makes:
        makes = car_index().makes[sound(word)]
        for length in (2, 1):
            key = sound("".join(words[place + 1 : place + 1 + length]))
            for models in (car_index().models, car_index().partial):
                if any(car_index().make_of[model] in makes for model in models.get(key, ())):
                    return True
    return False


def _brand_of(word: str) -> Brand | None:
    """By its spelling, else by its sound."""
    brand = frame().brand_by_alias.get(brand_key(word))
    if brand or len(word) < 3 or any(letter.isdigit() for letter in word):
        return brand
    heard = sound(word)
    sounds = _vocabulary().brands
    pk = sounds.get(heard) or (sounds.get(f"{root(heard)}~") if len(heard) > 4 else None)
    return frame().brands.get(pk) if pk else None


def spellings() -> tuple[tuple[str, ...], dict[str, str]]:
    """All sounds of known words in their order, and how each may be written."""
    vocabulary = _vocabulary()
    return vocabulary.sounds, vocabulary.spelling


@dataclass(frozen=True)
class _Vocabulary:
    """``spelling`` leads from a sound to one way to write it."""

    brands: dict[str, int]
    spelling: dict[str, str]
    nearest: Nearest
    sounds: tuple[str, ...]


@lru_cache(maxsize=2)
def _built(aliases: tuple[tuple[str, int], ...], names: tuple[str, ...]) -> _Vocabulary:
    brands: dict[str, int] = {}
    spelling: dict[str, str] = {}
    for alias, pk in aliases:
        heard = sound(alias)
        if len(heard) >= 3:
            brands.setdefault(heard, pk)
            brands.setdefault(f"{root(heard)}~", pk)
            spelling.setdefault(heard, alias)
    for name in names:
        for word in tokenize(name):
            spelling.setdefault(sound(word), word)
    for heard, word in list(spelling.items()):
        spelling.setdefault(root(heard), word)
    return _Vocabulary(brands, spelling, Nearest.of(spelling), tuple(sorted(spelling)))


def _read() -> _Vocabulary:
    known = frame()
    aliases = tuple(sorted((key, brand.pk) for key, brand in known.brand_by_alias.items()))
    cars = car_index()
    names = [text for node in known.by_id.values() for text in node.category.search_texts()]
    names += [choice.name_uk for choice in known.choices.values()]
    names += [name for name, _slug in cars.make_names.values()]
    names += [name for name, _slug in cars.model_names.values()]
    return _built(aliases, tuple(names))


_vocabulary = PerVersion(_read)
