"""Fill the catalogue and the offers, all or nothing."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from shop.catalog.models import CatalogSource, Part
from shop.catalog.reference import STAFF_CHECK, SUPPLIER_DATA
from shop.lib.copying import copy_rows, ids_by
from shop.local.demo import suppliers
from shop.local.demo.bare_tables import bare_tables
from shop.local.demo.cars import Fleet
from shop.local.demo.kinds import all_kinds
from shop.local.demo.offers import OfferWriter
from shop.local.demo.parts import COLUMNS, PartFactory
from shop.local.demo.progress import Progress
from shop.local.demo.writing import BatchWriter
from shop.offers.shelf import refresh_shelf

TABLES = (*COLUMNS, "catalog_fitmentcondition", "offers_partshelf")
_REPLACED = (*TABLES, "offers_pricelist")
# Rows of visitors that go with the parts they point at; anything else that points at parts forbids replacing them.
_EXPENDABLE = {"orders_basketline"}
_BATCH_CHARACTERS = 6_000_000
_DEPENDENTS = """
WITH RECURSIVE dependent AS (
    SELECT unnest(%s::regclass[])::oid AS id
    UNION
    SELECT con.conrelid FROM pg_constraint con JOIN dependent ON con.confrelid = dependent.id WHERE con.contype = 'f'
)
SELECT id::regclass::text FROM dependent ORDER BY 1
"""


class CatalogueInUse(Exception):
    """Rows that must not be lost point at the parts; ``tables`` names where they are."""

    def __init__(self, tables: list[str]) -> None:
        super().__init__(", ".join(tables))
        self.tables = tables


@dataclass(frozen=True)
class Demo:
    """What to make: the same count and seed give the same rows."""

    parts: int
    seed: int


@transaction.atomic
def load(demo: Demo, progress: Progress) -> None:
    """Replace parts, offers and stock by the demonstration catalogue. Raises CatalogueInUse.

    Needs the reference data. One transaction: whoever looks meanwhile waits, and sees all or nothing.
    """
    _empty_tables()
    by_code = ids_by(CatalogSource, "code")
    offers = OfferWriter(suppliers.set_up())
    factory = PartFactory(
        all_kinds(),
        Fleet(),
        offers,
        sources=(by_code[SUPPLIER_DATA], by_code[STAFF_CHECK]),
        count=demo.parts,
        seed=demo.seed,
    )
    with bare_tables(TABLES, told=lambda name: progress.stage(f"Building {name} …")):
        done = 0
        with BatchWriter() as writer:
            for batch in factory.batches(size=_BATCH_CHARACTERS):
                writer.write(batch)
                done += batch.parts
                progress.advance(done)
        with connection.cursor() as cursor:
            copy_rows(cursor, "catalog_fitmentcondition", ("id", "rules"), factory.conditions.rows())
            for model_table in ("catalog_part", "catalog_fitmentcondition", "offers_stockitem"):
                _continue_ids(cursor, model_table)
    progress.stage("Computing what lists sort by …")
    refresh_shelf()


def _empty_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_DEPENDENTS, [list(_REPLACED)])
        dependents = [name for (name,) in cursor.fetchall()]
        in_use = [name for name in dependents if name not in {*_REPLACED, *_EXPENDABLE} and _has_rows(cursor, name)]
        if in_use:
            raise CatalogueInUse(in_use)
        cursor.execute(f"TRUNCATE {', '.join(dependents)} RESTART IDENTITY")


def _has_rows(cursor: CursorWrapper, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")  # noqa: S608  # a name from pg_constraint
    return bool(cursor.fetchone()[0])


def _continue_ids(cursor: CursorWrapper, table: str) -> None:
    """The ids were given by us; new rows go on after them."""
    cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")  # noqa: S608  # one of ours
    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, cursor.fetchone()[0]])


def analyze() -> None:
    """Statistics of what was loaded, without which the planner guesses."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_REPLACED)}")


def has_parts() -> bool:
    return Part.objects.exists()
