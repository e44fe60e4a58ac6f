"""What kind of part the name in a price list means: ``К-т ременя ГРМ VW Golf 2004-2013`` → the category of timing kits.

Words of the name are notions (``part_words``) whatever the language, spelling or abbreviation; names of cars, years and
numbers are left out. Each category is weighed by its best phrase: what it explains of the name, what of the phrase is
missing, and whether the first noun is the thing itself. Where two kinds come near each other, nothing is guessed.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from shop.catalog.car_words import car_index
from shop.catalog.frame import frame
from shop.catalog.part_words import NOTIONS, REPAIR_KIT, SHORT
from shop.catalog.word_keys import is_noun, place_of, word_keys
from shop.lib.letters import has_cyrillic, has_latin, in_one_alphabet, sound
from shop.lib.version import PerVersion

# Of the weight of a word: explained by another name of the category, by what is around it in the tree, by nothing;
# and of a word that the phrase has but the name lacks.
_OTHER_NAME, _AROUND, _UNEXPLAINED, _MISSING = 0.7, 0.35, -0.5, -0.6
# A guess explains at least this share of the name, and the next best kind at least so much less.
_SURE, _APART = 0.5, 0.04
# A shortened word that may be so many things says nothing.
_MOST_READINGS: Final = 4
_KEPT: Final = 200_000

_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*(?:[-/][^\W_]+)*\.?")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2019\u02bc`\u00b4", "'"))
# ``ам-р``, ``подш-к``: the beginning and the end of a word.
_ENDS: Final = re.compile(r"([^\W\d_]{1,7})[-/]([^\W\d_]{1,3})")
_LINKS: Final = frozenset(
    {"with", "for", "of", "and", "з", "із", "зі", "с", "со", "для", "та", "и", "і", "в", "у", "на"}
)

type Notions = frozenset[int]


def guess_categories(names: Collection[str]) -> dict[str, int | None]:
    """The leaf category of each name of a part as price lists write it; None where that is not sure.

    Every one of ``names`` is a key of the answer. No query while the catalogue stays the same.
    """
    guesser = _guesser()
    return {name: guesser.guess(name) for name in names}


@dataclass(frozen=True)
class _Phrase:
    """``head`` is the number of the word that says what it is."""

    category: int
    words: tuple[Notions, ...]
    head: int


@dataclass(frozen=True)
class _Kind:
    """A category as guesses see it. ``place`` is 1 or -1 (front or rear) where a sister differs in that alone."""

    is_leaf: bool
    place: str
    above: tuple[int, ...]


@dataclass(frozen=True)
class _Word:
    """A word of a name: its readings, and whether it stands at the head of the name."""

    text: str
    notions: Notions
    is_head: bool = False


@dataclass
class _Guesser:
    """Read only but for what it remembers: all threads share it."""

    kinds: dict[int, _Kind]
    phrases: list[_Phrase]
    by_notion: dict[int, list[tuple[int, int]]]
    own: dict[int, set[int]]
    weights: dict[int, float]
    notion_of: dict[str, int]
    spellings: dict[str, int]
    places: dict[int, str]
    makes: dict[str, set[str]]
    _notions: dict[str, Notions] = field(default_factory=dict)
    _guesses: dict[tuple[_Word, ...], int | None] = field(default_factory=dict)

    def guess(self, name: str) -> int | None:
        words = tuple(self._known_words(name))
        if not words:
            return None
        if words not in self._guesses:
            if len(self._guesses) > _KEPT:
                self._guesses.clear()
            self._guesses[words] = self._best(words)
        return self._guesses[words]

    # -- words ----------------------------------------------------------------

    def _known_words(self, name: str) -> Iterator[_Word]:
        tokens = [piece for token in split(name) for piece in self._pieces(token)]
        notions = [self.notions(token) for token in tokens]
        in_car = self._car_words(tokens, notions)
        is_cyrillic = any(known and has_cyrillic(token) for token, known in zip(tokens, notions, strict=True))
        head_seen = False
        for number, (token, known) in enumerate(zip(tokens, notions, strict=True)):
            if number in in_car:
                continue
            is_head = False
            if not head_seen and is_cyrillic and has_cyrillic(token) and len(token) > 2 and is_noun(token):
                is_head = head_seen = True
            if known or is_head:
                yield _Word(token if not known else "", known, is_head)

    def _pieces(self, token: str) -> list[str]:
        """One token of the text as words: shortened forms written out, joined words apart."""
        bare = token.rstrip(".")
        if bare in SHORT:
            return [SHORT[bare]]
        if "-" not in bare and "/" not in bare:
            return [token]
        joined = re.sub(r"[-/]", "", bare)
        if self._exact(joined):
            return [joined]
        if _ENDS.fullmatch(bare) and not self._exact(bare.partition("-")[0]) and self.notions(bare):
            return [bare]
        return [SHORT.get(piece, piece) for piece in re.split(r"[-/]", bare)]

    def notions(self, token: str) -> Notions:
        """All that a word may stand for; empty when it is none of the trade's."""
        known = self._notions.get(token)
        if known is None:
            if len(self._notions) > _KEPT:
                self._notions.clear()
            known = self._notions[token] = self._read(token)
        return known

    def _read(self, token: str) -> Notions:
        bare = token.rstrip(".")
        if exact := self._exact(bare):
            return exact
        if not has_cyrillic(bare) or any(letter.isdigit() for letter in bare):
            return frozenset()
        found: set[int] = set()
        if match := _ENDS.fullmatch(bare):
            first, last = match.groups()
            found = {
                notion
                for word, notion in self.spellings.items()
                if word.startswith(first) and word.endswith(last) and len(word) > len(first) + len(last)
            }
        elif bare != token or len(bare) >= 4:
            found = {notion for word, notion in self.spellings.items() if word.startswith(bare)}
        return frozenset(found) if len(found) <= _MOST_READINGS else frozenset()

    def _exact(self, word: str) -> Notions:
        return (
            frozenset(self.notion_of[key] for key in word_keys(word) if key in self.notion_of) if word else frozenset()
        )

    def _car_words(self, tokens: Sequence[str], notions: Sequence[Notions]) -> set[int]:
        """Places of the words that name a car: a make and what follows of its models' names."""
        found: set[int] = set()
        for number, token in enumerate(tokens):
            if number in found:
                continue
            for length in (2, 1):
                models = self.makes.get(sound("".join(tokens[number : number + length])))
                if models is None:
                    continue
                end = number + length
                while end < len(tokens) and (tokens[end][0].isdigit() or sound(tokens[end]) in models):
                    end += 1
                if notions[number] and end == number + length:
                    continue  # ``seat covers`` are not of a Seat
                found.update(range(number, end))
                break
        return found

    # -- weighing -------------------------------------------------------------

    def _best(self, words: tuple[_Word, ...]) -> int | None:
        asked = [word.notions for word in words if word.notions]
        if not asked:
            return None
        scores = self._scores(asked)
        places = {self.places[notion] for notions in asked for notion in notions if notion in self.places}
        for category in list(scores):
            kind = self.kinds[category]
            if kind.place and places & {"front", "rear"} != {kind.place}:
                del scores[category]
        if not scores:
            return None
        total = sum(map(self._weight, asked))
        ranked = sorted(scores, key=lambda category: (-round(scores[category][0], 6), not self.kinds[category].is_leaf))
        best = ranked[0]
        score, phrase = scores[best]
        if score < _SURE * total:
            return None
        head = next((word for word in words if word.is_head), None)
        if head and not any(head.notions & notions for notions in phrase.words):
            return None
        if not self.kinds[best].is_leaf:
            return None
        for category in ranked[1:]:
            if scores[category][0] <= score - _APART * total:
                break
            if category not in self.kinds[best].above:
                return None
        return best

    def _scores(self, asked: Sequence[Notions]) -> dict[int, tuple[float, _Phrase]]:
        matched: dict[int, dict[int, int]] = defaultdict(dict)
        for number, notions in enumerate(asked):
            for notion in notions:
                for phrase, place in self.by_notion.get(notion, ()):
                    matched[phrase].setdefault(number, place)
        weights = [self._weight(notions) for notions in asked]
        scores: dict[int, tuple[float, _Phrase]] = {}
        for index, found in matched.items():
            phrase = self.phrases[index]
            there = set(found.values())
            score = sum(
                _MISSING * self._weight(notions) for place, notions in enumerate(phrase.words) if place not in there
            )
            own = self.own[phrase.category]
            above = self.kinds[phrase.category].above
            for number, notions in enumerate(asked):
                weight = weights[number]
                if number in found:
                    score += weight
                elif notions & own:
                    score += _OTHER_NAME * weight
                elif any(notions & self.own[category] for category in above):
                    score += _AROUND * weight
                elif not any(notion in self.places for notion in notions):
                    score += _UNEXPLAINED * weight
            if phrase.head not in there:
                score += _MISSING * self._weight(phrase.words[phrase.head])
            known = scores.get(phrase.category)
            if known is None or score > known[0]:
                scores[phrase.category] = (score, phrase)
        return scores

    def _weight(self, notions: Notions) -> float:
        return max((self.weights.get(notion, 0.5) for notion in notions), default=0.0)


def split(name: str) -> list[str]:
    """Tokens of a name, lower case; a dot at the end of one is kept, it marks a shortened word."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_APOSTROPHES)
    text = REPAIR_KIT.sub("ремкомплект ", text)
    tokens = [token for token in _TOKEN.findall(text) if token.rstrip(".") not in _LINKS]
    return [in_one_alphabet(token) if has_cyrillic(token) and has_latin(token) else token for token in tokens]


type _Signature = tuple[
    tuple[tuple[int, int | None, tuple[str, ...]], ...], tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
]


@lru_cache(maxsize=2)
def _built(signature: _Signature) -> _Guesser:
    categories, makes = signature
    parents = {category: parent for category, parent, _names in categories}
    names_of = {category: names for category, _parent, names in categories}
    notion_of, spellings = _notions(word for names in names_of.values() for name in names for word in _plain(name))
    places = {
        notion_of[key]: place for place in ("front", "rear", "left", "right") if (key := f"@{place}") in notion_of
    }
    phrases: list[_Phrase] = []
    by_notion: dict[int, list[tuple[int, int]]] = defaultdict(list)
    own: dict[int, set[int]] = defaultdict(set)
    leaf_names: dict[int, set[int]] = defaultdict(set)
    for category, names in names_of.items():
        for name in names:
            written = _plain(name)
            words = tuple(frozenset(notion_of[key] for key in word_keys(word) if key in notion_of) for word in written)
            if not words or not all(words):
                continue
            for place, notions in enumerate(words):
                for notion in notions:
                    by_notion[notion].append((len(phrases), place))
                    own[category].add(notion)
                    leaf_names[notion].add(category)
            phrases.append(_Phrase(category, words, _head(written)))
    weights = {notion: math.log(1 + len(names_of) / len(found)) for notion, found in leaf_names.items()}
    return _Guesser(
        kinds=_kinds(parents, names_of, notion_of, places),
        phrases=phrases,
        by_notion=dict(by_notion),
        own=own,
        weights=weights,
        notion_of=notion_of,
        spellings=spellings,
        places=places,
        makes=_makes(makes),
    )


def _plain(name: str) -> list[str]:
    return [
        SHORT.get(piece, piece)
        for token in split(name)
        for piece in re.split(r"[-/]", SHORT.get(token, token).rstrip("."))
    ]


def _notions(vocabulary: Iterable[str]) -> tuple[dict[str, int], dict[str, int]]:
    """A number for every key of every word, the same for words that share a key or a line of NOTIONS; and the number of
    every spelling."""
    number_of: dict[str, int] = {}
    members: dict[int, set[str]] = {}

    def join(keys: set[str]) -> int:
        numbers = {number_of[key] for key in keys if key in number_of}
        number = min(numbers, default=len(members) + 1)
        while not numbers and number in members:
            number += 1
        for other in numbers:
            keys = keys | members.pop(other)
        members[number] = keys
        for key in keys:
            number_of[key] = number
        return number

    lines = [line.split() for line in NOTIONS.strip().splitlines()]
    for line in lines:
        join({key for word in line for key in word_keys(word)})
    words = dict.fromkeys([word for line in lines for word in line])
    words |= dict.fromkeys(vocabulary)
    for word in words:
        join(set(word_keys(word)))
    return number_of, {word: number_of[next(iter(word_keys(word)))] for word in words if word_keys(word)}


def _kinds(
    parents: dict[int, int | None],
    names_of: dict[int, tuple[str, ...]],
    notion_of: dict[str, int],
    places: dict[int, str],
) -> dict[int, _Kind]:
    def notions(category: int) -> tuple[frozenset[int], str]:
        found = {
            notion_of[key] for word in _plain(names_of[category][0]) for key in word_keys(word) if key in notion_of
        }
        place = next((places[notion] for notion in found if places.get(notion) in ("front", "rear")), "")
        return frozenset(found - places.keys()), place

    sisters: dict[tuple[int | None, frozenset[int]], set[str]] = defaultdict(set)
    for category, parent in parents.items():
        kind, place = notions(category)
        if place:
            sisters[parent, kind].add(place)
    inner = set(parents.values())
    kinds = {}
    for category, parent in parents.items():
        kind, place = notions(category)
        above, up = [], parent
        while up is not None:
            above.append(up)
            up = parents[up]
        kinds[category] = _Kind(
            is_leaf=category not in inner,
            place=place if len(sisters[parent, kind]) > 1 else "",
            above=tuple(above),
        )
    return kinds


def _makes(makes: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]) -> dict[str, set[str]]:
    """Words of models' names by the sound of their make."""
    found: dict[str, set[str]] = defaultdict(set)
    for sayings, models in makes:
        words = {sound(word) for model in models for word in re.split(r"[\s/\-]+", model) if word}
        for said in sayings:
            found[said] |= words
    return dict(found)


def _head(words: Sequence[str]) -> int:
    if has_cyrillic(words[0]):
        return next((number for number, word in enumerate(words) if is_noun(word)), 0)
    return len(words) - 1


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
