"""The rows of a file in a temporary table, by one COPY; what only all rows together can tell is found there.

Everything is temporary, of this connection alone: a killed import leaves nothing behind and is read again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic

from django.db import connection
from django.db.backends.utils import CursorWrapper

from shop.catalog.models import BrandAlias
from shop.lib.copying import copy_text
from shop.lib.tables import Table
from shop.offers.models import Currency, PriceList
from shop.offers.pricelists.layout import Layout
from shop.offers.pricelists.rows import STAGED_COLUMNS, RowReader

# A sum in MoneyField's twelve digits.
MOST_PRICE = 10_000_000_000
_REPORT_SECONDS = 0.7

_STAGED = """
CREATE TEMP TABLE staged (
    state "char" NOT NULL, row integer NOT NULL, line smallint NOT NULL, reason text, field text, value text,
    brand_id bigint, article_number text, article_key text, name text, price numeric, currency text,
    pieces bigint, is_at_least boolean, is_in_stock boolean, lead_min integer, lead_max integer, place smallint,
    numbers text, crosses text
)
"""
# What no rule of reading refused, but no offer can hold.
_TOO_LONG = """
UPDATE staged SET state = 'r', (reason, field, value) = (
    SELECT CASE WHEN length(article_number) > 60 OR length(article_key) > 60 THEN 'article_too_long'
                WHEN round(price, 2) <= 0 THEN 'price_zero' ELSE 'price_too_large' END,
           CASE WHEN length(article_number) > 60 OR length(article_key) > 60 THEN 'article' ELSE 'price' END,
           CASE WHEN length(article_number) > 60 OR length(article_key) > 60 THEN left(article_number, 200)
                ELSE left(price::text, 200) END
)
WHERE state = 'o' AND (length(article_number) > 60 OR length(article_key) > 60 OR price >= %s OR round(price, 2) <= 0)
"""
# The first good row of an identity stays. A row may have several lines, one for each warehouse: they go together.
_REPEATED = """
CREATE TEMP TABLE repeated AS
SELECT brand_id, article_key FROM staged WHERE state = 'o' AND line = 0
GROUP BY brand_id, article_key HAVING count(*) > 1
"""
_DUPLICATES = """
WITH placed AS (
    SELECT row, first_value(row) OVER same AS kept, price = first_value(price) OVER same
           AND currency = first_value(currency) OVER same AS is_same
    FROM staged JOIN repeated USING (brand_id, article_key)
    WHERE state = 'o' AND line = 0
    WINDOW same AS (PARTITION BY brand_id, article_key ORDER BY row)
)
UPDATE staged
SET state = 'r', field = 'article', value = left(staged.article_number, 200),
    reason = CASE WHEN placed.is_same THEN 'duplicate' ELSE 'duplicate_conflicting_price' END
FROM placed WHERE staged.row = placed.row AND placed.row <> placed.kept AND staged.state = 'o'
"""
_COUNTS = """
SELECT state::text, reason, count(*) FROM staged WHERE line = 0 GROUP BY state, reason
"""


@dataclass
class Counts:
    """Rows of a file after its header."""

    ok: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    ignored: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.ok + sum(self.rejected.values()) + sum(self.ignored.values())

    @property
    def rejected_rows(self) -> int:
        return sum(self.rejected.values())


def brand_ids() -> Mapping[str, int]:
    """Every spelling of every brand, by ``brand_key``."""
    return dict(BrandAlias.objects.values_list("key", "brand_id"))


def list_currency(price_list: PriceList | None) -> str:
    """What a price without a currency of its own is in."""
    supplier = price_list.supplier if price_list else None
    return supplier.currency if supplier else Currency.UAH


def stage(
    table: Table,
    layout: Layout,
    *,
    brands: Mapping[str, int],
    currency: str,
    tell: Callable[[int, int], None] = lambda read, rows: None,
) -> Counts:
    """Fill ``staged`` from the file. ``tell`` hears bytes and rows read, about once a second."""
    reader = RowReader(layout, brands, currency=currency)
    with connection.cursor() as cursor:
        cursor.execute(_STAGED)
        copy_text(cursor, "staged", STAGED_COLUMNS, _told(reader.copy_text(table.rows()), table, reader, tell))
        tell(table.size, reader.rows_read)
        cursor.execute("ANALYZE staged (state, brand_id, article_key)")
        cursor.execute(_TOO_LONG, [MOST_PRICE])
        cursor.execute(_REPEATED)
        if cursor.rowcount:
            cursor.execute("CREATE INDEX ON staged (row)")
            cursor.execute(_DUPLICATES)
        return count(cursor)


def count(cursor: CursorWrapper) -> Counts:
    """What became of the rows."""
    counts = Counts()
    cursor.execute(_COUNTS)
    for state, reason, rows in cursor.fetchall():
        if state == "o":
            counts.ok += rows
        else:
            (counts.rejected if state == "r" else counts.ignored)[reason] = rows
    return counts


def drop_temporary_tables() -> None:
    """Leave the connection as it was found."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.staged, pg_temp.repeated, pg_temp.listed, pg_temp.moved, pg_temp.fresh,"
            " pg_temp.offered_numbers"
        )


def _told(chunks: Iterable[str], table: Table, reader: RowReader, tell: Callable[[int, int], None]) -> Iterator[str]:
    said = monotonic()
    for chunk in chunks:
        yield chunk
        if monotonic() - said > _REPORT_SECONDS:
            said = monotonic()
            tell(table.position, reader.rows_read)
