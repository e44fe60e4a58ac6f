"""Words as the search compares them: Ukrainian in its dictionary form, everything else as it is.

PostgreSQL has no Ukrainian dictionary, so both sides pass through ``lemmas``: the stored ``Part.words`` and what a
person types. ``Part.words`` holds the words of the part's name, of its category (Ukrainian and English names and
synonyms, which include Russian words and common misspellings) and of its brand. Numbers of articles are not in it:
they have indexes of their own. Positions are not kept; nobody ranks by distance, and the index stays half the size.
"""

import logging
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

# Whose dictionaries are known; names of parts are Ukrainian, questions come in both.
LANGUAGES = ("uk", "ru")
_ONE_APOSTROPHE = str.maketrans(dict.fromkeys("\u2019\u02bc`\u00b4", "'"))
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_UKRAINIAN = re.compile(r"[а-щьюяґєії']+")


def lemmas(text: str) -> list[str]:
    """``Колодки гальмівні BREMBO 1.6`` → ``["колодка", "гальмівний", "brembo", "1", "6"]``.

    Lower case, letters and digits only; an apostrophe belongs to its word but does not count, since half of the
    people leave it out. The order and the repetitions of ``text`` are kept.
    """
    return [_lemma(token) for token in tokens(text)]


def tokens(text: str) -> list[str]:
    """The words as they are written, in lower case, one kind of apostrophe."""
    return _TOKEN.findall(text.casefold().translate(_ONE_APOSTROPHE))


def words_literal(texts: Iterable[str]) -> str:
    """A tsvector literal of the lemmas of all texts, for COPY and for an assignment to ``Part.words``."""
    return " ".join(sorted({f"'{lemma}'" for text in texts for lemma in lemmas(text)}))


@lru_cache(maxsize=50_000)
def _lemma(token: str) -> str:
    if _UKRAINIAN.fullmatch(token):
        token = dictionary("uk").parse(token)[0].normal_form
    return token.replace("'", "")


def open_dictionaries() -> None:
    """For processes that answer searches: the first buyer after a start should not wait for it."""
    for language in LANGUAGES:
        dictionary(language)


@cache
def dictionary(language: str) -> "MorphAnalyzer":
    """Opened at the first word of its kind only: 0.2 s and 15 MB that most processes do not need at start."""
    from pymorphy3 import MorphAnalyzer

    logging.getLogger("pymorphy3").setLevel(logging.WARNING)  # it tells of every dictionary it opens
    return MorphAnalyzer(lang=language)
