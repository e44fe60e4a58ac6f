"""Original and cross numbers that stand in price lists beside the goods: they only add to what is known.

A number is joined to nothing without its owner. ``MAXGEAR 90-8939`` and ``VW 1K0615301AA`` name theirs. A bare
``1K0615301AA`` is taken only where a part of the same category has this very number already: then the makers are those
of that part; a bare cross only where it is of one brand alone there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.sql import SQL, Identifier

from shop.catalog.loading.number_cells import checked_number, owner_and_number
from shop.catalog.loading.owners import brand_ids, make_ids
from shop.catalog.loading.rows import Owners, Rejected
from shop.catalog.models import CatalogSource, CrossReference
from shop.catalog.numbers import search_key
from shop.lib.copying import copy_rows
from shop.lib.locks import Lock, advisory_transaction_lock

_LONGEST_OE: Final = 40
_LONGEST_CROSS: Final = 60
# Shorter numbers without an owner are of too many.
_SHORTEST_BARE: Final = 6
_BATCH: Final = 20_000
_ORIGINAL, _CROSS = "o", "c"

_SAID: Final = """
CREATE TEMP TABLE said_number (
    is_oe boolean NOT NULL, text text NOT NULL, kind "char" NOT NULL, owner_id bigint, number text NOT NULL,
    search_key text NOT NULL
)
"""
_CLAIMED: Final = SQL("""
CREATE TEMP TABLE claimed_number AS
SELECT DISTINCT ON (part.id, said.kind, said.owner_id, said.search_key)
       part.id AS part_id, part.category_id, part.brand_id, part.search_key AS part_key,
       said.kind, said.owner_id, said.number, said.search_key
FROM (
    SELECT part_id, true AS is_oe, unnest(numbers) AS text FROM {table}
    UNION ALL
    SELECT part_id, false, unnest(crosses) FROM {table}
) offered
JOIN said_number said USING (is_oe, text)
JOIN catalog_part part ON part.id = offered.part_id
ORDER BY part.id, said.kind, said.owner_id, said.search_key
""")
# Makers of a bare original: those of the same number at another part of the same category.
_OWN_BARE_ORIGINALS: Final = """
INSERT INTO claimed_number
SELECT DISTINCT bare.part_id, bare.category_id, bare.brand_id, bare.part_key, bare.kind, known.make_id, bare.number,
       bare.search_key
FROM claimed_number bare
JOIN catalog_oenumber known ON known.search_key = bare.search_key AND known.part_id <> bare.part_id
JOIN catalog_part other ON other.id = known.part_id AND other.category_id = bare.category_id
WHERE bare.kind = 'o' AND bare.owner_id IS NULL AND length(bare.search_key) >= %s
"""
_OWN_BARE_CROSSES: Final = """
INSERT INTO claimed_number
SELECT bare.part_id, bare.category_id, bare.brand_id, bare.part_key, bare.kind, min(other.brand_id), bare.number,
       bare.search_key
FROM claimed_number bare
JOIN catalog_part other ON other.search_key = bare.search_key
WHERE bare.kind = 'c' AND bare.owner_id IS NULL AND length(bare.search_key) >= %s
GROUP BY 1, 2, 3, 4, 5, 7, 8
HAVING count(*) = 1 AND min(other.category_id) = bare.category_id AND min(other.id) <> bare.part_id
"""
_ADD_ORIGINALS: Final = """
INSERT INTO catalog_oenumber (part_id, make_id, number, search_key)
SELECT DISTINCT ON (part_id, owner_id, search_key) part_id, owner_id, number, search_key
FROM claimed_number claimed
WHERE kind = 'o' AND owner_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM catalog_oenumber known
    WHERE known.part_id = claimed.part_id AND known.make_id = claimed.owner_id
      AND known.search_key = claimed.search_key
)
"""
# Neither what another claim of the source says already, nor what our staff has denied, nor a part's own number.
_ADD_CROSSES: Final = """
INSERT INTO catalog_crossreference (part_id, kind, brand_id, number, search_key, source_id)
SELECT DISTINCT ON (part_id, owner_id, search_key) part_id, %s, owner_id, number, search_key, %s
FROM claimed_number claimed
WHERE kind = 'c' AND owner_id IS NOT NULL AND (owner_id, search_key) <> (brand_id, part_key) AND NOT EXISTS (
    SELECT 1 FROM catalog_crossreference known
    WHERE known.part_id = claimed.part_id AND known.brand_id = claimed.owner_id
      AND known.search_key = claimed.search_key AND (known.source_id = %s OR known.kind = %s)
)
"""
_LEFT_BARE: Final = """
SELECT count(*) FROM claimed_number bare WHERE owner_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM claimed_number owned
    WHERE owned.owner_id IS NOT NULL AND owned.part_id = bare.part_id AND owned.search_key = bare.search_key
)
"""


@dataclass(frozen=True)
class NumbersAdded:
    """``without_owner`` counts claims that named no owner and of which the catalogue knew none."""

    originals: int = 0
    crosses: int = 0
    without_owner: int = 0

    def __bool__(self) -> bool:
        return bool(self.originals or self.crosses)


def source_of_supplier(code: str, name: str) -> int:
    """Id of the source that a supplier's claims are signed with; made at the first time."""
    source, _made = CatalogSource.objects.get_or_create(
        code=f"supplier-{code}"[:50],
        defaults={"name_uk": name[:100], "kind": CatalogSource.Kind.SUPPLIER},
    )
    return source.pk


def add_offered_numbers(cursor: CursorWrapper, *, source_id: int, table: str = "offered_numbers") -> NumbersAdded:
    """Add the numbers of a temporary table (part_id bigint, numbers text[], crosses text[]) to the catalogue.

    Nothing is taken away, and the second time nothing is added. Whoever calls it tells the cache afterwards.
    """
    with transaction.atomic():
        advisory_transaction_lock(Lock.CATALOG_NUMBERS)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.said_number, pg_temp.claimed_number")
        cursor.execute(_SAID)
        _read(cursor, table)
        cursor.execute("ANALYZE said_number")
        cursor.execute(_CLAIMED.format(table=Identifier(table)))
        cursor.execute("ANALYZE claimed_number")
        cursor.execute(_OWN_BARE_ORIGINALS, [_SHORTEST_BARE])
        cursor.execute(_OWN_BARE_CROSSES, [_SHORTEST_BARE])
        cursor.execute(_LEFT_BARE)
        bare = int(cursor.fetchone()[0])
        cursor.execute(_ADD_ORIGINALS)
        originals = int(cursor.rowcount)
        kind, denied = int(CrossReference.Kind.REPLACES), int(CrossReference.Kind.DIFFERS)
        cursor.execute(_ADD_CROSSES, [kind, source_id, source_id, denied])
        added = NumbersAdded(originals, int(cursor.rowcount), bare)
        cursor.execute("DROP TABLE said_number, claimed_number")
    return added


def _read(cursor: CursorWrapper, table: str) -> None:
    """Each different text is read once, wherever it stands."""
    brands, makes = Owners(brand_ids()), Owners(make_ids())
    columns = ["is_oe", "text", "kind", "owner_id", "number", "search_key"]
    for is_oe, column in ((True, "numbers"), (False, "crosses")):
        texts = SQL("SELECT DISTINCT unnest({}) FROM {}").format(Identifier(column), Identifier(table))
        with connection.chunked_cursor() as said:
            said.execute(texts)
            while batch := said.fetchmany(_BATCH):
                copy_rows(cursor, "said_number", columns, _lines(is_oe, batch, brands, makes))


def _lines(is_oe: bool, texts: list[tuple[str]], brands: Owners, makes: Owners) -> Iterator[tuple[Any, ...]]:
    def find(name: str) -> int | None:
        make = makes.brand(name)
        return make if make is not None else brands.brand(name)

    for (text,) in texts:
        try:
            owner, number = owner_and_number(text, find)
        except Rejected:
            # ``MR 992871`` may be a number whose first letters look like an owner.
            owner, number = "", text
        make, brand = (makes.brand(owner), brands.brand(owner)) if owner else (None, None)
        # A column of originals may hold a brand's numbers (VAG), one of crosses those of a car maker.
        is_original = is_oe if (make is None) == (brand is None) else make is not None
        try:
            number = checked_number(number, _LONGEST_OE if is_original else _LONGEST_CROSS)
        except Rejected:
            continue
        kind = _ORIGINAL if is_original else _CROSS
        yield is_oe, text, kind, make if is_original else brand, number, search_key(number)
