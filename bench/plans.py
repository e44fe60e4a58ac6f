"""The plans of the queries behind the most used pages: for ``docs/queries.md`` and the test of whole reads.

``python -m bench.plans`` prints the page; run it with the DATABASE_URL of a set of a million parts.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import django

if TYPE_CHECKING:
    from django.test import Client

# Those that grow with the catalogue.
BIG_TABLES: Final = frozenset(
    (
        "catalog_part", "catalog_fitment", "catalog_attributevalue", "catalog_oenumber", "catalog_crossreference",
        "catalog_barcode",
        "offers_offer", "offers_partshelf", "offers_stockitem", "offers_stockmovement",
    )
)  # fmt: skip
_LONGEST: Final = 1600


@dataclass(frozen=True)
class Asked:
    """A query of a page, as PostgreSQL got it."""

    page: str
    sql: str


def queries_of(client: "Client", pages: Iterable[tuple[str, str]]) -> list[Asked]:
    """The SELECTs of each page (name, address) with its body composed anew, those of earlier pages left out."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext, override_settings

    from shop.lib.version import bump_catalogue_version

    seen: set[str] = set()
    found = []
    with override_settings(PAGE_CACHE_SECONDS=0):
        for name, path in pages:
            bump_catalogue_version()  # what is kept in memory is read anew, once
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answers {answer.status_code}")
            for query in captured.captured_queries:
                shape = re.sub(r"\d+|'[^']*'", "?", query["sql"])
                if query["sql"].lstrip("( \n").upper().startswith(("SELECT", "WITH")) and shape not in seen:
                    seen.add(shape)
                    found.append(Asked(name, query["sql"]))
    return found


def plan_of(sql: str, *, analyze: bool = False) -> Any:
    """PostgreSQL's plan as JSON."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON{', ANALYZE, BUFFERS' if analyze else ''}) {sql.replace('%', '%%')}", ())
        plan = cursor.fetchone()[0]
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]


def whole_reads(plan: dict[str, Any]) -> Iterator[str]:
    """Big tables that the plan reads from end to end."""
    if plan.get("Node Type", "").endswith("Seq Scan") and plan.get("Relation Name") in BIG_TABLES:
        yield plan["Relation Name"]
    for child in plan.get("Plans", ()):
        yield from whole_reads(child)


def pages_of_a_buyer() -> list[tuple[str, str]]:
    """Name and address of the pages that buyers see most, with rows behind them in any set of demo data."""
    from shop.catalog.models import Barcode, Fitment, OeNumber, Part

    part = Part.objects.active().with_names().filter(oe_numbers__isnull=False, fitments__isnull=False).order_by("pk")[0]
    fitment = Fitment.objects.filter(part=part).select_related("modification__generation__model__make").first()
    number = OeNumber.objects.filter(part=part).values_list("number", flat=True)[0]
    if fitment is None:
        raise RuntimeError("The part lost its cars.")
    category = part.category
    return [
        ("home", "/"),
        ("category", category.get_absolute_url()),
        ("category for a car", f"{category.get_absolute_url()}?car={fitment.modification_id}"),
        ("part", part.get_absolute_url()),
        ("brand", part.brand.get_absolute_url()),
        ("car", fitment.modification.get_absolute_url()),
        ("search by number", f"/search/?q={number}"),
        ("search by EAN", f"/search/?q={Barcode.objects.order_by('pk')[0]}"),
        ("search by words", f"/search/?q={category.name_uk}"),
        ("type-ahead", f"/search/hints/?q={number[:5]}"),
    ]


def visitor_with_car(modification_id: int) -> "Client":
    """A client that has chosen the car."""
    from django.test import Client
    from django.urls import reverse

    client = Client(headers={"accept-language": "uk"})
    client.post(reverse("storefront:chosen_car"), {"modification": modification_id})
    return client


def asked_of_a_buyer() -> list[Asked]:
    """The queries of all those pages, without a car and with one."""
    from django.test import Client

    pages = pages_of_a_buyer()
    car = int(dict(pages)["category for a car"].rpartition("=")[2])
    plain = [(name, path) for name, path in pages if name != "category for a car"]
    with_car = [(f"{name} for a car", path) for name, path in plain if name in ("home", "category", "part", "brand")]
    found = queries_of(Client(headers={"accept-language": "uk"}), plain)
    shapes = {re.sub(r"\d+|'[^']*'", "?", asked.sql) for asked in found}
    more = queries_of(visitor_with_car(car), with_car)
    return found + [asked for asked in more if re.sub(r"\d+|'[^']*'", "?", asked.sql) not in shapes]


def main() -> None:
    """Print docs/queries.md: each query, its time, what it read, and its plan."""
    django.setup()
    from shop.catalog.models import Part

    print(_HEAD.format(parts=f"{Part.objects.count():,}"))
    for asked in asked_of_a_buyer():
        plan_of(asked.sql, analyze=True)  # pages of the table come into memory first
        plan = plan_of(asked.sql, analyze=True)
        top = plan["Plan"]
        if top["Shared Hit Blocks"] + top["Shared Read Blocks"] < 3:
            continue  # memory of small tables
        print(f"## {asked.page}: {plan['Execution Time']:.2f} ms, {top['Actual Rows']:g} rows, "
              f"{top['Shared Hit Blocks'] + top['Shared Read Blocks']} blocks\n")  # fmt: skip
        print(f"```sql\n{_shortened(asked.sql)}\n```\n")
        print("```")
        print("\n".join(_lines(top)))
        print("```\n")


def _shortened(sql: str) -> str:
    sql = re.sub(r"((?:\d+,\s*){5})(?:\d+,\s*)+(\d+)", r"\1…, \2", sql).replace('"', "")
    return sql if len(sql) <= _LONGEST else f"{sql[:_LONGEST]} …"


def _lines(plan: dict[str, Any], depth: int = 0) -> Iterator[str]:
    name = plan["Node Type"]
    if index := plan.get("Index Name"):
        name += f" using {index}"
    if table := plan.get("Relation Name"):
        name += f" on {table}"
    loops = f" × {plan['Actual Loops']:g}" if plan["Actual Loops"] > 1 else ""
    yield f"{'  ' * depth}{name}  (rows {plan['Actual Rows']:g}{loops}, {plan['Actual Total Time']:.2f} ms)"
    for child in plan.get("Plans", ()):
        yield from _lines(child, depth + 1)


_HEAD: Final = """# Queries

What the most used pages ask PostgreSQL at {parts} parts, when neither a kept body nor anything in memory answers for
it, with the plans of `EXPLAIN (ANALYZE, BUFFERS)`. Printed by `python -m bench.plans`; `tests/bench/test_plans.py`
fails when one of them reads a big table from end to end although it is told not to (`enable_seqscan = off`). Queries
that read a few rows of small tables are left out.
"""


if __name__ == "__main__":
    sys.exit(main())
