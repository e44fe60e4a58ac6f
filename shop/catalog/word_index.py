"""Which categories and brands a handful of words means: both are few, so they are compared in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shop.catalog.frame import Node, frame
from shop.catalog.models import Brand
from shop.catalog.numbers import brand_key
from shop.catalog.version import PerVersion
from shop.catalog.words import lemmas

_SHORTEST_STEM: Final = 3
# Endings of nouns and adjectives, Ukrainian and Russian: what the dictionary does not know still has cases.
_ENDINGS: Final = (
    "ованими", "ими", "ами", "ями", "ого", "ому", "ыми", "ий", "ій", "ый", "ой", "ая", "яя", "ою", "ею", "ів",
    "ов", "ев", "ах", "ях", "ам", "ям", "ом", "ем", "их", "ых", "им", "ым", "ые", "ие", "ое", "ее", "ую", "юю", "ки",
    "а", "я", "о", "е", "є", "и", "і", "ї", "ы", "у", "ю", "ь", "й",
)  # fmt: skip


@dataclass(frozen=True)
class CategoryMatch:
    """``coverage``: which share of the words the category explains; ``precision``: which share of its name they are."""

    node: Node
    coverage: float
    precision: float


def stem(word: str) -> str:
    """A word without its ending, for comparing only."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def stems(text: str) -> list[str]:
    return [stem(lemma) for lemma in lemmas(text)]


def matching_categories(words: Iterable[str]) -> list[CategoryMatch]:
    """Categories that share at least one word (as ``stems`` gives them), those that explain most words first."""
    asked = set(words)
    best: dict[int, CategoryMatch] = {}
    for node, phrase in _phrases():
        if common := len(asked & phrase):
            match = CategoryMatch(node, common / len(asked), common / len(phrase))
            known = best.get(node.category.pk)
            if known is None or (match.coverage, match.precision) > (known.coverage, known.precision):
                best[node.category.pk] = match
    return sorted(
        best.values(),
        key=lambda match: (-match.coverage, -match.precision, match.node.category.depth, match.node.category.path),
    )


def brands_named(words: list[str]) -> tuple[list[Brand], list[str]]:
    """Brands among the words, under any of their spellings (up to three words long), and the words that are left."""
    aliases, found, left = frame().brand_by_alias, [], []
    place = 0
    while place < len(words):
        for length in (3, 2, 1):
            brand = aliases.get(brand_key("".join(words[place : place + length])))
            if brand and place + length <= len(words):
                found.append(brand)
                place += length
                break
        else:
            left.append(words[place])
            place += 1
    return list(dict.fromkeys(found)), left


def nearest_categories(text: str, *, limit: int = 6) -> list[Node]:
    """Categories whose words look most like the typed ones, by common triples of letters; for when nothing is found."""
    asked = _triples(stems(text))
    if not asked:
        return []
    scored: dict[int, tuple[float, Node]] = {}
    for node, phrase in _phrases():
        theirs = _triples(phrase)
        score = len(asked & theirs) / len(asked | theirs)
        if score > max(0.2, scored.get(node.category.pk, (0.0, node))[0]):
            scored[node.category.pk] = (score, node)
    return [node for _score, node in sorted(scored.values(), key=lambda pair: -pair[0])[:limit]]


def _triples(words: Iterable[str]) -> set[str]:
    return {f" {word} "[start : start + 3] for word in words for start in range(len(word))}


def _read() -> list[tuple[Node, frozenset[str]]]:
    phrases: list[tuple[Node, frozenset[str]]] = []
    for node in frame().by_id.values():
        category = node.category
        names = {category.name_uk, category.name_en, *category.synonyms}
        phrases += [(node, words) for name in sorted(names) if (words := frozenset(stems(name)))]
    return phrases


_phrases = PerVersion(_read)
