"""Articles that the catalogue lacks: they become parts where their name tells what they are, else wait for a person."""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

from shop.catalog.guessing import guess_categories
from shop.catalog.models import Brand, Category
from shop.catalog.numbers import search_key
from shop.catalog.words import words_literal
from shop.lib.copying import copy_rows

_FRESH = """
CREATE TEMP TABLE fresh AS
SELECT DISTINCT ON (staged.brand_id, staged.article_key) staged.brand_id, staged.article_key, staged.article_number,
       left(staged.name, 200) AS name, NULL::bigint AS category_id
FROM staged
LEFT JOIN catalog_part part ON part.brand_id = staged.brand_id AND part.article_key = staged.article_key
WHERE staged.state = 'o' AND staged.line = 0 AND part.id IS NULL
ORDER BY staged.brand_id, staged.article_key, staged.row
"""
_LOST_ZEROS = """
WITH lost AS (
    DELETE FROM fresh USING catalog_part whole
    WHERE fresh.article_key ~ '^[1-9][0-9]*$' AND whole.brand_id = fresh.brand_id
      AND whole.article_key IN ('0' || fresh.article_key, '00' || fresh.article_key)
    RETURNING fresh.brand_id, fresh.article_key
)
UPDATE staged SET state = 'r', reason = 'article_zeros_lost', field = 'article', value = left(article_number, 200)
FROM lost
WHERE staged.brand_id = lost.brand_id AND staged.article_key = lost.article_key AND staged.state = 'o'
"""
_UNPLACED = """
INSERT INTO offers_unplacedpart (brand_id, article_key, article_number, name, version_id)
SELECT brand_id, article_key, article_number, coalesce(name, ''), %s FROM fresh WHERE category_id IS NULL
ON CONFLICT (brand_id, article_key) DO UPDATE
SET name = excluded.name, version_id = excluded.version_id, seen_at = now()
"""
_MAKE = """
INSERT INTO catalog_part (brand_id, category_id, article_number, article_key, search_key, name_uk, name_en, words,
                          sold_as, warranty_months, is_active)
SELECT made.brand_id, made.category_id, made.article_number, made.article_key, made.search_key, made.name, '',
       made.words::tsvector, 'piece', 12, true
FROM made
ON CONFLICT (brand_id, article_key) DO NOTHING
"""
_ANSWERED = """
DELETE FROM offers_unplacedpart waiting USING made
WHERE made.brand_id = waiting.brand_id AND made.article_key = waiting.article_key
"""
_BATCH = 10_000


def find_fresh(cursor: CursorWrapper) -> bool:
    """Make ``fresh``: articles of ``staged`` without a part. False when there are none, and no table."""
    cursor.execute("SELECT (SELECT count(*) FROM staged WHERE state = 'o') - (SELECT count(*) FROM listed)")
    if not cursor.fetchone()[0]:
        return False
    cursor.execute(_FRESH)
    return True


def reject_lost_zeros(cursor: CursorWrapper) -> int:
    """Reject what a spreadsheet took for a number: 986479470 where the brand makes 0986479470. Gives back how many."""
    cursor.execute(_LOST_ZEROS)
    return int(cursor.rowcount)


def place(cursor: CursorWrapper, *, creates_parts: bool) -> tuple[int, int]:
    """How many articles of ``fresh`` can become parts, by their names, and how many are asked of a person."""
    if not creates_parts:
        cursor.execute("SELECT count(*) FROM fresh")
        return 0, cursor.fetchone()[0]
    cursor.execute("SELECT DISTINCT name FROM fresh")
    names = [name for (name,) in cursor.fetchall() if name]
    cursor.execute("CREATE TEMP TABLE guessed (name text PRIMARY KEY, category_id bigint NOT NULL)")
    for start in range(0, len(names), _BATCH):
        guessed = guess_categories(names[start : start + _BATCH])
        copy_rows(cursor, "guessed", ["name", "category_id"], [pair for pair in guessed.items() if pair[1] is not None])
    cursor.execute("UPDATE fresh SET category_id = guessed.category_id FROM guessed WHERE guessed.name = fresh.name")
    placed = cursor.rowcount
    cursor.execute("DROP TABLE guessed")
    cursor.execute("SELECT count(*) FROM fresh")
    return placed, cursor.fetchone()[0] - placed


def make_new_parts(cursor: CursorWrapper, *, version_id: int) -> int:
    """Turn ``fresh`` into parts and into questions; gives back how many parts were made. Call it in a transaction."""
    cursor.execute("SELECT to_regclass('pg_temp.fresh') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return 0
    cursor.execute(_UNPLACED, [version_id])
    cursor.execute(
        "SELECT brand_id, category_id, article_number, article_key, name FROM fresh WHERE category_id IS NOT NULL"
    )
    return make_parts(cursor, cursor.fetchall())


def make_parts(cursor: CursorWrapper, rows: Sequence[tuple[int, int, str, str, str]]) -> int:
    """Make parts of brand id, category id, article number, its key and name; gives back how many were not there yet.

    Nobody is asked about them any more. Call it in a transaction.
    """
    if not rows:
        return 0
    found = Category.objects.in_bulk({row[1] for row in rows})
    categories = {pk: category.search_texts() for pk, category in found.items()}
    brands = dict(Brand.objects.filter(pk__in={row[0] for row in rows}).values_list("pk", "name"))
    cursor.execute(
        "CREATE TEMP TABLE made (brand_id bigint, category_id bigint, article_number text, article_key text,"
        " search_key text, name text, words text) ON COMMIT DROP"
    )
    copy_rows(
        cursor,
        "made",
        ["brand_id", "category_id", "article_number", "article_key", "search_key", "name", "words"],
        (
            (brand, category, number, key, search_key(number), name,
             words_literal([name, *categories[category], brands[brand]]))
            for brand, category, number, key, name in rows
        ),
    )  # fmt: skip
    cursor.execute(_MAKE)
    made: int = cursor.rowcount
    cursor.execute(_ANSWERED)
    cursor.execute("DROP TABLE made")
    return made
