"""What a version would change among the offers of its list, worked out set by set, and changing it.

``listed`` holds the offers of the version with their retail prices; ``moved`` those that differ from what is in
force. Only ``moved`` is written, in slices, so that a list of a million rows whose prices of yesterday mostly hold
costs little.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from shop.offers.errors import NoWarehouse
from shop.offers.models import PriceList, Warehouse
from shop.offers.pricing import prepare_price_rules, retail_price

# Rows of ``moved`` written by one statement: progress is told between them. A page holds about 70.
_SLICE_PAGES = 700

_COLUMNS = "part_id, warehouse_id, purchase_price, currency, pieces, is_at_least, lead_days"
# Pieces of our own warehouse come from StockItem; "in stock, nobody says how many" sells as one or more.
_LISTED = """
SELECT 'n'::"char" AS kind, part.id AS part_id, place.warehouse_id, round(staged.price, 2) AS purchase_price,
       staged.currency, {pieces} AS pieces,
       staged.is_at_least OR (staged.pieces IS NULL AND staged.is_in_stock) AS is_at_least,
       least(coalesce(staged.lead_max, staged.lead_min, place.lead_days), 120)::smallint AS lead_days,
       {retail} AS price
FROM staged
JOIN catalog_part part ON part.brand_id = staged.brand_id AND part.article_key = staged.article_key
JOIN unnest(%s::smallint[], %s::bigint[], %s::smallint[]) AS place (place, warehouse_id, lead_days)
     ON place.place = staged.place
LEFT JOIN price_rule rule ON rule.price_list_id = %s AND rule.brand_id = part.brand_id
     AND rule.category_id = part.category_id
WHERE staged.state = 'o' AND {which}
"""
_THEIR_PIECES = (
    "CASE WHEN staged.pieces IS NULL THEN staged.is_in_stock::int ELSE least(staged.pieces, 2000000000)::int END"
)
_RESTORED = """
CREATE TEMP TABLE listed AS
SELECT 'n'::"char" AS kind, kept.part_id, kept.warehouse_id, kept.purchase_price, kept.currency, kept.pieces,
       kept.is_at_least, kept.lead_days, {retail} AS price
FROM offers_versionoffers chunk
CROSS JOIN LATERAL unnest(chunk.part_ids, chunk.warehouse_ids, chunk.purchase_prices, chunk.currencies, chunk.pieces,
     chunk.at_least, chunk.lead_days)
     AS kept (part_id, warehouse_id, purchase_price, currency, pieces, is_at_least, lead_days)
JOIN catalog_part part ON part.id = kept.part_id
LEFT JOIN price_rule rule ON rule.price_list_id = %s AND rule.brand_id = part.brand_id
     AND rule.category_id = part.category_id
WHERE chunk.version_id = %s
ORDER BY part_id
"""
_MOVED = """
CREATE TEMP TABLE moved AS
SELECT CASE WHEN live.part_id IS NULL THEN 'n' WHEN fresh.part_id IS NULL THEN 'v' ELSE 'c' END::"char" AS kind,
       part_id, warehouse_id, fresh.purchase_price, fresh.currency, fresh.pieces, fresh.is_at_least, fresh.lead_days,
       fresh.price, live.purchase_price AS old_purchase_price, live.currency AS old_currency, live.price AS old_price
FROM (SELECT * FROM listed WHERE price IS NOT NULL) fresh
FULL JOIN (SELECT * FROM offers_offer WHERE price_list_id = %s) live USING (part_id, warehouse_id)
WHERE live.part_id IS NULL OR fresh.part_id IS NULL
   OR (fresh.purchase_price, fresh.currency, fresh.pieces, fresh.is_at_least, fresh.lead_days, fresh.price)
      IS DISTINCT FROM
      (live.purchase_price, live.currency, live.pieces, live.is_at_least, live.lead_days, live.price)
"""
_INSERT = """
INSERT INTO offers_offer (price_list_id, part_id, warehouse_id, purchase_price, currency, price, pieces, is_at_least,
                          lead_days)
SELECT %s, part_id, warehouse_id, purchase_price, currency, price, pieces, is_at_least, lead_days
FROM {table} moved WHERE kind = 'n' AND price IS NOT NULL AND {slice}
"""
_REMEMBER = """
INSERT INTO offers_pastprice (price_list_id, part_id, warehouse_id, purchase_price, currency, price, since, until)
SELECT offer.price_list_id, offer.part_id, offer.warehouse_id, offer.purchase_price, offer.currency, offer.price,
       offer.since, statement_timestamp()
FROM moved JOIN offers_offer offer USING (part_id, warehouse_id)
WHERE offer.price_list_id = %s AND {slice} AND (moved.kind = 'v' OR (moved.kind = 'c' AND moved.price <> offer.price))
"""
_UPDATE = """
UPDATE offers_offer offer
SET purchase_price = moved.purchase_price, currency = moved.currency, pieces = moved.pieces,
    is_at_least = moved.is_at_least, lead_days = moved.lead_days, price = moved.price,
    since = CASE WHEN offer.price = moved.price THEN offer.since ELSE statement_timestamp() END
FROM moved
WHERE moved.kind = 'c' AND offer.price_list_id = %s AND offer.part_id = moved.part_id
  AND offer.warehouse_id = moved.warehouse_id AND {slice}
"""
_DELETE = """
DELETE FROM offers_offer offer USING moved
WHERE moved.kind = 'v' AND offer.price_list_id = %s AND offer.part_id = moved.part_id
  AND offer.warehouse_id = moved.warehouse_id AND {slice}
"""


@transaction.atomic  # the table of price rules lives as long as one
def list_offers(cursor: CursorWrapper, price_list: PriceList, places: Mapping[int, int], on: date) -> None:
    """Make ``listed`` from ``staged``: rows whose part is known, with the retail prices of the day.

    ``places`` says which warehouse a stock column of the file stands for, where several are kept apart. Raises
    NoWarehouse.
    """
    query, values = _listed(cursor, price_list, places, on, which="true")
    _join_as_a_whole(cursor)
    # In the order of parts every index and foreign key is met in order too: half the time of inserting.
    cursor.execute(f"CREATE TEMP TABLE listed AS {query} ORDER BY part_id", values)
    cursor.execute("ANALYZE listed")


@transaction.atomic  # the table of price rules lives as long as one
def list_new_parts(cursor: CursorWrapper, price_list: PriceList, places: Mapping[int, int], on: date) -> None:
    """Add to ``listed`` the rows of ``fresh``, whose parts have just been made."""
    which = "(staged.brand_id, staged.article_key) IN (SELECT brand_id, article_key FROM fresh)"
    query, values = _listed(cursor, price_list, places, on, which=which)
    cursor.execute(f"INSERT INTO listed {query}", values)


def _listed(
    cursor: CursorWrapper, price_list: PriceList, places: Mapping[int, int], on: date, *, which: str
) -> tuple[str, list[Any]]:
    warehouses = own_warehouses(price_list)
    soonest = next(iter(warehouses.values()), None)
    cursor.execute("SELECT DISTINCT place FROM staged WHERE state = 'o'")
    chosen: dict[int, Warehouse] = {}
    for (place,) in cursor.fetchall():
        warehouse = warehouses.get(places.get(place, 0)) or soonest
        if warehouse is None:
            raise NoWarehouse
        chosen[place] = warehouse
    prepare_price_rules(cursor, on=on, price_list_ids=[price_list.pk])
    query = _LISTED.format(
        pieces=_THEIR_PIECES if price_list.supplier_id else "NULL::int",
        retail=retail_price("round(staged.price, 2)", "staged.currency"),
        which=which,
    )
    ids, days = [w.pk for w in chosen.values()], [w.lead_days for w in chosen.values()]
    return query, [list(chosen), ids, days, price_list.pk]


@transaction.atomic  # the table of price rules lives as long as one
def restore_offers(cursor: CursorWrapper, price_list: PriceList, version_id: int, on: date) -> None:
    """Make ``listed`` from what a former version held, at the markups and rates of today."""
    prepare_price_rules(cursor, on=on, price_list_ids=[price_list.pk])
    retail = retail_price("kept.purchase_price", "kept.currency")
    cursor.execute(_RESTORED.format(retail=retail), [price_list.pk, version_id])
    cursor.execute("ANALYZE listed")


def compare(cursor: CursorWrapper, price_list: PriceList) -> str:
    """Make ``moved``; gives back the table that holds the differences: all of ``listed`` where nothing is in force."""
    cursor.execute("SELECT EXISTS (SELECT 1 FROM offers_offer WHERE price_list_id = %s)", [price_list.pk])
    if not cursor.fetchone()[0]:
        return "listed"
    cursor.execute("DROP TABLE IF EXISTS pg_temp.moved")
    cursor.execute(_MOVED, [price_list.pk])
    cursor.execute("ANALYZE moved")
    return "moved"


def apply(
    cursor: CursorWrapper, price_list: PriceList, table: str, tell: Callable[[int], None] = lambda rows: None
) -> int:
    """Write what ``table`` (of ``compare``) says into the offers; gives back how many rows that were.

    Call it in a transaction. Past prices are written down before they are overwritten.
    """
    cursor.execute("SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int", [f"pg_temp.{table}"])
    pages = cursor.fetchone()[0]
    steps = [_INSERT] if table == "listed" else [_REMEMBER, _UPDATE, _DELETE, _INSERT]
    written = 0
    for start in range(0, pages, _SLICE_PAGES):
        end = start + _SLICE_PAGES
        slice_ = f"moved.ctid >= '({start},0)'::tid AND moved.ctid < '({end},0)'::tid"
        for step in steps:
            cursor.execute(step.format(table=table, slice=slice_), [price_list.pk])
            if step is not _REMEMBER:
                written += cursor.rowcount
        tell(written)
    return written


def _join_as_a_whole(cursor: CursorWrapper) -> None:
    """Keep the planner from looking parts up one by one: it cannot know that nearly every pair of brand and number is
    there, and expects fifty rows of a million. For a short list that is right."""
    cursor.execute("SELECT reltuples > 20000 FROM pg_class WHERE oid = 'pg_temp.staged'::regclass")
    if cursor.fetchone()[0]:
        cursor.execute("SET LOCAL enable_nestloop = off")


def own_warehouses(price_list: PriceList) -> dict[int, Warehouse]:
    """Warehouses that the list's goods may leave from, the soonest first."""
    rows = Warehouse.objects.filter(supplier=price_list.supplier_id, is_active=True).order_by("lead_days", "pk")
    return {warehouse.pk: warehouse for warehouse in rows}
