"""The words of a part's name as notions: numbers that are the same for one thing in all its spellings and languages."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from shop.catalog.part_words import ASIDE, BESIDE, GENERAL, NOTIONS, PLACES, REPAIR_KIT, SHORT, WITHOUT
from shop.catalog.word_keys import is_noun, word_keys
from shop.lib.letters import has_cyrillic, has_latin, in_one_alphabet, sound

type Notions = frozenset[int]

_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*(?:[-/][^\W_]+)*\.?|\+")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2019\u02bc`\u00b4", "'"))
# ``ам-р``, ``подш-к``: the beginning and the end of a word.
_ENDS: Final = re.compile(r"([^\W\d_]{1,7})[-/]([^\W\d_]{1,3})")
# A shortened word that may be so many things says nothing.
_MOST_READINGS: Final = 8
# Shorter words are compared as they are written; so few letters sound alike by chance.
_SHORTEST_HEARD: Final = 5
_ADJECTIVE: Final = ("ий", "ій", "ый", "ой")
_KEPT: Final = 200_000


@dataclass(frozen=True)
class Token:
    """A word of a name. ``place`` is front, rear, left or right; ``is_beside``: of what comes with the thing;
    ``is_exact``: known as it stands, not read out of an abbreviation; ``is_unknown``: a word that may matter."""

    text: str
    notions: Notions = frozenset()
    place: str = ""
    is_noun: bool = False
    is_exact: bool = True
    is_beside: bool = False
    is_unknown: bool = False
    heard: str = ""
    is_cyrillic: bool = False


@dataclass
class Vocabulary:
    """Read only but for what it remembers: all threads share it."""

    notion_of: dict[str, int]
    spellings: dict[str, int]
    makes: dict[str, set[str]]
    models: frozenset[str]
    general: frozenset[int]
    _tokens: dict[str, Token] = field(default_factory=dict)

    @classmethod
    def of(cls, phrases: Iterable[str], makes: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> "Vocabulary":
        """All words of ``phrases`` and of the trade; ``makes``: the sounds of each and the names of its models."""
        lines = [line.split() for line in NOTIONS.strip().splitlines()]
        said = [piece for phrase in phrases for token in split(phrase) for piece in re.split(r"[-/]", token.strip("."))]
        notion_of = _numbers(lines, said)
        words = dict.fromkeys([word for line in lines for word in line] + said)
        models = _models_by_make(makes)
        return cls(
            notion_of=notion_of,
            spellings={word: notion_of[key] for word in words if (key := next(iter(_keys(word)), ""))},
            makes=models,
            models=frozenset(word for words in models.values() for word in words if len(word) > 2 and word.isalpha()),
            general=frozenset(notion_of[key] for word in GENERAL.split() for key in _keys(word) if key in notion_of),
        )

    def words_of(self, name: str) -> list[Token]:
        """The words of a name in their order; what the thing is said to lack is left out."""
        words: list[Token] = []
        is_beside = is_lacking = False
        for text in split(name):
            if text in WITHOUT:
                is_lacking = True
            elif text in BESIDE:
                is_beside = True
            elif is_lacking:
                is_lacking = False
            else:
                for piece in self._pieces(text):
                    token = self._token(piece)
                    words.append(self._tokens[f"{piece} "] if is_beside else token)
        return words

    def car_words(self, tokens: Sequence[Token]) -> set[int]:
        """Places of the words that name a car: a make and what follows of its models' names, or a model alone."""
        found: set[int] = set()
        for number, token in enumerate(tokens):
            if number in found:
                continue
            if not token.notions and token.heard in self.models:
                found.add(number)
            for length in (2, 1):
                models = self.makes.get("".join(one.heard for one in tokens[number : number + length]))
                if models is None:
                    continue
                end = number + length
                while end < len(tokens) and (tokens[end].text[0].isdigit() or tokens[end].heard in models):
                    end += 1
                if token.notions and end == number + length:
                    continue  # ``seat covers`` are not of a Seat
                found.update(range(number, end))
                break
        return found

    def _pieces(self, text: str) -> list[str]:
        """One word of the text as it is meant: shortened forms written out, joined words apart."""
        bare = text.rstrip(".")
        if bare in SHORT:
            return [SHORT[bare]]
        if "-" not in bare and "/" not in bare:
            return [text]
        joined = re.sub(r"[-/]", "", bare)
        if self._exact(joined):
            return [joined]
        if _ENDS.fullmatch(bare) and not self._exact(bare.partition("-")[0]) and self._token(bare).notions:
            return [bare]
        return [SHORT.get(piece, piece) for piece in re.split(r"[-/]", bare)]

    def _token(self, text: str) -> Token:
        known = self._tokens.get(text)
        if known is None:
            if len(self._tokens) > _KEPT:
                self._tokens.clear()
            known = self._read(text)
            known = replace(known, heard=sound(known.text), is_cyrillic=has_cyrillic(known.text))
            self._tokens[text] = known
            self._tokens[f"{text} "] = replace(known, is_beside=True)
        return known

    def _read(self, text: str) -> Token:
        bare = text.rstrip(".")
        if place := _place(text):
            return Token(bare, place=place)
        if exact := self._exact(bare):
            return Token(bare, exact, is_noun=is_noun(bare))
        if not has_cyrillic(bare) or any(letter.isdigit() for letter in bare):
            return Token(bare)
        meant: list[str] = []
        if match := _ENDS.fullmatch(bare):
            first, last = match.groups()
            meant = [
                word
                for word in self.spellings
                if word.startswith(first) and word.endswith(last) and len(word) > len(first) + len(last)
            ]
        elif bare != text or len(bare) >= 4:
            meant = [word for word in self.spellings if word.startswith(bare)]
        notions = frozenset(self.spellings[word] for word in meant)
        if not notions or len(notions) > _MOST_READINGS:
            is_said = len(bare) > 3 and not bare.startswith(ASIDE)
            return Token(bare, is_noun=is_said and is_noun(bare), is_unknown=is_said)
        is_thing = any(map(is_noun, meant)) and not any(word.endswith(_ADJECTIVE) for word in meant)
        return Token(bare, notions, is_noun=is_thing, is_exact=False)

    def _exact(self, word: str) -> Notions:
        return frozenset(self.notion_of[key] for key in _keys(word) if key in self.notion_of)


def split(name: str) -> list[str]:
    """Words of a name, lower case; a dot at the end of one is kept, it marks a shortened word."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_APOSTROPHES)
    found = _TOKEN.findall(REPAIR_KIT.sub("ремкомплект ", text))
    return [in_one_alphabet(word) if has_cyrillic(word) and has_latin(word) else word for word in found]


@lru_cache(maxsize=50_000)
def _keys(word: str) -> frozenset[str]:
    """What two spellings of one word share. Latin words meet Cyrillic ones in NOTIONS only: ``hood`` is no ``ход``."""
    if len(word) < 2 or word.isdigit() or _place(word):
        return frozenset()
    keys = {key for key in word_keys(word) if not key.startswith("@")}
    if not has_cyrillic(word):
        return frozenset(f"~{key}" for key in keys)
    if len(word) < _SHORTEST_HEARD:
        keys.discard(sound(word))
        keys.add(f"={word}")
    return frozenset(keys)


def _place(text: str) -> str:
    whole = f"{text} "
    return next((place for place, words in PLACES.items() if whole.startswith(words)), "")


def _numbers(lines: Iterable[Sequence[str]], words: Iterable[str]) -> dict[str, int]:
    """A number for every key of every word: the same for words that share a key or a line."""
    number_of: dict[str, int] = {}
    members: dict[int, set[str]] = {}
    for count, group in enumerate([*lines, *([word] for word in words)]):
        keys = {key for word in group for key in _keys(word)}
        for other in {number_of[key] for key in keys if key in number_of}:
            keys |= members.pop(other)
        members[count] = keys
        number_of.update(dict.fromkeys(keys, count))
    return number_of


def _models_by_make(makes: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> dict[str, set[str]]:
    """Words of models' names by the sound of their make."""
    found: dict[str, set[str]] = defaultdict(set)
    for sayings, models in makes:
        words = {sound(word) for model in models for word in re.split(r"[\s/\-]+", model) if word}
        for said in sayings:
            found[said] |= words
    return dict(found)
