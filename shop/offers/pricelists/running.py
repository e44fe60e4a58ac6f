"""The worker's way through a version: read → trial → brakes → switch → shelf. Killed anywhere, it ends the same.

Nothing of an unfinished version is kept but its file: temporary tables die with their connection, the switch is one
transaction, and the shelf is brought up to date in steps that may be repeated. The lock of the supplier is held by
the connection, so it dies with it too.
"""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.lib.locks import Lock, advisory_lock
from shop.lib.tables import TableFormat, TableRefused, open_table
from shop.offers.errors import NoWarehouse
from shop.offers.models import PriceList, PriceListVersion
from shop.offers.pricelists import merging, new_parts, staging
from shop.offers.pricelists.columns import recognise
from shop.offers.pricelists.layout import MOST_HEAD_ROWS, Layout, moved
from shop.offers.pricelists.offered_numbers import keep_numbers
from shop.offers.pricelists.shelving import bring_to_shelf, note_touched
from shop.offers.pricelists.switching import in_force_elsewhere, switch
from shop.offers.pricelists.trial import Brake, Trial, brakes_of, compare_prices

log = structlog.get_logger(__name__)
_Status = PriceListVersion.Status
# Hash tables of a million identities; the default of 4 MB would write them to disk piece by piece.
_WORK_MEMORY = "96MB"
_MOST_ATTEMPTS = 6


def run_version(version_id: int) -> None:
    """Bring a version as far as it goes by itself. Raises Busy while another of the same supplier is under way."""
    version = PriceListVersion.objects.select_related("price_list__supplier").get(pk=version_id)
    with advisory_lock(Lock.PRICE_LIST, version.price_list.supplier_id or 0):
        version.refresh_from_db()
        if version.status in PriceListVersion.UNFINISHED:
            if not _begin(version):
                return
            try:
                _run(version)
            except (TableRefused, NoWarehouse) as refusal:
                _refuse(version, refusal)
        if version.status == _Status.ACTIVE and not version.is_on_shelf:
            bring_to_shelf(version)


def _begin(version: PriceListVersion) -> bool:
    """Count the attempt; after too many a person has to look: something here kills every worker that tries."""
    PriceListVersion.objects.filter(pk=version.pk).update(attempts=F("attempts") + 1)
    if version.attempts < _MOST_ATTEMPTS:
        return True
    with override("uk"):
        reason = _("Завантаження кілька разів обірвалося. Подробиці — у журналі сервера.")
    _stop(version, reason)
    return False


def _run(version: PriceListVersion) -> None:
    if version.status != _Status.RELEASED and in_force_elsewhere(version):
        PriceListVersion.objects.filter(pk=version.pk).update(status=_Status.DISCARDED)
        version.status = _Status.DISCARDED
        return
    with bulk_session() as cursor, Progress(version) as progress:
        is_return = version.status == _Status.RELEASED and version.switched_at is not None
        if is_return:
            places: dict[int, int] = {}
            merging.restore_offers(cursor, version.price_list, version.pk, timezone.localdate())
        else:
            brakes, places = _try(cursor, version, progress)
            if version.status != _Status.RELEASED and (brakes or version.is_held):
                _wait_for_person(version, brakes)
                return
        with transaction.atomic():
            PriceList.objects.select_for_update().get(pk=version.price_list_id)
            if new_parts.make_new_parts(cursor, version_id=version.pk):
                merging.list_new_parts(cursor, version.price_list, places, timezone.localdate())
            table = merging.compare(cursor, version.price_list)
            switch(cursor, version, table=table, tell=progress.merged)
            if not is_return:
                # What was read well is how the next file is read; a person may have looked at it in between.
                PriceList.objects.filter(pk=version.price_list_id).update(reading=version.reading)
                keep_numbers(cursor, version.price_list)
            note_touched(cursor, table)
    version.refresh_from_db()


def _try(cursor: CursorWrapper, version: PriceListVersion, progress: "Progress") -> tuple[list[Brake], dict[int, int]]:
    """Read the file and work out what it would change; the report is kept with the version."""
    price_list = version.price_list
    if version.status == _Status.RECEIVED:
        PriceListVersion.objects.filter(pk=version.pk).update(status=_Status.READING)
        version.status = _Status.READING
    began = monotonic()
    told = Layout.from_json(version.reading) if version.reading else None
    trial, brakes, layout = try_file(
        cursor, Path(version.file.path), price_list, name=version.file_name, told=told, progress=progress
    )
    cursor.execute("DELETE FROM offers_rejectedrow WHERE version_id = %s", [version.pk])
    cursor.execute(
        "INSERT INTO offers_rejectedrow (version_id, row, reason, field, value)"
        " SELECT %s, row, reason, coalesce(field, ''), left(coalesce(value, ''), 200)"
        " FROM staged WHERE state = 'r' AND line = 0 ORDER BY row",
        [version.pk],
    )
    _remember_unknown_brands(cursor, version)
    trial.seconds = round(monotonic() - began, 1)
    trial.rows_per_second = round(trial.rows_after_header / max(monotonic() - began, 0.001))
    trial.peak_mb = peak_memory_mb()
    reading = layout.to_json()
    PriceListVersion.objects.filter(pk=version.pk).update(
        trial=trial.to_json(), brakes=[asdict(brake) for brake in brakes], reading=reading, tried_at=timezone.now()
    )
    version.reading = reading
    return brakes, layout.place_ids


def try_file(
    cursor: CursorWrapper,
    path: Path,
    price_list: PriceList | None,
    *,
    name: str,
    told: Layout | None = None,
    progress: "Progress | None" = None,
) -> tuple[Trial, list[Brake], Layout]:
    """Stage a file and compare it with what is in force; changes nothing. Raises TableRefused, NoWarehouse.

    ``told`` is how a person said it is to be read; else the list's last layout is used while it fits, else the file
    is recognised afresh. Without a ``price_list`` it is only read.
    """
    brands, currency = staging.brand_ids(), staging.list_currency(price_list)
    trial = Trial()
    known = Layout.from_json(price_list.reading) if price_list and price_list.reading else None
    with open_table(path, name=name, format=_format(told, known)) as table:
        layout, columns_changed = _layout(table, told, known, brands, currency)
        tell = progress.read if progress else (lambda read, rows: None)
        trial.count_rows(staging.stage(table, layout, brands=brands, currency=currency, tell=tell))
    if price_list is None:
        return trial, [], layout
    merging.list_offers(cursor, price_list, layout.place_ids, timezone.localdate())
    if new_parts.find_fresh(cursor):
        if new_parts.reject_lost_zeros(cursor):
            trial.count_rows(staging.count(cursor))
        trial.new_parts, trial.unplaced_parts = new_parts.place(cursor, creates_parts=price_list.creates_parts)
    compare_prices(cursor, trial, merging.compare(cursor, price_list))
    return trial, brakes_of(trial, price_list, columns_changed=columns_changed), layout


def _format(told: Layout | None, known: Layout | None) -> TableFormat | None:
    """What is said of the form of the file before it is opened: by a person all, by the last file only the sheet."""
    if told:
        return told.format
    return TableFormat("", sheet=known.format.sheet) if known else None


def _layout(table: Any, told: Layout | None, known: Layout | None, brands: Any, currency: str) -> tuple[Layout, bool]:
    """How to read it, and whether that is another way than last time."""
    if told:
        return told, False
    if known:
        first: list[list[str]] = []
        for cells in table.rows():
            first.append(cells)
            if len(first) >= MOST_HEAD_ROWS + 20:
                break
        if remembered := moved(known, first, table.format):
            return remembered, False
    return recognise(table, brands=brands, currency=currency), known is not None


def _remember_unknown_brands(cursor: CursorWrapper, version: PriceListVersion) -> None:
    from shop.catalog.numbers import brand_key

    cursor.execute(
        "SELECT left(value, 60), count(*) FROM staged WHERE state = 'r' AND reason = 'unknown_brand' AND line = 0"
        " GROUP BY 1 ORDER BY 2 DESC LIMIT 2000"
    )
    counted: dict[str, tuple[str, int]] = {}
    for spelling, rows in cursor.fetchall():
        if key := brand_key(spelling)[:60]:
            first, others = counted.get(key, (spelling, 0))
            counted[key] = (first, others + rows)
    cursor.executemany(
        "INSERT INTO offers_unknownbrand (name, key, rows, version_id, is_ignored) VALUES (%s, %s, %s, %s, false)"
        " ON CONFLICT (key) DO UPDATE SET rows = excluded.rows, version_id = excluded.version_id, seen_at = now()",
        [(spelling, key, rows, version.pk) for key, (spelling, rows) in sorted(counted.items())],
    )
    # Spellings that were answered elsewhere, say on the page of the brand.
    cursor.execute("DELETE FROM offers_unknownbrand asked USING catalog_brandalias known WHERE known.key = asked.key")


def _wait_for_person(version: PriceListVersion, brakes: list[Brake]) -> None:
    with override("uk"):
        reason = _("Прайс-лист чекає на рішення: спрацювали гальма.") if brakes else _("Прайс-лист чекає на перегляд.")
    PriceListVersion.objects.filter(pk=version.pk, status=_Status.READING).update(
        status=_Status.WAITING, needs_person_since=timezone.now(), needs_person_reason=reason
    )
    version.refresh_from_db()


def _refuse(version: PriceListVersion, refusal: TableRefused | NoWarehouse) -> None:
    with override("uk"):
        reason = str(refusal)
    _stop(version, reason)
    log.info("price-list-refused", version=version.pk, code=getattr(refusal, "code", "warehouse"))


def _stop(version: PriceListVersion, reason: str) -> None:
    with override("uk"):
        attention = _("Прайс-лист не прочитано.")
    PriceListVersion.objects.filter(pk=version.pk, status__in=PriceListVersion.UNFINISHED).update(
        status=_Status.REFUSED, refusal=reason[:300], needs_person_since=timezone.now(), needs_person_reason=attention
    )
    version.refresh_from_db()


class Progress:
    """Where the import really is, for whoever looks: written by a connection of its own, outside its transaction."""

    def __init__(self, version: PriceListVersion) -> None:
        self._pk = version.pk

    def __enter__(self) -> "Progress":
        self._connection = connections.create_connection("default")
        return self

    def __exit__(self, *_exception: object) -> None:
        self._connection.close()

    def read(self, bytes_read: int, rows_read: int) -> None:
        self._write("bytes_read = %s, rows_read = %s", bytes_read, rows_read)

    def merged(self, rows: int) -> None:
        self._write("rows_merged = %s", rows)

    def _write(self, what: str, *values: int) -> None:
        with suppress(OperationalError), self._connection.cursor() as cursor:
            # Somebody may hold the row: better no news than a wait. One string is one transaction, so the limit ends
            # with it and does not go back to the pool, where orders would meet it.
            cursor.execute(
                f"SET LOCAL lock_timeout = '50ms'; UPDATE offers_pricelistversion SET {what} WHERE id = %s",  # noqa: S608
                [*values, self._pk],
            )


@contextmanager
def bulk_session() -> Iterator[CursorWrapper]:
    """A cursor with room for large joins; the temporary tables of an import are gone afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET work_mem = '{_WORK_MEMORY}'")
        try:
            yield cursor
        finally:
            if not connection.needs_rollback:
                staging.drop_temporary_tables()
                cursor.execute("RESET work_mem")


def peak_memory_mb() -> int:
    """The most this process ever used, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)
