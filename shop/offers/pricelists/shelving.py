"""After a switch the shelf follows, some thousands of parts at a time: no order being placed waits long for it."""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from shop.lib.version import bump_catalogue_version
from shop.offers.announcing import announce_offers
from shop.offers.models import PriceListVersion
from shop.offers.shelf import refresh_shelf_between

# Parts in one transaction.
_STEP = 20_000


def note_touched(cursor: CursorWrapper, table: str) -> None:
    """Keep the ids of the parts that ``table`` changes for ``bring_to_shelf``, in a temporary table ``touched``."""
    cursor.execute(f"CREATE TEMP TABLE touched AS SELECT DISTINCT part_id FROM {table} ORDER BY part_id")  # noqa: S608
    # Each step looks at its own thousands, not at all of them.
    cursor.execute("CREATE UNIQUE INDEX ON touched (part_id)")
    cursor.execute("ANALYZE touched")


def bring_to_shelf(version: PriceListVersion) -> None:
    """Refresh the shelf of the parts that were touched, then tell the pages; harmless when repeated.

    After a kill nobody knows any more which parts those were: then it is every part.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.touched') IS NOT NULL")
        table = "touched" if cursor.fetchone()[0] else ""
        ranges = _ranges(cursor, table)
        _tell_planner(cursor, "offers_offer", steps=len(ranges))
        for first, last in ranges:
            refresh_shelf_between(first, last, of=table)
        _tell_planner(cursor, "offers_partshelf", steps=len(ranges))
        cursor.execute("DROP TABLE IF EXISTS pg_temp.touched")
    PriceListVersion.objects.filter(pk=version.pk).update(is_on_shelf=True)
    version.is_on_shelf = True
    if version.trial.get("new_parts"):
        bump_catalogue_version()
    announce_offers()


def _tell_planner(cursor: CursorWrapper, table: str, *, steps: int) -> None:
    """After a large change, at once: until autovacuum comes, searches would be planned for the table of before."""
    if steps > 1:
        cursor.execute(f"ANALYZE {table}")


def _ranges(cursor: CursorWrapper, table: str) -> list[tuple[int, int]]:
    """First and last ids of steps that hold the same number of parts."""
    source, column = (table, "part_id") if table else ("catalog_part", "id")
    cursor.execute(
        f"SELECT min({column}), max({column}) FROM"  # noqa: S608  # names of ours
        f" (SELECT {column}, row_number() OVER (ORDER BY {column}) / {_STEP} AS step FROM {source}) AS numbered"
        " GROUP BY step ORDER BY 1"
    )
    ranges: list[tuple[int, int]] = cursor.fetchall()
    return ranges
