"""What one line of text finds: parts by number in any spelling, parts by the words of their names. Ids only; pages read
the rows. What words mean is told by ``shop.catalog.meaning``.

Numbers are tried in this order, and all that match are kept in it: the article itself or its barcode, brand and article
together, the number of the original, the number of a part that is replaced. Articles that only begin so are another
question.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from typing import Any, Final

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import CharField, Exists, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, LPad

from shop.catalog.frame import frame
from shop.catalog.gtin import LONGEST, read_gtin
from shop.catalog.models import Barcode, Brand, Category, CrossReference, OeNumber, Part
from shop.catalog.numbers import brand_key, search_key
from shop.catalog.word_keys import place_of, word_keys
from shop.catalog.words import lemmas
from shop.lib.letters import codes, has_cyrillic, on_other_keyboard

LONGEST_QUERY: Final = 200
_SHORTEST_NUMBER: Final = 3
_LONGEST_NUMBER: Final = 60
_MOST_WORDS: Final = 12
# Stands where a number has its brand: a number under a barcode has none.
_BARCODE: Final = -1
# Ten pages of results; whoever needs more types another letter.
MOST_PARTS: Final = 200
# How names of parts say where they go, and short units.
_PLACE_WORDS: Final = {
    "front": ("спереду", "передній"),
    "rear": ("ззаду", "задній"),
    "left": ("ліворуч", "лівий"),
    "right": ("праворуч", "правий"),
}
_UNITS: Final = {"l": "л", "mm": "мм", "v": "в", "w": "вт", "kg": "кг", "a": "а"}
_DIGITS_AND_LETTERS: Final = re.compile(r"\d+|[^\W\d_]+")


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


def clean_query(text: str) -> str:
    """One line without control characters, look-alike blanks and full-width letters."""
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    return "".join(letter for letter in folded if letter.isprintable())


# One statement for the three tables, written out: the look-up of a number is what a parts shop does most.
# Kind 3 of a claim, CrossReference.Kind.DIFFERS, says that the number is another part's.
_BY_KEY: Final = """
SELECT id, 1 FROM catalog_part WHERE search_key = ANY(%s)
UNION ALL SELECT part_id, 2 FROM catalog_oenumber WHERE search_key = ANY(%s)
UNION ALL SELECT part_id, 3 FROM catalog_crossreference WHERE search_key = ANY(%s) AND kind <> 3
"""
_BY_GTIN: Final = "UNION ALL SELECT part_id, 1 FROM catalog_barcode WHERE gtin = %s"
_BY_OWNED_KEY: Final = """
UNION ALL SELECT id, 1 FROM catalog_part JOIN unnest(%s::bigint[], %s::text[]) AS owned (brand, key)
    ON brand_id = owned.brand AND search_key = owned.key
UNION ALL SELECT part_id, 3 FROM catalog_crossreference JOIN unnest(%s::bigint[], %s::text[]) AS owned (brand, key)
    ON brand_id = owned.brand AND search_key = owned.key AND kind <> 3
"""


def by_number(text: str) -> NumberHits:
    """Parts whose article, barcode, original number or replaced number is ``text``; one query."""
    keys = keys_of(text)
    if not keys:
        return NumberHits({})
    statement = _BY_KEY
    values: list[list[str] | list[int] | int] = [keys, keys, keys]
    if gtin := read_gtin(text):
        statement += _BY_GTIN
        values.append(gtin)
    if owned := list(_brand_and_number(text)):
        brands, numbers = [brand.pk for brand, _number in owned], [number for _brand, number in owned]
        statement += _BY_OWNED_KEY
        values += [brands, numbers, brands, numbers]
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {2 * MOST_PARTS}", values)
        return _best_first(cursor.fetchall())


def by_numbers(texts: Iterable[str]) -> dict[str, NumberHits]:
    """As ``by_number`` for many texts at once, those that nothing has left out; one query for all of them."""
    asked: dict[tuple[str, int], list[str]] = defaultdict(list)
    gtins: set[int] = set()
    for text in texts:
        if gtin := read_gtin(text):
            gtins.add(gtin)
            asked[f"{gtin:0{LONGEST}d}", _BARCODE].append(text)
        for key in keys_of(text):
            asked[key, 0].append(text)
        for brand, number in _brand_and_number(text):
            asked[number, brand.pk].append(text)
    keys = list({key for key, owner in asked if owner != _BARCODE})
    none = Value(0, output_field=IntegerField())
    found = _hits(
        Part.objects.filter(search_key__in=keys).values_list("search_key", "brand_id", "pk"), How.ARTICLE
    ).union(
        _hits(OeNumber.objects.filter(search_key__in=keys).values_list("search_key", none, "part_id"), How.ORIGINAL),
        _hits(
            CrossReference.objects.affirmed()
            .filter(search_key__in=keys)
            .values_list("search_key", "brand_id", "part_id"),
            How.REPLACES,
        ),
        all=True,
    )
    if gtins:
        code = LPad(Cast("gtin", CharField()), LONGEST, Value("0"))
        owner = Value(_BARCODE, output_field=IntegerField())
        coded = Barcode.objects.filter(gtin__in=gtins).values_list(code, owner, "part_id")
        found = found.union(_hits(coded, How.ARTICLE), all=True)
    rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for key, brand_id, part_id, how in found if keys else ():
        for place in {(key, min(brand_id, 0)), (key, brand_id)}:
            for text in asked.get(place, ()):
                rows[text].append((part_id, how))
    return {text: _best_first(hits) for text, hits in rows.items()}


def beginning_with(text: str) -> NumberHits:
    """Parts whose article begins so; one query."""
    keys = keys_of(text)
    if not keys:
        return NumberHits({})
    beginning = Q()
    for key in keys:
        beginning |= Q(search_key__startswith=key)
    for brand, number in _brand_and_number(text):
        beginning |= Q(brand=brand, search_key__startswith=number)
    # In the order of the index: sorting what begins with three letters would cost more than it tells.
    parts = Part.objects.filter(beginning).order_by().values_list("search_key", "pk")[:MOST_PARTS]
    return NumberHits(dict.fromkeys([pk for _key, pk in sorted(parts)], How.BEGINS))


def parts_with_words(
    words: Sequence[str], *, brands: Iterable[Brand] = (), categories: Iterable[int] = ()
) -> list[int]:
    """Ids of parts whose name, category or brand holds every word, up to a bound and unsorted; one query.

    Words of many parts are common, and ranking all of them would cost more than anybody wins by it.
    """
    asked = " & ".join(dict.fromkeys(filter(None, map(_alternatives, words[:_MOST_WORDS]))))
    if not asked:
        return []
    parts = Part.objects.active().filter(words=SearchQuery(Value(asked), search_type="raw", config="simple"))
    if ids := [brand.pk for brand in brands]:
        parts = parts.filter(brand__in=ids)
    if leaves := list(categories):
        parts = parts.filter(category__in=leaves)
    return list(parts.order_by().values_list("pk", flat=True)[:MOST_PARTS])


def categories_of_brands(brands: Iterable[Brand], categories: Iterable[int]) -> set[int]:
    """Which of these categories hold parts of the brands; one query."""
    parts = Part.objects.filter(category=OuterRef("pk"), brand__in=[brand.pk for brand in brands])
    return set(Category.objects.filter(Exists(parts), pk__in=list(categories)).order_by().values_list("pk", flat=True))


def _alternatives(word: str) -> str:
    """One word as PostgreSQL asks for it: its lemma, or the pieces where digits meet letters (``10л``, ``5w30``)."""
    if place := place_of(word_keys(word)):
        return f"({' | '.join(_PLACE_WORDS[place])})"
    spellings = {" & ".join(f"'{lemma}'" for lemma in lemmas(one)) for one in (word, *_latin_codes(word))}
    pieces = _DIGITS_AND_LETTERS.findall(word)
    if 1 < len(pieces) <= 4:
        for cuts in product((False, True), repeat=len(pieces) - 1):
            joined = [pieces[0]]
            for is_cut, piece in zip(cuts, pieces[1:], strict=True):
                if is_cut:
                    joined.append(_UNITS.get(piece, piece))
                else:
                    joined[-1] += piece
            spellings.add(" & ".join(f"'{lemma}'" for piece in joined for lemma in lemmas(piece)))
    spellings.discard("")
    return f"({' | '.join(f'({one})' for one in sorted(spellings))})" if spellings else ""


def _latin_codes(word: str) -> set[str]:
    """``н7`` is H7 on a Ukrainian keyboard."""
    return codes(word) if any(letter.isdigit() for letter in word) and has_cyrillic(word) else set()


def keys_of(text: str) -> list[str]:
    """The key of a number, and what its Cyrillic letters are on the same keys of a Latin keyboard."""
    key = search_key(text)
    if not any(letter.isdigit() for letter in key) or not _SHORTEST_NUMBER <= len(key) <= _LONGEST_NUMBER:
        return []
    return list(dict.fromkeys([key, search_key(on_other_keyboard(text))])) if has_cyrillic(key) else [key]


def _hits(parts: QuerySet[Any, Any], how: How) -> QuerySet[Any, Any]:
    hits: QuerySet[Any, Any] = parts.order_by().annotate(how=Value(how, output_field=IntegerField()))
    return hits


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
