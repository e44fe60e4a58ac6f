"""Batches go to the database in a thread of their own, so that both processors work."""

import queue
import threading
from collections.abc import Iterable
from types import TracebackType

from django.db import connection
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from shop.local.demo.parts import COLUMNS, Batch


class BatchWriter:
    """Copies batches over the caller's own connection, within its transaction.

    Until the block ends nobody else may use that connection. An error of the database is raised at the next
    ``write`` or at the end.
    """

    def __init__(self) -> None:
        connection.ensure_connection()
        self._connection: Connection = connection.connection
        self._batches: queue.Queue[Batch | None] = queue.Queue(maxsize=2)
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="batch-writer", daemon=True)

    def __enter__(self) -> "BatchWriter":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._batches.put(None)
        self._thread.join()
        if self._error and error is None:
            raise self._error

    def write(self, batch: Batch) -> None:
        if self._error:
            raise self._error
        self._batches.put(batch)

    def _run(self) -> None:
        while batch := self._batches.get():
            if self._error is None:
                try:
                    self._copy(batch)
                except Exception as error:  # raised again in the caller's thread
                    self._error = error

    def _copy(self, batch: Batch) -> None:
        with self._connection.cursor() as cursor:
            for table, texts in batch.texts.items():
                if texts:
                    with cursor.copy(_copy_statement(table, COLUMNS[table])) as copy:
                        copy.write("".join(texts))


def _copy_statement(table: str, columns: Iterable[str]) -> SQL:
    names = SQL(", ").join(map(Identifier, columns))
    return SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), names)  # type: ignore[return-value]
