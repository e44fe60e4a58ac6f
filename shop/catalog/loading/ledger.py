"""Which rows of the bulk tables stand because of which files, and how they go and come back.

A file's ledger holds the rows it wrote and the rows it claims that another file wrote. A row goes with the last file
in force that claims it; rows that no file wrote are in no ledger and stay whatever happens.
"""

from typing import Any, Final

from django.db.backends.utils import CursorWrapper

from shop.catalog.models import CatalogFile, CatalogFileClaims

_Table = CatalogFileClaims.Table
TABLES: Final = {
    _Table.FITMENT: "catalog_fitment",
    _Table.OE_NUMBER: "catalog_oenumber",
    _Table.CROSS_REFERENCE: "catalog_crossreference",
    _Table.BARCODE: "catalog_barcode",
}
# What makes two rows of a table the same claim.
IDENTITY: Final = {
    _Table.FITMENT: ("part_id", "modification_id", "position", "condition_id", "source_id"),
    _Table.OE_NUMBER: ("part_id", "make_id", "search_key"),
    _Table.CROSS_REFERENCE: ("part_id", "kind", "brand_id", "search_key", "source_id"),
    _Table.BARCODE: ("part_id", "gtin"),
}
_CHUNK: Final = 10_000
_ADD: Final = """
INSERT INTO catalog_catalogfileclaims (file_id, "table", ids)
SELECT %s, %s, array_agg(id ORDER BY id)
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / {chunk} AS chunk FROM {rows} AS rows) numbered
GROUP BY chunk ORDER BY chunk
"""
# Ids in ledgers of files in force; %s: the table, then whose.
_CLAIMED: Final = """
SELECT DISTINCT unnest(claims.ids) AS id FROM catalog_catalogfileclaims claims
JOIN catalog_catalogfile file ON file.id = claims.file_id
WHERE file.applied_at IS NOT NULL AND claims."table" = %s AND {whose}
"""
_SAME_LIST: Final = "(file.source_id = %s AND file.kind = %s AND file.name = %s)"
_KEEP_REMOVED: Final = """
INSERT INTO catalog_catalogfileremoval (file_id, "table", rows)
SELECT %s, %s, jsonb_agg(kept) FROM (
    SELECT to_jsonb(row) AS kept, (row_number() OVER (ORDER BY row.id) - 1) / 1000 AS chunk
    FROM {table} row JOIN doomed USING (id)
) numbered GROUP BY chunk
"""
_RESTORE: Final = """
INSERT INTO {table}
SELECT kept.* FROM catalog_catalogfileremoval removal
CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{table}, removal.rows) kept
WHERE removal.file_id = %s AND removal."table" = %s
  AND kept.id IN ({claimed})
  AND NOT EXISTS (SELECT 1 FROM {table} now WHERE {same})
"""


def remember(cursor: CursorWrapper, file: CatalogFile, table: int, rows: str) -> None:
    """Add the ids of the temporary table ``rows`` to the file's ledger, but those it has already."""
    fresh = f"(SELECT id FROM {rows} WHERE id NOT IN ({_own()}))"  # noqa: S608
    cursor.execute(_ADD.format(chunk=_CHUNK, rows=fresh), [file.pk, table, file.pk, table])


def remember_shared(cursor: CursorWrapper, file: CatalogFile, table: int, known: str) -> None:
    """Of the rows that are there already (``known``), those that stand because of other files."""
    others = _CLAIMED.format(whose="file.id <> %s")
    rows = f"(SELECT DISTINCT id FROM {known} WHERE id IN ({others}) AND id NOT IN ({_own()}))"  # noqa: S608
    cursor.execute(_ADD.format(chunk=_CHUNK, rows=rows), [file.pk, table, table, file.pk, file.pk, table])


def find_doomed(cursor: CursorWrapper, file: CatalogFile, table: int, known: str) -> int:
    """Fill ``doomed`` with what this file claimed before, or, if it replaces, any former one of its list did; less
    what it claims now (``known``) and what stands because of other files too."""
    same_list = [file.source_id, file.kind, file.name]
    if file.replaces:
        former, elsewhere = f"(file.id = %s OR {_SAME_LIST})", f"file.id <> %s AND NOT ({_SAME_LIST})"
    else:
        former, elsewhere = "file.id = %s", "file.id <> %s"
    whose: list[Any] = [table, file.pk or 0, *(same_list if file.replaces else [])]
    cursor.execute("DROP TABLE IF EXISTS pg_temp.doomed")
    cursor.execute(
        f"CREATE TEMP TABLE doomed AS SELECT id FROM ({_CLAIMED.format(whose=former)}) former"  # noqa: S608
        f" WHERE EXISTS (SELECT 1 FROM {TABLES[_Table(table)]} row WHERE row.id = former.id)"
        f" EXCEPT SELECT id FROM {known} EXCEPT ({_CLAIMED.format(whose=elsewhere)})",
        [*whose, *whose],
    )
    return int(cursor.rowcount)


def take_away(cursor: CursorWrapper, file: CatalogFile, table: int) -> None:
    """Delete the rows of ``doomed`` and keep them whole, so that undoing ``file`` brings them back."""
    name = TABLES[_Table(table)]
    cursor.execute(_KEEP_REMOVED.format(table=name), [file.pk, table])
    cursor.execute(f"DELETE FROM {name} row USING doomed WHERE row.id = doomed.id")  # noqa: S608


def undo(cursor: CursorWrapper, file: CatalogFile) -> dict[str, int]:
    """Delete what only this file claims, bring back what it took away. Gives the counts."""
    counts = {"removed": 0, "restored": 0}
    CatalogFile.objects.filter(pk=file.pk).update(applied_at=None)
    for table, name in TABLES.items():
        cursor.execute(
            f"DELETE FROM {name} WHERE id IN ({_own()}) AND id NOT IN ({_CLAIMED.format(whose='true')})",  # noqa: S608
            [file.pk, int(table), int(table)],
        )
        counts["removed"] += cursor.rowcount
        same = " AND ".join(f"now.{column} IS NOT DISTINCT FROM kept.{column}" for column in IDENTITY[table])
        cursor.execute(
            _RESTORE.format(table=name, claimed=_CLAIMED.format(whose="true"), same=same),
            [file.pk, int(table), int(table)],
        )
        counts["restored"] += cursor.rowcount
    file.claims.all().delete()
    file.removals.all().delete()
    return counts


def _own() -> str:
    """%s: the file, the table."""
    return 'SELECT unnest(ids) FROM catalog_catalogfileclaims WHERE file_id = %s AND "table" = %s'
