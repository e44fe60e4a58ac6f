"""Staged numbers → claims of three tables, compared with the catalogue, and written."""

from dataclasses import dataclass
from typing import Final

from django.db.backends.utils import CursorWrapper

from shop.catalog.loading import ledger
from shop.catalog.loading.report import Report
from shop.catalog.models import CatalogFile, CatalogFileClaims, CrossReference

_Table = CatalogFileClaims.Table


@dataclass(frozen=True)
class _Claims:
    """How one table is compared and written; ``%(source)s`` and ``%(denied)s`` are known to each statement."""

    name: str
    columns: str
    same: str
    allowed: str = "true"


_CLAIMS: Final = {
    _Table.OE_NUMBER: _Claims(
        "oe",
        "part_id, make_id, number, search_key",
        "kept.part_id = claimed.part_id AND kept.make_id = claimed.owner_id AND kept.search_key = claimed.search_key",
    ),
    _Table.CROSS_REFERENCE: _Claims(
        "cross",
        "part_id, brand_id, number, search_key, kind, source_id",
        "kept.part_id = claimed.part_id AND kept.brand_id = claimed.owner_id AND kept.kind = claimed.claim"
        " AND kept.search_key = claimed.search_key AND kept.source_id = %(source)s",
        # Neither a part's own number nor what our staff have denied.
        "(claimed.owner_id, claimed.search_key) <> (own_brand_id, own_key) AND NOT is_denied",
    ),
    _Table.BARCODE: _Claims("barcode", "part_id, gtin", "kept.part_id = claimed.part_id AND kept.gtin = claimed.gtin"),
}
_VALUES: Final = {
    _Table.OE_NUMBER: "part_id, owner_id, number, search_key",
    _Table.CROSS_REFERENCE: "part_id, owner_id, number, search_key, claim, %(source)s",
    _Table.BARCODE: "part_id, gtin",
}
_CLAIMED: Final = """
CREATE TEMP TABLE claimed AS
SELECT DISTINCT ON (staged.kind, part.id, staged.claim, staged.owner_id, staged.search_key, staged.gtin)
       staged.kind AS target, part.id AS part_id, part.brand_id AS own_brand_id, part.search_key AS own_key,
       staged.claim, staged.owner_id, staged.number, staged.search_key, staged.gtin,
       staged.kind = %(cross)s AND EXISTS (
           SELECT 1 FROM catalog_crossreference denied
           WHERE denied.part_id = part.id AND denied.brand_id = staged.owner_id AND denied.kind = %(denied)s
             AND denied.search_key = staged.search_key
       ) AS is_denied
FROM staged JOIN catalog_part part ON part.brand_id = staged.brand_id AND part.article_key = staged.article_key
WHERE staged.state = 'o'
ORDER BY staged.kind, part.id, staged.claim, staged.owner_id, staged.search_key, staged.gtin, staged.row
"""


def compare(cursor: CursorWrapper, *, source_id: int, report: Report) -> None:
    """Make ``claimed`` and ``known`` (which claims there are already, and their rows)."""
    denied, cross = int(CrossReference.Kind.DIFFERS), int(_Table.CROSS_REFERENCE)
    cursor.execute(_CLAIMED, {"denied": denied, "cross": cross})
    cursor.execute("ANALYZE claimed")
    cursor.execute("CREATE TEMP TABLE known (target smallint, id bigint)")
    for table, claims in _CLAIMS.items():
        values = {"source": source_id, "target": int(table)}
        cursor.execute(f"SELECT count(*) FROM claimed WHERE target = %(target)s AND {claims.allowed}", values)  # noqa: S608
        total = cursor.fetchone()[0]
        cursor.execute(
            f"INSERT INTO known SELECT %(target)s, min(kept.id) FROM claimed"  # noqa: S608
            f" JOIN {ledger.TABLES[table]} kept ON {claims.same}"
            f" WHERE target = %(target)s AND {claims.allowed}"
            f" GROUP BY claimed.part_id, claimed.claim, claimed.owner_id, claimed.search_key, claimed.gtin",
            values,
        )
        report.known[claims.name] = cursor.rowcount
        report.new[claims.name] = total - cursor.rowcount
    cursor.execute("SELECT part_id, number, count(*) OVER () FROM claimed WHERE is_denied ORDER BY 1, 2 LIMIT 20")
    rows = cursor.fetchall()
    report.contradicting = rows[0][2] if rows else 0
    report.contradictions = [{"part_id": part, "number": number} for part, number, _count in rows]


def find_vanished(cursor: CursorWrapper, file: CatalogFile, report: Report) -> None:
    for table, claims in _CLAIMS.items():
        kept = _known_of(table)
        report.vanished[claims.name] = ledger.find_doomed(cursor, file, table, kept)


def write(cursor: CursorWrapper, file: CatalogFile, report: Report) -> None:
    """Write claims and ledger. Call it in a transaction that began before ``compare``."""
    for table, claims in _CLAIMS.items():
        values = {"source": file.source_id, "target": int(table)}
        name = ledger.TABLES[table]
        cursor.execute("DROP TABLE IF EXISTS pg_temp.fresh")
        cursor.execute("CREATE TEMP TABLE fresh (id bigint NOT NULL)")
        cursor.execute(
            f"WITH added AS (INSERT INTO {name} ({claims.columns}) SELECT {_VALUES[table]} FROM claimed"  # noqa: S608
            f" WHERE target = %(target)s AND {claims.allowed}"
            f" AND NOT EXISTS (SELECT 1 FROM {name} kept WHERE {claims.same}) RETURNING id)"
            f" INSERT INTO fresh SELECT id FROM added",
            values,
        )
        ledger.remember(cursor, file, table, "fresh")
        kept = _known_of(table)
        ledger.remember_shared(cursor, file, table, kept)
        cursor.execute("INSERT INTO known SELECT %(target)s, id FROM fresh", values)
        report.vanished[claims.name] = ledger.find_doomed(cursor, file, table, kept)
        ledger.take_away(cursor, file, table)


def _known_of(table: CatalogFileClaims.Table) -> str:
    return f"(SELECT id FROM known WHERE target = {int(table)}) kept"  # noqa: S608 -- a number of ours
