"""What one line of text means: a number in any spelling, or words. Finds ids and categories; pages read the rows.

Numbers are tried in this order, and all that match are kept in it: the article itself, brand and article together, the
number of the original, the number of a part that is replaced, and, where nothing else matches, articles that begin so.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from django.contrib.postgres.search import SearchQuery
from django.db.models import IntegerField, Q, QuerySet, Value

from shop.catalog.frame import Node, frame
from shop.catalog.models import Brand, CrossReference, OeNumber, Part
from shop.catalog.numbers import brand_key, search_key
from shop.catalog.word_index import CategoryMatch, brands_named, matching_categories, stem
from shop.catalog.words import lemmas

LONGEST_QUERY: Final = 200
_SHORTEST_NUMBER: Final = 3
_LONGEST_NUMBER: Final = 60
_MOST_WORDS: Final = 12
# Ten pages of results; whoever needs more types another letter.
MOST_PARTS: Final = 200
_WORD = re.compile(r"[^\W_]+")


class How(IntEnum):
    """How a part was found by a number, best first."""

    ARTICLE = 1
    ORIGINAL = 2
    REPLACES = 3
    BEGINS = 4


@dataclass(frozen=True)
class NumberHits:
    """Part ids, each with the best way in which it was found, best first."""

    how: dict[int, How]

    @property
    def ids(self) -> list[int]:
        return list(self.how)


@dataclass(frozen=True)
class WordHits:
    """``categories`` explain all words that are neither a brand nor ``unknown``; ``is_exact`` when none is unknown."""

    categories: list[Node]
    brands: list[Brand]
    unknown: list[str] = field(default_factory=list)

    @property
    def leaves(self) -> list[int]:
        """Ids of the categories that hold parts, in and under ``categories``."""
        return list(dict.fromkeys(leaf.category.pk for node in self.categories for leaf in node.leaves()))


def clean_query(text: str) -> str:
    """One line without control characters, look-alike blanks and full-width letters."""
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    return "".join(letter for letter in folded if letter.isprintable())


def by_number(text: str) -> NumberHits:
    """Parts whose article, original number or replaced number is ``text``; one query, or two when none matches."""
    key = search_key(text)
    if not any(letter.isdigit() for letter in key) or not _SHORTEST_NUMBER <= len(key) <= _LONGEST_NUMBER:
        return NumberHits({})
    owned = list(_brand_and_number(text))
    articles = Q(search_key=key)
    for brand, number in owned:
        articles |= Q(brand=brand, search_key=number)
    replaced = Q(search_key=key)
    for brand, number in owned:
        replaced |= Q(brand=brand, search_key=number)
    found = _hits(Part.objects.filter(articles).values_list("pk"), How.ARTICLE).union(
        _hits(OeNumber.objects.filter(search_key=key).values_list("part_id"), How.ORIGINAL),
        _hits(CrossReference.objects.filter(replaced).values_list("part_id"), How.REPLACES),
        all=True,
    )
    rows = list(found[: 2 * MOST_PARTS])
    return _best_first(rows) if rows else _beginning_with(key, owned)


def by_words(text: str) -> WordHits:
    """Brands and categories that the words name. Words that no category knows are set aside, fewest first."""
    brands, left = brands_named(_WORD.findall(text)[:_MOST_WORDS])
    words = list(dict.fromkeys(stem(lemma) for word in left for lemma in lemmas(word)))
    if not words:
        return WordHits([], brands)
    matches = matching_categories(words)
    if not matches:
        return WordHits([], brands, left)
    best = matches[0].coverage
    explained = [match for match in matches if match.coverage == best]
    named = [match for match in explained if match.precision == 1.0]
    categories = _without_repeats(named or explained)
    unknown = [] if best == 1.0 else _unknown_words(left, matches[0])
    return WordHits(categories, brands, unknown)


def parts_with_words(text: str, *, brands: Iterable[Brand] = (), categories: Iterable[int] = ()) -> list[int]:
    """Ids of parts whose name, category or brand holds every word, up to a bound and unsorted; one query.

    Words of many parts are common, and ranking all of them would cost more than anybody wins by it.
    """
    words = list(dict.fromkeys(lemmas(text)))[:_MOST_WORDS]
    if not words:
        return []
    query = SearchQuery(Value(" & ".join(words)), search_type="raw", config="simple")
    parts = Part.objects.active().filter(words=query)
    if ids := [brand.pk for brand in brands]:
        parts = parts.filter(brand__in=ids)
    if leaves := list(categories):
        parts = parts.filter(category__in=leaves)
    return list(parts.order_by().values_list("pk", flat=True)[:MOST_PARTS])


def _hits(parts: QuerySet[Any, Any], how: How) -> QuerySet[Any, Any]:
    hits: QuerySet[Any, Any] = parts.order_by().annotate(how=Value(how, output_field=IntegerField()))
    return hits


def _beginning_with(key: str, owned: list[tuple[Brand, str]]) -> NumberHits:
    beginning = Q(search_key__startswith=key)
    for brand, number in owned:
        beginning |= Q(brand=brand, search_key__startswith=number)
    # In the order of the index: sorting what begins with three letters would cost more than it tells.
    parts = Part.objects.filter(beginning).order_by().values_list("search_key", "pk")[:MOST_PARTS]
    return NumberHits(dict.fromkeys([pk for _key, pk in sorted(parts)], How.BEGINS))


def _best_first(rows: list[tuple[int, int]]) -> NumberHits:
    how: dict[int, How] = {}
    for pk, rank in sorted(rows, key=lambda row: (row[1], row[0])):
        how.setdefault(pk, How(rank))
    return NumberHits(dict(list(how.items())[:MOST_PARTS]))


def _brand_and_number(text: str) -> Iterable[tuple[Brand, str]]:
    """``mann w 712/75`` and ``W712/75 Mann`` → MANN-FILTER and W71275; every way to cut the words in two."""
    words = text.split()[:_MOST_WORDS]
    aliases = frame().brand_by_alias
    for cut in range(1, len(words)):
        for name, number in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            brand = aliases.get(brand_key("".join(name)))
            key = search_key("".join(number))
            if brand and key:
                yield brand, key


def _without_repeats(matches: list[CategoryMatch]) -> list[Node]:
    """Without categories whose parent is there already: one door is enough."""
    chosen = {match.node.category.pk for match in matches}
    return [match.node for match in matches if not any(place.category.pk in chosen for place in match.node.way()[:-1])]


def _unknown_words(words: list[str], match: CategoryMatch) -> list[str]:
    """The words that this category does not explain, as they were typed."""
    return [word for word in words if match.node not in {found.node for found in matching_categories(_stems_of(word))}]


def _stems_of(word: str) -> list[str]:
    return [stem(lemma) for lemma in lemmas(word)]
