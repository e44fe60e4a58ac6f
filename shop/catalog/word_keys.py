"""What makes two words the same for a search that reads no minds: their sound without the ending.

A word has several keys: as it stands, and in its dictionary form where the Ukrainian or the Russian dictionary knows
it (``колодок`` → колодка, ``щёток`` → щётка). Two words are the same when they share one.
"""

from functools import cache, lru_cache
from typing import Final

from shop.catalog.words import LANGUAGES, dictionary
from shop.lib.letters import has_cyrillic, in_one_alphabet, root, sound

# Places on a car are one notion in all languages and parts of speech.
_PLACES: Final = {
    "front": "передній спереду перед передок передняя front frontal",
    "rear": "задній ззаду зад задняя сзади задок rear back",
    "left": "лівий ліворуч зліва левый слева left",
    "right": "правий праворуч справа правый right",
}


@lru_cache(maxsize=50_000)
def word_keys(word: str) -> frozenset[str]:
    """All keys of one word; empty when it has neither letters nor digits."""
    word = in_one_alphabet(word.casefold().replace("\u2019", "'"))
    heard = sound(word)
    keys = {root(heard)}
    if has_cyrillic(word):
        keys.update(root(sound(form)) for form in _dictionary_forms(word))
    elif len(heard) > 3 and heard.endswith("s"):  # an English plural
        keys.add(root(heard.removesuffix("es")))
        keys.add(root(heard.removesuffix("s")))
    keys.discard("")
    if place := place_of(frozenset(keys)):
        keys.add(f"@{place}")
    return frozenset(keys)


def place_of(keys: frozenset[str]) -> str:
    """``front``, ``rear``, ``left``, ``right`` when the word says so, else nothing."""
    for key in keys:
        if place := _places().get(key):
            return place
    return ""


@cache
def _places() -> dict[str, str]:
    return {root(sound(word)): place for place, words in _PLACES.items() for word in words.split()}


def is_noun(word: str) -> bool:
    """Whether a dictionary knows the word as a noun in the nominative, as the head of a name stands."""
    return any(is_head for _form, is_head in _readings(word))


def _dictionary_forms(word: str) -> set[str]:
    return {form for form, _is_head in _readings(word)}


@lru_cache(maxsize=10_000)
def _readings(word: str) -> tuple[tuple[str, bool], ...]:
    """Dictionary forms in the languages that know the word, and whether it is a noun in the nominative so."""
    found = []
    for language in LANGUAGES:
        analyzer = dictionary(language)
        if analyzer.word_is_known(word):
            found += [
                (parse.normal_form, parse.tag.POS == "NOUN" and parse.tag.case == "nomn")
                for parse in analyzer.parse(word)
            ]
    return tuple(dict.fromkeys(found))
