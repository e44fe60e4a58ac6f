"""What kind of part the name in a price list means: ``К-т ременя ГРМ VW Golf 2004-2013`` → the category of timing kits.

Words of the name are notions (``part_words``) whatever the language, spelling or abbreviation; names of cars, years and
numbers are left out. Each category is weighed by its best phrase: what it explains of the name, what of the phrase is
missing, and whether the first noun is the thing itself. Where two kinds come near each other, nothing is guessed.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from shop.catalog.car_words import car_index
from shop.catalog.frame import frame
from shop.catalog.notions import Notions, Token, Vocabulary
from shop.lib.version import PerVersion

# Of the weight of a word: explained by another name of the category, by what is around it in the tree, by nothing;
# and of a word that the phrase has but the name lacks.
_OTHER_NAME, _AROUND, _UNEXPLAINED, _MISSING = 0.7, 0.35, -0.5, -0.6
# What a phrase without the first noun of the name loses; what the category's own name has before its synonyms.
_HEADLESS, _OWN_NAME = -0.3, 0.06
# What comes later tells less about the kind; least what comes behind the car, or behind "with".
_BY_PLACE: Final = (1.0, 1.0, 0.8, 0.6, 0.4)
_BESIDE: Final = 0.4
# A guess explains at least this share of the name, more when there are words nobody knows; the next best kind explains
# at least so much less.
_SURE, _SURE_OF_UNKNOWN, _APART = 0.5, 0.75, 0.04
_KEPT: Final = 200_000
# The Ukrainian and the English name come before the synonyms.
_NAMES: Final = 2
_ENDS: Final = frozenset({"front", "rear"})


def guess_categories(names: Collection[str]) -> dict[str, int | None]:
    """The leaf category of each name of a part as price lists write it; None where that is not sure.

    Every one of ``names`` is a key of the answer. No query while the catalogue stays the same.
    """
    guesser = _guesser()
    return {name: guesser.guess(name) for name in names}


@dataclass(frozen=True)
class _Phrase:
    """``head`` is the number of the word that says what it is; ``end`` is front or rear where a synonym says so.
    ``weights`` are what the name loses by the lack of each word."""

    category: int
    words: tuple[Notions, ...]
    head: int
    is_own_name: bool
    end: str
    weights: tuple[float, ...]


@dataclass(frozen=True)
class _Score:
    """``of`` is what a phrase that explains everything would have."""

    points: float
    of: float
    phrase: _Phrase


@dataclass(frozen=True)
class _Kind:
    """A category as guesses see it. ``place`` is front or rear where a sister differs in that alone."""

    is_leaf: bool
    place: str
    above: tuple[int, ...]


@dataclass(frozen=True)
class _Word:
    """A word of a name that may tell its kind."""

    notions: Notions
    share: float
    is_head: bool
    is_sure: bool


@dataclass(frozen=True)
class _Reading:
    """All that a name tells about its kind."""

    words: tuple[_Word, ...]
    places: frozenset[str]
    has_unknown: bool


@dataclass
class _Guesser:
    """Read only but for what it remembers: all threads share it."""

    vocabulary: Vocabulary
    kinds: dict[int, _Kind]
    phrases: list[_Phrase]
    by_notion: dict[int, list[tuple[int, int]]]
    own: dict[int, set[int]]
    weights: dict[int, float]
    headed: dict[int, set[int]]
    holders: dict[int, set[int]]
    placed: list[tuple[int, str]]
    _shares: dict[tuple[_Word, int], float] = field(default_factory=dict)
    _guesses: dict[_Reading, int | None] = field(default_factory=dict)

    def guess(self, name: str) -> int | None:
        reading = self._read(name)
        if not reading.words:
            return None
        if reading not in self._guesses:
            if len(self._guesses) > _KEPT:
                self._guesses.clear()
            self._guesses[reading] = self._best(reading)
        return self._guesses[reading]

    def _read(self, name: str) -> _Reading:
        tokens = self.vocabulary.words_of(name)
        in_car = self.vocabulary.car_words(tokens)
        is_cyrillic = any(token.notions and token.is_cyrillic for token in tokens)
        words: list[_Word] = []
        places = set()
        has_head, has_unknown, is_behind_car = False, False, False
        for number, token in enumerate(tokens):
            if token.place:
                places.add(token.place)
                continue
            if number in in_car:
                is_behind_car = bool(words)
                continue
            is_cyrillic_word = token.is_cyrillic
            is_head = not has_head and is_cyrillic_word and token.is_noun
            has_head |= is_head
            if not token.notions and not is_head:
                has_unknown |= is_cyrillic_word and token.is_unknown and not is_behind_car
                continue
            share = _BY_PLACE[min(len(words), len(_BY_PLACE) - 1)]
            if is_behind_car or token.is_beside:
                share = min(share, _BESIDE)
            is_sure = token.is_exact and (is_cyrillic_word or not is_cyrillic)
            words.append(_Word(token.notions, share, is_head, is_sure))
        return _Reading(tuple(words), frozenset(places), has_unknown)

    def _best(self, reading: _Reading) -> int | None:
        scores = self._scores([word for word in reading.words if word.notions], self._candidates(reading))
        if not scores:
            return None
        ranked = sorted(
            scores, key=lambda category: (-round(scores[category].points, 6), not self.kinds[category].is_leaf)
        )
        best, kind = scores[ranked[0]], self.kinds[ranked[0]]
        sure = _SURE_OF_UNKNOWN if reading.has_unknown else _SURE
        if not kind.is_leaf or best.points < sure * best.of or (reading.has_unknown and self._is_loose(best.phrase)):
            return None
        for category in ranked[1:]:
            if scores[category].points <= best.points - _APART * best.of:
                break
            if category not in kind.above:
                return None
        return ranked[0]

    def _candidates(self, reading: _Reading) -> Callable[[_Phrase], bool]:
        """Phrases of categories that have the first noun of the name, and only of the end of the car it names."""
        head = next((word.notions for word in reading.words if word.is_head), None)
        ends = reading.places & _ENDS
        elsewhere = {category for category, place in self.placed if ends != {place}}
        named = None if head is None else set().union(*(self.holders.get(notion, ()) for notion in head))

        def may_be(phrase: _Phrase) -> bool:
            return (
                phrase.category not in elsewhere
                and (named is None or phrase.category in named)
                and (not phrase.end or phrase.end in ends)
            )

        return may_be

    def _scores(self, words: Sequence[_Word], may_be: Callable[[_Phrase], bool]) -> dict[int, _Score]:
        """How well each category that shares a word with the name explains it by its best phrase."""
        matched: dict[int, dict[int, int]] = defaultdict(dict)
        for number, word in enumerate(words):
            for notion in word.notions:
                for phrase_number, place in self.by_notion.get(notion, ()):
                    matched[phrase_number].setdefault(number, place)
        weights = [word.share * self._weight(word.notions) for word in words]
        asked = [
            weight * (word.is_sure and not self._is_general(word.notions))
            for word, weight in zip(words, weights, strict=True)
        ]
        scores: dict[int, _Score] = {}
        for phrase_number, found in matched.items():
            phrase = self.phrases[phrase_number]
            if not may_be(phrase):
                continue
            there = found.values()
            points = of = 0.0
            for place, weight in enumerate(phrase.weights):
                if place not in there:
                    points += weight
            for number, word in enumerate(words):
                if number in found:
                    points += weights[number]
                    of += weights[number]
                else:
                    points += weights[number] * self._beside(word, phrase.category)
                    of += asked[number]
            if phrase.is_own_name:
                points += _OWN_NAME * of
            known = scores.get(phrase.category)
            if known is None or points > known.points:
                scores[phrase.category] = _Score(points, of, phrase)
        return scores

    def _beside(self, word: _Word, category: int) -> float:
        """What a word counts that the phrase lacks."""
        share = self._shares.get((word, category))
        if share is None:
            if len(self._shares) > _KEPT:
                self._shares.clear()
            share = self._shares[word, category] = self._share_beside(word, category)
        return share

    def _share_beside(self, word: _Word, category: int) -> float:
        if self._is_general(word.notions):
            return 0.0
        if word.notions & self.own[category]:
            return _HEADLESS if word.is_head else _OTHER_NAME
        if any(word.notions & self.own[above] for above in self.kinds[category].above):
            return _AROUND
        return _UNEXPLAINED if word.is_sure else 0.0

    def _is_loose(self, phrase: _Phrase) -> bool:
        """One word that heads the names of several kinds: ``кільце`` may be any ring."""
        return len(phrase.words) == 1 and any(len(self.headed[notion]) > 1 for notion in phrase.words[0])

    def _is_general(self, notions: Notions) -> bool:
        return not notions.isdisjoint(self.vocabulary.general)

    def _weight(self, notions: Notions) -> float:
        return max((self.weights.get(notion, 0.5) for notion in notions), default=0.0)


type _Signature = tuple[
    tuple[tuple[int, int | None, tuple[str, ...]], ...], tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
]


@lru_cache(maxsize=2)
def _built(signature: _Signature) -> _Guesser:
    """The same names give the same guesser, whatever else of the catalogue has changed."""
    categories, makes = signature
    parents = {category: parent for category, parent, _names in categories}
    names_of = {category: names for category, _parent, names in categories}
    vocabulary = Vocabulary.of([name for names in names_of.values() for name in names], makes)
    named: list[tuple[int, tuple[Notions, ...], int, bool, str]] = []
    by_notion: dict[int, list[tuple[int, int]]] = defaultdict(list)
    own: dict[int, set[int]] = defaultdict(set)
    holders: dict[int, set[int]] = defaultdict(set)
    headed: dict[int, set[int]] = defaultdict(set)
    inner = set(parents.values())
    for category, number, name in (
        (category, number, name) for category, names in names_of.items() for number, name in enumerate(names)
    ):
        said = vocabulary.words_of(name)
        tokens = [token for token in said if token.notions]
        words = tuple(token.notions for token in tokens)
        if not words:
            continue
        head = _head(tokens)
        for place, notions in enumerate(words):
            for notion in notions:
                by_notion[notion].append((len(named), place))
                own[category].add(notion)
                holders[notion].add(category)
        if category not in inner:
            for notion in words[head]:
                headed[notion].add(category)
        end = next((token.place for token in said if token.place in _ENDS), "")
        named.append((category, words, head, number < _NAMES, "" if number < _NAMES else end))
    weights = {notion: math.log(1 + len(names_of) / len(found)) for notion, found in holders.items()}
    phrases = [
        _Phrase(
            *phrase,
            weights=tuple(
                _MISSING * (2 if place == phrase[2] else 1) * max(weights[notion] for notion in notions)
                for place, notions in enumerate(phrase[1])
            ),
        )
        for phrase in named
    ]
    kinds = _kinds(parents, names_of, vocabulary)
    return _Guesser(
        vocabulary=vocabulary,
        kinds=kinds,
        phrases=phrases,
        by_notion=dict(by_notion),
        own=own,
        weights=weights,
        headed=headed,
        holders=holders,
        placed=[(category, kind.place) for category, kind in kinds.items() if kind.place],
    )


def _kinds(
    parents: dict[int, int | None], names_of: dict[int, tuple[str, ...]], vocabulary: Vocabulary
) -> dict[int, _Kind]:
    said: dict[int, tuple[Notions, str]] = {}
    sisters: dict[tuple[int | None, Notions], set[str]] = defaultdict(set)
    for category, parent in parents.items():
        tokens = vocabulary.words_of(names_of[category][0])
        place = next((token.place for token in tokens if token.place in _ENDS), "")
        thing: Notions = frozenset(notion for token in tokens if not token.place for notion in token.notions)
        said[category] = thing, place
        if place:
            sisters[parent, thing].add(place)
    inner = set(parents.values())
    return {
        category: _Kind(
            is_leaf=category not in inner,
            place=said[category][1] if len(sisters[parent, said[category][0]]) > 1 else "",
            above=tuple(_above(category, parents)),
        )
        for category, parent in parents.items()
    }


def _above(category: int, parents: dict[int, int | None]) -> Iterator[int]:
    parent = parents[category]
    while parent is not None:
        yield parent
        parent = parents[parent]


def _head(tokens: Sequence[Token]) -> int:
    if tokens[0].is_cyrillic:
        return next((number for number, token in enumerate(tokens) if token.is_noun), 0)
    return next((number - 1 for number, token in enumerate(tokens) if token.is_beside and number), len(tokens) - 1)


def _read() -> _Guesser:
    cars = car_index()
    sayings: dict[int, set[str]] = defaultdict(set)
    for said, makes in cars.makes.items():
        for make in makes:
            sayings[make].add(said)
    models: dict[int, set[str]] = defaultdict(set)
    for model, make in cars.make_of.items():
        models[make].add(cars.model_names[model][0])
    return _built(
        (
            tuple(
                (
                    pk,
                    node.parent.category.pk if node.parent else None,
                    tuple(dict.fromkeys(node.category.search_texts())),
                )
                for pk, node in frame().by_id.items()
            ),
            tuple((tuple(sorted(sayings[make])), tuple(sorted(models[make]))) for make in sorted(sayings)),
        )
    )


_guesser = PerVersion(_read)
