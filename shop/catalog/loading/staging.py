"""A file in temporary tables of one connection, by COPY: rows, and for fitments the cars they mean."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic
from typing import Final

from django.db.backends.utils import CursorWrapper
from psycopg.types.json import Jsonb

from shop.catalog.loading import fitment_rows, number_rows
from shop.catalog.loading.car_list import read_car_list
from shop.catalog.loading.fitment_rows import FitmentReader, SeenCar
from shop.catalog.loading.layout import recognise
from shop.catalog.loading.number_rows import NumberReader
from shop.catalog.loading.owners import brand_ids, make_ids
from shop.catalog.models import CarText, CatalogFile
from shop.lib.copying import copy_rows, copy_text
from shop.lib.tables import Table, open_table

# Bytes and rows read.
type Tell = Callable[[int, int], None]
_REPORT_SECONDS: Final = 0.7
_FITMENTS: Final = """
CREATE TEMP TABLE staged (
    state "char" NOT NULL, row integer NOT NULL, reason text, value text, brand_id bigint, article_key text,
    car integer, position smallint, rule integer
)
"""
_NUMBERS: Final = """
CREATE TEMP TABLE staged (
    state "char" NOT NULL, row integer NOT NULL, reason text, value text, brand_id bigint, article_key text,
    missing text, kind smallint, claim smallint, owner_id bigint, number text, search_key text, gtin bigint
)
"""
_CARS: Final = """
CREATE TEMP TABLE staged_car (car integer NOT NULL, modification_id bigint NOT NULL, rule integer NOT NULL);
CREATE TEMP TABLE staged_text (
    car integer NOT NULL, key text NOT NULL, text text NOT NULL, cells jsonb NOT NULL, reason text NOT NULL,
    candidates bigint[] NOT NULL
);
CREATE TEMP TABLE staged_rule (car integer NOT NULL, key text NOT NULL, is_refused boolean NOT NULL)
"""
# One look at the catalogue: w waits for a car, n is of a car that is not ours.
_JUDGE_FITMENTS: Final = """
UPDATE staged SET state = 'n' FROM staged_rule WHERE staged_rule.car = staged.car AND is_refused AND state = 'o';
UPDATE staged SET state = 'w' FROM staged_text WHERE staged_text.car = staged.car AND state = 'o';
UPDATE staged SET state = 'r', reason = 'unknown_part' WHERE state IN ('o', 'w', 'n') AND NOT EXISTS (
    SELECT 1 FROM catalog_part part WHERE part.brand_id = staged.brand_id AND part.article_key = staged.article_key
)
"""
_JUDGE_NUMBERS: Final = """
UPDATE staged SET state = 'r', reason = missing WHERE state = 'o' AND NOT EXISTS (
    SELECT 1 FROM catalog_part part WHERE part.brand_id = staged.brand_id AND part.article_key = staged.article_key
)
"""
_TABLES: Final = (
    "staged", "staged_car", "staged_text", "staged_rule", "combined", "claimed", "known", "fresh", "doomed",
)  # fmt: skip


def stage(cursor: CursorWrapper, path: Path, *, kind: str, name: str, tell: Tell) -> FitmentReader | NumberReader:
    """Fill ``staged`` and what belongs to it. Raises TableRefused, ColumnsNotFound, TooManyCars."""
    drop_temporary_tables(cursor)
    with open_table(path, name=name) as table:
        layout = recognise(table.rows(), kind)
        if kind == CatalogFile.Kind.FITMENT:
            fitments = FitmentReader(layout, brand_ids(), read_car_list(), _decided())
            cursor.execute(_FITMENTS)
            chunks = fitments.copy_text(table.rows())
            copy_text(cursor, "staged", fitment_rows.COLUMNS, _told(chunks, table, fitments, tell))
            tell(table.size, fitments.rows_read)
            _stage_cars(cursor, fitments.cars, fitments.rule)
            cursor.execute("ANALYZE staged; ANALYZE staged_car; ANALYZE staged_text")
            cursor.execute(_JUDGE_FITMENTS)
            return fitments
        numbers = NumberReader(layout, brand_ids(), make_ids())
        cursor.execute(_NUMBERS)
        chunks = numbers.copy_text(table.rows())
        copy_text(cursor, "staged", number_rows.COLUMNS, _told(chunks, table, numbers, tell))
        tell(table.size, numbers.rows_read)
        cursor.execute("ANALYZE staged")
        cursor.execute(_JUDGE_NUMBERS)
        return numbers


def drop_temporary_tables(cursor: CursorWrapper) -> None:
    cursor.execute("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{table}" for table in _TABLES))


def _decided() -> dict[str, list[int]]:
    """What staff said; an empty list is "not our car"."""
    rows = CarText.objects.exclude(status=CarText.Status.OPEN).values_list("key", "status", "modifications")
    return {key: [] if status == CarText.Status.REFUSED else cars for key, status, cars in rows}


def _stage_cars(cursor: CursorWrapper, cars: list[SeenCar], rule: Callable[..., int]) -> None:
    cursor.execute(_CARS)
    copy_rows(
        cursor,
        "staged_car",
        ["car", "modification_id", "rule"],
        ((number, pk, rule(rules)) for number, car in enumerate(cars) for pk, rules in car.match.cars),
    )
    copy_rows(
        cursor,
        "staged_text",
        ["car", "key", "text", "cells", "reason", "candidates"],
        (
            (
                number,
                car.words.key,
                car.words.text,
                Jsonb(dict(car.words.cells)),
                str(car.match.reason),
                [*car.match.candidates],
            )
            for number, car in enumerate(cars)
            if car.match.reason
        ),
    )
    ruled = ((number, car.words.key, car.is_refused) for number, car in enumerate(cars) if car.is_by_rule)
    copy_rows(cursor, "staged_rule", ["car", "key", "is_refused"], ruled)


def _told(chunks: Iterable[str], table: Table, reader: FitmentReader | NumberReader, tell: Tell) -> Iterator[str]:
    said = monotonic()
    for chunk in chunks:
        yield chunk
        if monotonic() - said > _REPORT_SECONDS:
            said = monotonic()
            tell(table.position, reader.rows_read)
