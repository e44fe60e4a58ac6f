"""What an unfinished query may become: its last word is taken as the beginning of a known one."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from shop.catalog.car_words import car_index
from shop.catalog.frame import Node, frame
from shop.catalog.meaning import meaning_of, spellings, tokenize
from shop.catalog.models import Brand
from shop.catalog.numbers import brand_key
from shop.catalog.word_index import matching_categories, word_index
from shop.catalog.word_keys import word_keys
from shop.lib.letters import codes, on_other_keyboard, sound

_MOST_ENDINGS: Final = 16
_MOST_COMPARED: Final = 200
_MOST_CATEGORIES: Final = 5
_SHORTEST: Final = 2


def categories_beginning(text: str) -> list[Node]:
    """The best first: with the last word completed, else as typed on the other layout, else as misspelt."""
    if found := _completed(tokenize(text)):
        return found
    if len(text) > _SHORTEST + 1 and (found := _completed(tokenize(on_other_keyboard(text)))):
        return found
    return meaning_of(text).categories[:_MOST_CATEGORIES] if len(text) > _SHORTEST + 1 else []


def _completed(words: list[str]) -> list[Node]:
    if not words:
        return []
    index = word_index()
    *before, last = words
    keys = [found for word in before if index.knows(found := word_keys(word))]
    scores: dict[int, float] = {}
    nodes: dict[int, Node] = {}
    for ending in dict.fromkeys([last, *_endings(last)]):
        last_keys = word_keys(ending)
        if not index.names(last_keys):
            continue
        for match in matching_categories([*keys, last_keys]):
            pk = match.node.category.pk
            # The whole word counts more than its beginning.
            score = match.score * (1.0 if ending == last else 0.9)
            if score > scores.get(pk, 0.0):
                scores[pk], nodes[pk] = score, match.node
    best = sorted(scores, key=lambda pk: (-round(scores[pk], 4), -nodes[pk].category.depth, nodes[pk].category.path))
    return [nodes[pk] for pk in best[:_MOST_CATEGORIES]]


def _endings(beginning: str) -> list[str]:
    """Known words that begin so: as they are spelled, else by sound."""
    heard = sound(beginning)
    if len(heard) < _SHORTEST:
        return []
    sounds, spelling = spellings()
    first = bisect_left(sounds, heard)
    known = [spelling[one] for one in sounds[first : first + _MOST_COMPARED] if one.startswith(heard)]
    return ([word for word in known if word.startswith(beginning)] or known)[:_MOST_ENDINGS]


def brands_beginning(text: str) -> Iterator[Brand]:
    """By any of their spellings, or by sound."""
    key, heard = brand_key(text), sound(text)
    if len(key) < _SHORTEST:
        return
    seen = set()
    for alias, brand in frame().brand_by_alias.items():
        if brand.pk not in seen and (
            alias.startswith(key) or (len(heard) > _SHORTEST and sound(alias).startswith(heard))
        ):
            seen.add(brand.pk)
            yield brand


def cars_beginning(text: str) -> Iterator[tuple[str, str]]:
    """Names with ``make/model/generation`` as addresses spell them: what is named, else what begins so."""
    named = meaning_of(text).car
    if named and named.is_model:
        for one in named.generations:
            yield one.title, one.address
        return
    heard = {sound(text), *codes(text.replace(" ", ""))} - {""}
    if max(map(len, heard), default=0) < _SHORTEST:
        return
    index = car_index()
    seen: set[str] = set()
    for names, kind in ((index.makes, 0), (index.models, 1)):
        for key, owners in names.items():
            if not any(key.startswith(beginning) for beginning in heard):
                continue
            for pk in sorted(owners):
                make_name, make_slug = index.make_names[index.make_of[pk] if kind else pk]
                name, path = make_name, make_slug
                if kind:
                    name, path = f"{make_name} {index.model_names[pk][0]}", f"{make_slug}/{index.model_names[pk][1]}"
                if path not in seen:
                    seen.add(path)
                    yield name, path
