"""Which categories a handful of words means. Their names are few, so they are compared in memory."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from shop.catalog.frame import Node, frame
from shop.catalog.word_keys import is_noun, word_keys
from shop.catalog.words import tokens
from shop.lib.letters import has_cyrillic
from shop.lib.version import PerVersion

# What a category's own phrase, its other names, its department and its properties say about it, in falling weight.
_OTHER_NAMES, _AROUND = 0.75, 0.5
_TYPED, _PRECISE, _HEAD = 0.5, 0.28, 0.22
# Offered beside the best: those that come near it.
_NEAR_BEST: Final = 0.72


@dataclass(frozen=True)
class CategoryMatch:
    """``score`` is 1.0 when the words are exactly one of the category's names; ``covers`` are those it explains."""

    node: Node
    score: float
    covers: frozenset[int]


@dataclass(frozen=True)
class _Phrase:
    """One name or synonym. ``head`` is the number of the word that says what it is, not of what or which."""

    category: int
    words: tuple[frozenset[str], ...]
    head: int


@dataclass(frozen=True)
class WordIndex:
    """``places`` leads from a key to phrases and their words; ``around`` holds keys of departments and
    properties, ``own`` those of each category's names."""

    phrases: list[_Phrase]
    places: dict[str, list[tuple[int, int]]]
    around: dict[str, set[int]]
    own: dict[int, set[str]]
    weights: dict[str, float]

    def knows(self, keys: Iterable[str]) -> bool:
        return any(key in self.places or key in self.around for key in keys)

    def names(self, keys: Iterable[str]) -> bool:
        """Whether one of the keys is in the name of a category itself."""
        return any(key in self.places for key in keys)

    def weight(self, keys: Iterable[str]) -> float:
        """Rare words say more."""
        return max((self.weights.get(key, 0.0) for key in keys), default=0.0) or 1.0


def matching_categories(words: Sequence[frozenset[str]]) -> list[CategoryMatch]:
    """Categories that these words (as ``word_keys`` gives them) may mean, best first, none that is far behind it."""
    index = word_index()
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for number, keys in enumerate(words):
        for key in keys:
            for phrase_number, word in index.places.get(key, ()):
                found[phrase_number][number] = word
    weights = [index.weight(keys) for keys in words]
    total = sum(weights) or 1.0
    best: dict[int, tuple[float, float, set[int]]] = {}
    for phrase_number, matched in found.items():
        phrase = index.phrases[phrase_number]
        covered = sum(weights[number] for number in matched)
        there = {*matched.values()}
        asked = sum(index.weight(phrase.words[word]) for word in there)
        whole = sum(index.weight(keys) for keys in phrase.words)
        quality = _TYPED + _PRECISE * asked / whole + _HEAD * (phrase.head in there)
        score, _quality, covers = best.get(phrase.category, (0.0, 0.0, set()))
        if covered * quality > score:
            best[phrase.category] = (covered * quality, quality, covers | matched.keys())
        else:
            covers.update(matched)
    matches = []
    nodes = frame().by_id
    for category, (score, quality, covers) in best.items():
        if category not in nodes:
            continue
        named = sum(weights[number] for number in covers)
        by_phrase = score / quality
        around = {
            number for number, keys in enumerate(words) if number not in covers and _is_around(index, keys, category)
        }
        extra = _OTHER_NAMES * (named - by_phrase) + _AROUND * sum(weights[number] for number in around)
        matches.append(CategoryMatch(nodes[category], (score + extra * quality) / total, frozenset(covers | around)))
    # Of equals the kind of part itself comes before its department.
    matches.sort(key=lambda match: (-round(match.score, 6), -match.node.category.depth, match.node.category.path))
    return [match for match in matches if match.score >= _NEAR_BEST * matches[0].score]


def _is_around(index: WordIndex, keys: Iterable[str], category: int) -> bool:
    return any(category in index.around.get(key, ()) for key in keys)


def _signature() -> tuple[tuple[int, int | None, tuple[str, ...], tuple[str, ...]], ...]:
    known = frame()
    properties: dict[int, list[str]] = defaultdict(list)
    category_of = {
        attribute.pk: category for category, attributes in known.attributes.items() for attribute in attributes
    }
    for choice in known.choices.values():
        if category := category_of.get(choice.attribute_id):
            properties[category] += [choice.name_uk, choice.name_en]
    return tuple(
        (
            node.category.pk,
            node.parent.category.pk if node.parent else None,
            tuple(dict.fromkeys(node.category.search_texts())),
            tuple(properties[node.category.pk]),
        )
        for node in known.by_id.values()
    )


@lru_cache(maxsize=2)
def _built(signature: tuple[tuple[int, int | None, tuple[str, ...], tuple[str, ...]], ...]) -> WordIndex:
    """Names change far less often than prices do: the same names give the same index."""
    phrases: list[_Phrase] = []
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    around: dict[str, set[int]] = defaultdict(set)
    holders: dict[str, set[int]] = defaultdict(set)
    own: dict[int, set[str]] = defaultdict(set)
    parents = {category: parent for category, parent, _names, _properties in signature}
    for category, _parent, names, properties in signature:
        for name in names:
            written = tokens(name)
            words = tuple(keys for word in written if (keys := word_keys(word)))
            if not words or len(words) != len(written):
                continue
            for number, keys in enumerate(words):
                for key in keys:
                    places[key].append((len(phrases), number))
                    holders[key].add(category)
                    own[category].add(key)
            phrases.append(_Phrase(category, words, _head(written)))
        for name in properties:
            for word in tokens(name):
                for key in word_keys(word):
                    around[key].add(category)
    for category, parent in parents.items():
        above = parent
        while above is not None:
            for key in own[above]:
                around[key].add(category)
            above = parents[above]
    count = len(parents)
    weights = {key: math.log(1 + count / len(categories)) for key, categories in holders.items()}
    # What only a department or a property says tells little: "передній" of many kinds, "H7" of a few.
    for key, categories in around.items():
        weights.setdefault(key, 0.6 * math.log(1 + count / len(categories)))
    return WordIndex(phrases, dict(places), dict(around), dict(own), weights)


def _head(words: Sequence[str]) -> int:
    """``гальмівний шланг`` → шланг, ``датчик зносу`` → датчик, ``oil filter`` → filter."""
    if has_cyrillic(words[0]):
        return next((number for number, word in enumerate(words) if is_noun(word)), 0)
    return len(words) - 1


def _read() -> WordIndex:
    return _built(_signature())


word_index = PerVersion(_read)
