"""Many rows at once: COPY into a table, and COPY followed by the few statements that change only what differs."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg.sql import SQL, Composable, Composed, Identifier


@dataclass(frozen=True)
class Changes:
    """How many rows a load wrote."""

    added: int = 0
    changed: int = 0
    retired: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(self.added + other.added, self.changed + other.changed, self.retired + other.retired)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired)


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 file with one header row."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split_list(cell: str) -> list[str]:
    """``a;b`` → two entries; an empty cell is an empty list."""
    return cell.split(";") if cell else []


def copy_rows(cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY Python values, one row after another."""
    with cursor.copy(_copy_into(table, columns)) as copy:
        for row in rows:
            copy.write_row(row)


def copy_text(cursor: CursorWrapper, table: str, columns: Sequence[str], chunks: Iterable[str]) -> None:
    """COPY text that is already in PostgreSQL's text format: tabs, newlines, ``\\N`` for NULL."""
    with cursor.copy(_copy_into(table, columns)) as copy:
        for chunk in chunks:
            copy.write(chunk)


def _copy_into(table: str, columns: Sequence[str]) -> Composed:
    return SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), _names(columns))


@transaction.atomic
def upsert(
    model: type[Model], rows: Iterable[dict[str, Any]], *, key: Sequence[str], fixed: Sequence[str] = ()
) -> Changes:
    """Bring ``model``'s table up to ``rows`` (column → value, the same columns in each), matched by ``key``.

    Columns in ``fixed`` are written when a row is added and stay as they are afterwards. A row that is as it
    should be is not touched. Models with ``in_reference`` remember which rows came from here: those that are
    missing now are retired (``is_active`` off), never deleted; rows of other origin are left alone.
    """
    rows = list(rows)
    if not rows:
        return Changes()
    table, columns = model._meta.db_table, list(rows[0])
    has_origin = any(field.name == "in_reference" for field in model._meta.get_fields())
    with connection.cursor() as cursor:
        cursor.execute(
            SQL("CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                _names(columns), Identifier(table)
            )
        )
        copy_rows(cursor, "incoming", columns, ([row[column] for column in columns] for row in rows))
        changes = Changes(
            changed=_update(cursor, table, key, [c for c in columns if c not in {*key, *fixed}], has_origin=has_origin),
            added=_insert(cursor, model, key, columns, has_origin=has_origin),
            retired=_retire(cursor, table, key) if has_origin else 0,
        )
        cursor.execute("DROP TABLE incoming")
        if changes:
            # Without fresh counts the planner takes a new table for an empty one and joins it row by row.
            cursor.execute(SQL("ANALYZE {}").format(Identifier(table)))
    return changes


def _update(cursor: CursorWrapper, table: str, key: Sequence[str], columns: Sequence[str], *, has_origin: bool) -> int:
    sets: list[Composable] = [SQL("{0} = incoming.{0}").format(Identifier(column)) for column in columns]
    differs: list[Composable] = [
        SQL("kept.{0} IS DISTINCT FROM incoming.{0}").format(Identifier(column)) for column in columns
    ]
    if has_origin:
        # A row that comes back is shown again; one that staff have hidden stays hidden.
        sets += [SQL("is_active = kept.is_active OR NOT kept.in_reference"), SQL("in_reference = true")]
        differs.append(SQL("NOT kept.in_reference"))
    if not sets:
        return 0
    cursor.execute(
        SQL("UPDATE {} kept SET {} FROM incoming WHERE {} AND ({})").format(
            Identifier(table), SQL(", ").join(sets), _same_key(key), SQL(" OR ").join(differs)
        )
    )
    return int(cursor.rowcount)


def _insert(
    cursor: CursorWrapper, model: type[Model], key: Sequence[str], columns: Sequence[str], *, has_origin: bool
) -> int:
    defaults = {
        field.column: field.get_default()
        for field in model._meta.concrete_fields
        if field.column not in columns and field.has_default() and not field.primary_key
    }
    if has_origin:
        defaults["in_reference"] = True
    cursor.execute(
        SQL("INSERT INTO {} ({}) SELECT {} FROM incoming WHERE NOT EXISTS (SELECT 1 FROM {} kept WHERE {})").format(
            Identifier(model._meta.db_table),
            _names([*columns, *map(str, defaults)]),
            SQL(", ").join([*map(Identifier, columns), *[SQL("%s")] * len(defaults)]),
            Identifier(model._meta.db_table),
            _same_key(key),
        ),
        list(defaults.values()),
    )
    return int(cursor.rowcount)


def _retire(cursor: CursorWrapper, table: str, key: Sequence[str]) -> int:
    cursor.execute(
        SQL(
            "UPDATE {} kept SET is_active = false, in_reference = false "
            "WHERE in_reference AND NOT EXISTS (SELECT 1 FROM incoming WHERE {})"
        ).format(Identifier(table), _same_key(key))
    )
    return int(cursor.rowcount)


def _same_key(key: Sequence[str]) -> Composed:
    return SQL(" AND ").join(SQL("kept.{0} = incoming.{0}").format(Identifier(column)) for column in key)


def _names(columns: Iterable[str]) -> Composed:
    return SQL(", ").join(map(Identifier, columns))


def ids_by(model: type[Model], column: str) -> dict[Any, int]:
    """Row ids by a unique column, to fill foreign keys of the rows copied next."""
    pairs: Iterator[tuple[Any, int]] = model._default_manager.values_list(column, "pk").iterator()
    return dict(pairs)
