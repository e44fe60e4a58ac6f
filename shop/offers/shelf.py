"""Recompute the shelf from current offers, in one statement that writes changed rows only."""

from collections.abc import Collection
from typing import Any

from django.db import connection

# lead_days: the soonest offer with pieces; price: the cheapest one. Parts without offers keep a row with NULLs.
_REFRESH = """
WITH best AS (
    SELECT o.part_id,
           min(o.price) AS price,
           min(o.lead_days) AS lead_days
    FROM (
        SELECT offer.part_id, offer.price, offer.lead_days,
               CASE WHEN warehouse.supplier_id IS NULL THEN coalesce((
                        SELECT stock.on_hand - stock.reserved FROM offers_stockitem stock
                        WHERE stock.part_id = offer.part_id AND stock.warehouse_id = offer.warehouse_id
                    ), 0)
                    ELSE coalesce(offer.pieces, 0) END AS free
        FROM offers_offer offer
        JOIN offers_pricelist list ON list.id = offer.price_list_id
        JOIN offers_warehouse warehouse ON warehouse.id = offer.warehouse_id AND warehouse.is_active
        LEFT JOIN offers_supplier supplier ON supplier.id = list.supplier_id
        WHERE coalesce(supplier.is_active, true) AND coalesce(list.fresh_until > now(), true) {only_offers}
    ) o
    WHERE o.free > 0
    GROUP BY o.part_id
), wanted AS (
    SELECT part.id AS part_id, part.category_id, part.brand_id, best.price, best.lead_days
    FROM catalog_part part LEFT JOIN best ON best.part_id = part.id
    WHERE part.is_active {only_parts}
), changed AS MATERIALIZED (
    -- An upsert would lock, and so write, the rows that stay as they are as well.
    SELECT wanted.* FROM offers_partshelf shelf JOIN wanted ON wanted.part_id = shelf.part_id
    WHERE (shelf.category_id, shelf.brand_id, shelf.price, shelf.lead_days)
          IS DISTINCT FROM (wanted.category_id, wanted.brand_id, wanted.price, wanted.lead_days)
    ORDER BY shelf.part_id  -- two refreshes lock rows in one order
    FOR UPDATE OF shelf
), updated AS (
    UPDATE offers_partshelf shelf
    SET category_id = changed.category_id, brand_id = changed.brand_id, price = changed.price,
        lead_days = changed.lead_days
    FROM changed WHERE changed.part_id = shelf.part_id
    RETURNING 1
), added AS (
    INSERT INTO offers_partshelf (part_id, category_id, brand_id, price, lead_days)
    SELECT * FROM wanted
    WHERE NOT EXISTS (SELECT 1 FROM offers_partshelf shelf WHERE shelf.part_id = wanted.part_id)
    ORDER BY part_id
    ON CONFLICT (part_id) DO NOTHING
    RETURNING 1
), removed AS (
    DELETE FROM offers_partshelf shelf USING catalog_part part
    WHERE part.id = shelf.part_id AND NOT part.is_active {only_parts}
    RETURNING 1
)
SELECT (SELECT count(*) FROM updated) + (SELECT count(*) FROM added) + (SELECT count(*) FROM removed)
"""


def refresh_shelf(part_ids: Collection[int] | None = None) -> int:
    """Bring the shelf of these parts (of all parts when None) up to date; returns the number of rows written."""
    if part_ids is None:
        return _refresh("", [])
    return _refresh("AND {part} = ANY(%s)", [list(part_ids)])


def refresh_shelf_between(first: int, last: int, *, of: str = "") -> int:
    """The same for parts with ids from ``first`` to ``last``; ``of`` names a table whose ``part_id`` narrows them."""
    only = "AND {part} BETWEEN %s AND %s"
    if of:
        only += f" AND {{part}} IN (SELECT part_id FROM {of} WHERE part_id BETWEEN %s AND %s)"  # noqa: S608  # ours
    return _refresh(only, [first, last, first, last] if of else [first, last])


def _refresh(only: str, values: list[Any]) -> int:
    statement = _REFRESH.format(only_offers=only.format(part="offer.part_id"), only_parts=only.format(part="part.id"))
    with connection.cursor() as cursor:
        cursor.execute(statement, values * 3)
        written: int = cursor.fetchone()[0]
        return written
