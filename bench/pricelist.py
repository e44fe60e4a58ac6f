"""``pricelist``: a million rows of CSV and 200 thousand of XLSX, read, merged, switched, on the shelf; then the next
morning's file; and how long buyers wait meanwhile.

Reference: the same cells by COPY into a staging table, and one INSERT … SELECT that looks the parts up, into a table
with the indexes, the constraints and the present rows of the offers. It reads no dialects, checks no row, knows no
prices, keeps no versions, fills no shelf. The same into an empty table is printed beside it: an index of nothing grows
faster.
"""

import argparse
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench import client
from bench.engines import BenchEngines
from bench.load import percentile
from bench.pages import LARGE, SMALL
from bench.report import FOLDER, Result, at_least, at_most
from bench.server import serving

DATABASE = "bench_pricelist"
GOAL, MOST_MB, SLOWER = 0.5, 300, 2
SHEET_ROWS = 200_000
# Buyers of a small shop's busy hour: requests come at this pace, whether or not the last one was answered.
PER_SECOND = 20
QUIET_SECONDS = 15


def measure(engines: BenchEngines, options: argparse.Namespace) -> list[Result]:
    """All figures, on a copy of the largest set there is."""
    parts = LARGE if options.million or engines.has(LARGE) else SMALL
    rows = parts
    if parts == SMALL:
        print("\n!!! The set of a million parts is not built: these figures are of 20 thousand rows.\n", flush=True)
    engines.built(parts)
    engines.copy(f"bench_{parts}", DATABASE)
    folder = FOLDER / "pricelist"
    folder.mkdir(parents=True, exist_ok=True)
    sheet_rows = min(SHEET_ROWS, rows)
    try:
        engines.run("-m", "bench.prepare_pricelist", str(folder), str(rows), str(sheet_rows), database=DATABASE)
        return list(_figures(engines, folder))
    finally:
        engines.drop(DATABASE)


def _figures(engines: BenchEngines, folder: Path) -> Iterator[Result]:
    url = engines.url_of(DATABASE)
    copied, empty, rows = reference(url, folder / "first.csv", among_offers=False)
    copied, inserted, rows = reference(url, folder / "first.csv")
    print(f"  reference: COPY {copied:.1f} s, INSERT … SELECT {inserted:.1f} s, into nothing {empty:.1f} s", flush=True)
    whole = copied + inserted
    said = load(engines, "bench-csv", folder / "first.csv")
    yield from _speed("CSV, first list", said, rows / whole)
    yield _beside("CSV, first list: to an INSERT into an empty table", said, rows, copied + empty)
    yield _beside("CSV, first list: to a bare COPY", said, rows, copied)
    yield at_most("CSV, first list: peak memory", said["peak_mb"], "MB", MOST_MB)
    said = load(engines, "bench-csv", folder / "second.csv")
    yield from _speed("CSV, the next morning", said, rows / whole)
    copied, inserted, rows = reference(url, folder / "first.csv", rows=said_rows(folder / "sheet.xlsx", rows))
    said = load(engines, "bench-xlsx", folder / "sheet.xlsx")
    yield from _speed("XLSX, first list", said, rows / (copied + inserted))
    yield at_most("XLSX, first list: peak memory", said["peak_mb"], "MB", MOST_MB)
    # What the lists above have left to the database's housekeeping is no part of the quiet before the next one.
    settle(url)
    yield buyers(engines, folder / "first.csv")


def said_rows(sheet: Path, rows: int) -> int:
    """How many rows the sheet holds: its header says nothing, the generator wrote as many as asked for."""
    return min(SHEET_ROWS, rows)


def _beside(name: str, said: dict[str, float], rows: int, seconds: float) -> Result:
    speed = rows / said["seconds"]
    return Result(name, round(speed), "rows/s", round(rows / seconds), round(speed * seconds / rows, 3))


def settle(url: str) -> None:
    """Let the database finish now what it would do some time after a large load."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def _speed(name: str, said: dict[str, float], reference_rows: float) -> Iterator[Result]:
    print(f"  {name}: {said['seconds']:.1f} s, lists ready {said['ready']:.1f} s, {said['peak_mb']} MB", flush=True)
    yield at_least(name, said["rows"] / said["seconds"], "rows/s", reference_rows, GOAL)


def load(engines: BenchEngines, supplier: str, file: Path) -> dict[str, float]:
    """The whole command in a process of its own: seconds from the file to the shelf, rows, peak memory."""
    began = time.monotonic()
    printed = engines.run("-m", "bench.inside_pricelist", supplier, str(file), database=DATABASE)
    said: dict[str, float] = json.loads(printed.splitlines()[-1])
    print(f"  {file.name}: whole process {time.monotonic() - began:.1f} s", flush=True)
    return said


def reference(url: str, file: Path, rows: int | None = None, *, among_offers: bool = True) -> tuple[float, float, int]:
    """Seconds of the COPY, seconds of the INSERT … SELECT, rows."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET work_mem = '96MB'")
        connection.execute("DROP TABLE IF EXISTS reference_staged, reference_offer")
        connection.execute(
            "CREATE TABLE reference_staged (brand text, article text, name text, price text, pieces text, days text)"
        )
        began = time.monotonic()
        with (
            file.open("rb") as opened,
            connection.cursor().copy("COPY reference_staged FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)") as copy,
        ):
            while chunk := opened.read(1 << 20):
                copy.write(chunk)
        copied = time.monotonic() - began
        if rows is not None:
            copied *= _keep(connection, rows)
        connection.execute("ANALYZE reference_staged")
        connection.execute("CREATE TABLE reference_offer (LIKE offers_offer INCLUDING ALL)")
        if among_offers:
            connection.execute(
                "INSERT INTO reference_offer OVERRIDING SYSTEM VALUE SELECT * FROM offers_offer"
                " WHERE price_list_id <> (SELECT min(id) FROM offers_pricelist)"
            )
            connection.execute(
                "SELECT setval(pg_get_serial_sequence('reference_offer', 'id'), max(id)) FROM offers_offer"
            )
        keys = connection.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'offers_offer'::regclass"
            " AND contype = 'f'"
        ).fetchall()
        for (definition,) in keys:
            connection.execute(f"ALTER TABLE reference_offer ADD {definition}")
        connection.execute("VACUUM ANALYZE reference_offer")
        connection.execute("CHECKPOINT")
        began = time.monotonic()
        done = connection.execute(
            "INSERT INTO reference_offer (price_list_id, part_id, warehouse_id, purchase_price, currency, price,"
            " pieces, is_at_least, lead_days)"
            " SELECT (SELECT min(id) FROM offers_pricelist), part.id, (SELECT min(id) FROM offers_warehouse),"
            " replace(staged.price, ',', '.')::numeric, 'UAH', replace(staged.price, ',', '.')::numeric, 1, false, 1"
            " FROM reference_staged staged JOIN catalog_brand brand ON brand.name = staged.brand"
            " JOIN catalog_part part ON part.brand_id = brand.id AND part.article_number = staged.article"
        )
        inserted = time.monotonic() - began
        count = done.rowcount
        connection.execute("DROP TABLE reference_staged, reference_offer")
        return copied, inserted, count


def _keep(connection: psycopg.Connection, rows: int) -> float:
    """Leave ``rows`` of the staged rows; gives back their share."""
    row = connection.execute("SELECT count(*) FROM reference_staged").fetchone()
    every = row[0] if row else 0
    connection.execute(
        "DELETE FROM reference_staged WHERE ctid NOT IN (SELECT ctid FROM reference_staged LIMIT %s)", [rows]
    )
    connection.execute("VACUUM FULL reference_staged")
    return min(1.0, rows / every) if every else 1.0


def buyers(engines: BenchEngines, file: Path) -> Result:
    """p95 of pages while a list is loaded, to their p95 before."""
    environment = engines.environment(engines.url_of(DATABASE))
    said = json.loads(engines.run("-m", "bench.inside", database=DATABASE).splitlines()[-1])
    requests = [client.get(path, cookie) for pairs in said["addresses"].values() for path, cookie in pairs[:40]]
    with serving("pricelist", "shop.wsgi", environment, ready="/healthz") as port:
        client.each_once(port, requests, connections=4)
        quiet = client.paced(port, requests, per_second=PER_SECOND, stop=_after(QUIET_SECONDS))
        done = threading.Event()
        with _loading(engines, file, done):
            busy = client.paced(port, requests, per_second=PER_SECOND, stop=done)
    before, meanwhile = (percentile(sorted(answer.milliseconds for answer in taken), 0.95) for taken in (quiet, busy))
    failed = sum(answer.status != 200 for answer in [*quiet, *busy])
    if failed:
        raise RuntimeError(f"{failed} of {len(quiet) + len(busy)} requests failed while the list was loaded")
    return at_most(f"pages at {PER_SECOND}/s while a list is loaded: p95", meanwhile, "ms", SLOWER, reference=before)


def _after(seconds: float) -> threading.Event:
    event = threading.Event()
    threading.Timer(seconds, event.set).start()
    return event


@contextmanager
def _loading(engines: BenchEngines, file: Path, done: threading.Event) -> Iterator[None]:
    def run() -> None:
        try:
            load(engines, "bench-csv", file)
        finally:
            done.set()

    worker = threading.Thread(target=run)
    worker.start()
    try:
        yield
    finally:
        worker.join()
