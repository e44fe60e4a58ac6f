"""What reading a file of fitments and one of numbers have in common: cells by field, and text for COPY."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from shop.catalog.numbers import article_key, brand_key

OK, REJECTED, IGNORED = "o", "r", "i"
LONGEST_ARTICLE: Final = 60
_CHUNK: Final = 512 * 1024
_DAMAGED: Final = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})


class Rejected(Exception):
    """The row, or a part of it, is no claim: why, and what stood there."""

    def __init__(self, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value


class Owners:
    """Brands by any of their spellings."""

    def __init__(self, brands: Mapping[str, int]) -> None:
        self._brands = brands
        self._seen: dict[str, int | None] = {}

    def brand(self, name: str) -> int | None:
        if name not in self._seen:
            if len(self._seen) > 50_000:
                self._seen.clear()
            self._seen[name] = self._brands.get(brand_key(name))
        return self._seen[name]


def cells_of(cells: Sequence[str], columns: Mapping[str, tuple[int, ...]], *, joint: str = " ") -> dict[str, str]:
    """Cells by field, blanks at the ends gone; of repeated columns all that are filled in."""
    found: dict[str, str] = {}
    for field, places in columns.items():
        if len(places) == 1:
            place = places[0]
            found[field] = cells[place].strip() if place < len(cells) else ""
        else:
            found[field] = joint.join(
                cells[place].strip() for place in places if place < len(cells) and cells[place].strip()
            )
    return found


def identity(said: Mapping[str, str], owners: Owners) -> tuple[int, str]:
    """Brand id and article key of the row's part. Raises Rejected."""
    brand, article = said["brand"], said["article"]
    if not brand:
        raise Rejected("brand_missing", article)
    key = checked_key(article, missing="article_missing")
    if (brand_id := owners.brand(brand)) is None:
        raise Rejected("unknown_brand", brand)
    return brand_id, key


@lru_cache(maxsize=20_000)
def checked_key(number: str, *, missing: str) -> str:
    """``article_key`` of a number that can be one. Raises Rejected."""
    key = article_key(number)
    if not key:
        raise Rejected(missing, number)
    if _DAMAGED.fullmatch(number.strip()):
        raise Rejected("number_damaged", number)
    if len(key) > LONGEST_ARTICLE or len(number) > LONGEST_ARTICLE:
        raise Rejected("number_too_long", number)
    return key


def escaped(text: str) -> str:
    """In PostgreSQL's text format."""
    return text.translate(_ESCAPES) if "\\" in text or not text.isprintable() else text


def copy_line(values: Iterable[Any]) -> str:
    """One line in PostgreSQL's text format."""
    return "\t".join("\\N" if value is None else escaped(str(value)) for value in values) + "\n"


def in_chunks(lines: Iterable[str]) -> Iterator[str]:
    kept: list[str] = []
    size = 0
    for line in lines:
        kept.append(line)
        size += len(line)
        if size > _CHUNK:
            yield "".join(kept)
            kept, size = [], 0
    if kept:
        yield "".join(kept)
