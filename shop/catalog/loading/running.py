"""The worker's way through a file: read → trial → (a person) → read again and write → maybe undo.

Between the file and the catalogue there are only temporary tables, and what is written is written in one transaction:
killed anywhere, the file is taken up again and comes to the same end.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Final

import structlog
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from shop.catalog.errors import CatalogFileError
from shop.catalog.loading import fitment_claims, ledger, number_claims
from shop.catalog.loading.fitment_rows import FitmentReader
from shop.catalog.loading.report import Report
from shop.catalog.loading.staging import Tell, drop_temporary_tables, stage
from shop.catalog.models import CatalogFile
from shop.lib.locks import Lock, advisory_lock, advisory_transaction_lock
from shop.lib.tables import TableRefused
from shop.lib.version import bump_catalogue_version

log = structlog.get_logger(__name__)
_Status = CatalogFile.Status
_WORK_MEMORY: Final = "96MB"
_MOST_ATTEMPTS: Final = 6
# So many rejected rows are kept to be looked at and downloaded.
_MOST_REJECTED: Final = 100_000
_KEEP_REJECTED: Final = """
INSERT INTO catalog_catalogfilerow (file_id, row, reason, value)
SELECT DISTINCT %s::bigint, row, left(reason, 40), left(coalesce(value, ''), 200)
FROM staged WHERE state = 'r' ORDER BY row LIMIT %s
"""


def run_file(file_id: int) -> None:
    """Bring a file as far as it goes by itself. Raises Busy while another of the same source is under way."""
    file = CatalogFile.objects.select_related("source").get(pk=file_id)
    with advisory_lock(Lock.CATALOG_FILE, file.source_id):
        file.refresh_from_db()
        if file.status not in CatalogFile.UNFINISHED or not _begin(file):
            return
        try:
            if file.status == _Status.UNDOING:
                _undo(file)
            elif file.status == _Status.APPLYING:
                _apply(file)
            else:
                _try(file)
        except (TableRefused, CatalogFileError) as refusal:
            with override("uk"):
                _stop(file, str(refusal))


def try_path(cursor: CursorWrapper, path: Path, file: CatalogFile, *, name: str, tell: Tell) -> Report:
    """Read a file and work out what it would change; writes nothing. ``file`` may be unsaved.

    Raises TableRefused, CatalogFileError.
    """
    began = monotonic()
    report = _compare(cursor, path, file, name=name, tell=tell, writes=False)
    claims = fitment_claims if file.kind == CatalogFile.Kind.FITMENT else number_claims
    claims.find_vanished(cursor, file, report)
    report.seconds = round(monotonic() - began, 2)
    return report


def _compare(cursor: CursorWrapper, path: Path, file: CatalogFile, *, name: str, tell: Tell, writes: bool) -> Report:
    report = Report()
    reader = stage(cursor, path, kind=file.kind, name=name, tell=tell)
    report.layout = reader.layout.to_json()
    report.count_rows(cursor)
    if isinstance(reader, FitmentReader):
        fitment_claims.compare(cursor, reader, source_id=file.source_id or 0, report=report, writes=writes)
    else:
        number_claims.compare(cursor, source_id=file.source_id or 0, report=report)
    return report


def _try(file: CatalogFile) -> None:
    CatalogFile.objects.filter(pk=file.pk).update(status=_Status.READING)
    with bulk_session() as cursor, Progress(file) as progress:
        report = try_path(cursor, Path(file.file.path), file, name=file.file_name, tell=progress.read)
        with override("uk"):
            reason = _("Файл перевірено: подивіться, що зміниться, і застосуйте.")
        with transaction.atomic():
            _keep_rejected(cursor, file)
            if file.kind == CatalogFile.Kind.FITMENT:
                fitment_claims.remember_texts(cursor, file)
            CatalogFile.objects.filter(pk=file.pk).update(
                status=_Status.TRIED,
                report=report.to_json(),
                rows_read=report.rows,
                bytes_read=F("bytes_total"),
                tried_at=timezone.now(),
                refusal="",
                needs_person_since=timezone.now(),
                needs_person_reason=reason,
            )
    file.refresh_from_db()


def _apply(file: CatalogFile) -> None:
    began = monotonic()
    is_fitment = file.kind == CatalogFile.Kind.FITMENT
    with bulk_session() as cursor, Progress(file) as progress, transaction.atomic():
        advisory_transaction_lock(Lock.CATALOG_FITMENTS if is_fitment else Lock.CATALOG_NUMBERS)
        report = _compare(cursor, Path(file.file.path), file, name=file.file_name, tell=progress.read, writes=True)
        (fitment_claims if is_fitment else number_claims).write(cursor, file, report)
        _keep_rejected(cursor, file)
        report.seconds = round(monotonic() - began, 2)
        with override("uk"):
            asked = ngettext(
                "Файл застосовано, але %(count)d опис авто чекає на відповідь.",
                "Файл застосовано, але описів авто, що чекають на відповідь: %(count)d.",
                report.unknown_cars,
            ) % {"count": report.unknown_cars}
        CatalogFile.objects.filter(pk=file.pk).update(
            needs_person_since=timezone.now() if report.unknown_cars else None,
            needs_person_reason=asked if report.unknown_cars else "",
            status=_Status.APPLIED,
            report=report.to_json(),
            rows_read=report.rows,
            applied_at=timezone.now(),
            attempts=0,
            refusal="",
        )
        drop_temporary_tables(cursor)
    bump_catalogue_version()
    file.refresh_from_db()


def _undo(file: CatalogFile) -> None:
    with bulk_session() as cursor, transaction.atomic():
        advisory_transaction_lock(
            Lock.CATALOG_FITMENTS if file.kind == CatalogFile.Kind.FITMENT else Lock.CATALOG_NUMBERS
        )
        counts = ledger.undo(cursor, file)
        file.waiting.all().delete()
        report = file.report | {"undone": counts}
        CatalogFile.objects.filter(pk=file.pk).update(status=_Status.UNDONE, report=report, attempts=0)
    bump_catalogue_version()
    file.refresh_from_db()


def _keep_rejected(cursor: CursorWrapper, file: CatalogFile) -> None:
    cursor.execute("DELETE FROM catalog_catalogfilerow WHERE file_id = %s", [file.pk])
    cursor.execute(_KEEP_REJECTED, [file.pk, _MOST_REJECTED])


def _begin(file: CatalogFile) -> bool:
    """Count the attempt; after too many a person has to look: something here kills every worker that tries."""
    CatalogFile.objects.filter(pk=file.pk).update(attempts=F("attempts") + 1)
    if file.attempts < _MOST_ATTEMPTS:
        return True
    with override("uk"):
        _stop(file, _("Завантаження кілька разів обірвалося. Подробиці — у журналі сервера."))
    return False


def _stop(file: CatalogFile, reason: str) -> None:
    """Refused; a file that is in force stays so."""
    status = _Status.APPLIED if file.is_in_force else _Status.REFUSED
    CatalogFile.objects.filter(pk=file.pk).update(
        status=status, refusal=reason[:300], needs_person_since=timezone.now(), needs_person_reason=reason[:200]
    )
    log.info("catalog-file-refused", file=file.pk)
    file.refresh_from_db()


class Progress:
    """Where the reading really is, for whoever looks: written by a connection of its own, outside its transaction."""

    def __init__(self, file: CatalogFile) -> None:
        self._pk = file.pk

    def __enter__(self) -> "Progress":
        self._connection = connections.create_connection("default")
        return self

    def __exit__(self, *_exception: object) -> None:
        self._connection.close()

    def read(self, bytes_read: int, rows_read: int) -> None:
        with suppress(OperationalError), self._connection.cursor() as cursor:
            # Somebody may hold the row: better no news than a wait. One string is one transaction, so the limit ends
            # with it and does not go back to the pool, where orders would meet it.
            cursor.execute(
                "SET LOCAL lock_timeout = '50ms';"
                " UPDATE catalog_catalogfile SET bytes_read = %s, rows_read = %s WHERE id = %s",
                [bytes_read, rows_read, self._pk],
            )


@contextmanager
def bulk_session() -> Iterator[CursorWrapper]:
    """A cursor with room for large joins; its temporary tables are gone afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET work_mem = '{_WORK_MEMORY}'")
        try:
            yield cursor
        finally:
            if not connection.needs_rollback:
                drop_temporary_tables(cursor)
                cursor.execute("RESET work_mem")
