"""``import_pricelist SUPPLIER FILE``: take a price list in, or only try it, and say what became of every row."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db.backends.utils import CursorWrapper

from shop.lib.locks import Busy
from shop.lib.tables import TableRefused
from shop.offers.errors import NoWarehouse
from shop.offers.models import PriceList, PriceListVersion, Supplier
from shop.offers.pricelists.layout import Layout
from shop.offers.pricelists.receiving import receive
from shop.offers.pricelists.running import bulk_session, peak_memory_mb, run_version, try_file
from shop.offers.pricelists.staging import list_currency

_REJECTED = "SELECT row, reason, field, value FROM staged WHERE state = %s AND line = 0 ORDER BY row"
# Several stock columns that are kept apart make several lines of a row: a summary tells their sum.
_OK = """
SELECT staged.row, brand.slug, article_number, article_key, staged.name, round(price, 2)::text, currency,
       CASE WHEN bool_and(pieces IS NULL) THEN NULL ELSE sum(pieces) END, bool_or(is_at_least), bool_or(is_in_stock),
       min(lead_min), min(lead_max), max(numbers), max(crosses)
FROM staged JOIN catalog_brand brand ON brand.id = staged.brand_id
WHERE state = 'o'
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1
"""
_GROUPS = """
SELECT kept.row, other.row, round(other.price, 2)::text, other.reason
FROM staged kept
JOIN staged other ON other.brand_id = kept.brand_id AND other.article_key = kept.article_key AND other.state = 'r'
     AND other.reason LIKE 'duplicate%%' AND other.line = 0
WHERE kept.state = 'o' AND kept.line = 0 AND EXISTS (SELECT 1 FROM staged WHERE reason LIKE 'duplicate%%')
ORDER BY 1, 2
"""


class Command(BaseCommand):
    help = "Take in a supplier's price list. With --trial nothing is changed; an unknown supplier is only read then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("supplier", help="code of the supplier")
        parser.add_argument("file", type=Path)
        parser.add_argument("--list", default="main", help="name of the supplier's list")
        parser.add_argument("--trial", action="store_true", help="only say what would happen")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--rows", action="store_true", help="with --trial --json: the good rows as they were read")

    def handle(self, *, supplier: str, file: Path, list: str, trial: bool, json: bool, rows: bool, **_: Any) -> None:
        if not file.is_file():
            raise CommandError(f"Файлу немає: {file}")
        known = Supplier.objects.filter(code=supplier).first()
        if known is None and not trial:
            raise CommandError(f"Постачальника з кодом {supplier} немає.")
        price_list = PriceList.objects.filter(supplier=known, name=list).first() if known else None
        try:
            if trial:
                told = self._try(known, price_list, file, with_rows=rows)
            else:
                price_list = price_list or PriceList.objects.create(supplier=known, name=list)
                told = self._load(price_list, file)
        except (TableRefused, NoWarehouse) as refusal:
            told = {"status": "refused", "refused": {"code": getattr(refusal, "code", ""), "reason": str(refusal)}}
        except Busy as busy:
            raise CommandError("Інший файл цього постачальника саме завантажується.") from busy
        self._print({"supplier": supplier, "file": file.name} | told, as_json=json)
        if told["status"] == "refused":
            sys.exit(1)

    def _try(
        self, supplier: Supplier | None, price_list: PriceList | None, file: Path, *, with_rows: bool
    ) -> dict[str, Any]:
        began = monotonic()
        with bulk_session() as cursor:
            if supplier and price_list is None:
                price_list = PriceList(supplier=supplier)
            trial, brakes, layout = try_file(cursor, file, price_list, name=file.name)
            took = monotonic() - began
            trial.seconds, trial.peak_mb = round(took, 2), peak_memory_mb()
            trial.rows_per_second = round(trial.rows_after_header / max(took, 0.001))
            told = {
                "status": "trial",
                "format": layout_told(layout, list_currency(price_list)),
                "summary": _summary(trial.to_json()),
                **trial.to_json(),
                "brakes": [asdict(brake) for brake in brakes],
                "rejected": _rows(cursor, "r"),
                "ignored": [{"row": row["row"], "reason": row["reason"]} for row in _rows(cursor, "i")],
                "duplicate_groups": _groups(cursor),
            }
            if with_rows:
                told["ok"] = _ok(cursor)
            return told

    def _load(self, price_list: PriceList, file: Path) -> dict[str, Any]:
        with file.open("rb") as opened:
            version = receive(
                price_list, File(opened, file.name), name=file.name, origin=PriceListVersion.Origin.COMMAND
            )
        run_version(version.pk)
        version.refresh_from_db()
        told = {"status": str(version.status), "version": version.number}
        if version.status == PriceListVersion.Status.REFUSED:
            return told | {"refused": {"code": "", "reason": version.refusal}}
        rejected = version.rejected_rows.order_by("row").values("row", "reason", "field", "value")
        return told | {
            "format": layout_told(Layout.from_json(version.reading), list_currency(price_list)),
            "summary": _summary(version.trial),
            **version.trial,
            "rows_merged": version.rows_merged,
            "brakes": version.brakes,
            "rejected": [*rejected],
        }

    def _print(self, told: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False, default=str))
            return
        for name, value in told.items():
            if name == "rejected":
                self.stdout.write(f"rejected: {len(value)}")
                for row in value[:50]:
                    self.stdout.write(f"  {row['row']}: {row['reason']} {row['field'] or ''} {row['value'] or ''}")
                if len(value) > 50:
                    self.stdout.write("  …")
            elif name not in ("ok", "ignored", "duplicate_groups", "largest_jumps", "price_moves", "summary"):
                self.stdout.write(f"{name}: {value}")


def layout_told(layout: Layout, currency: str) -> dict[str, Any]:
    """How the file was understood, with the headers in place of column numbers."""
    columns: dict[str, Any] = {}
    for field, places in layout.columns.items():
        names = [layout.headers[place] if place < len(layout.headers) else str(place) for place in places]
        columns[field] = names[0] if len(names) == 1 else names
    told = layout.format.to_json() | {"header_row": layout.header_row, "decimal": layout.decimal}
    return told | {"type": layout.format.kind, "currency": layout.currency or currency, "columns": columns}


def _summary(trial: dict[str, Any]) -> dict[str, Any]:
    names = ("rows_after_header", "rows_ok", "rows_rejected", "rows_ignored", "rejected_by_reason")
    return {name: trial[name] for name in names}


def _rows(cursor: CursorWrapper, state: str) -> list[dict[str, Any]]:
    cursor.execute(_REJECTED, [state])
    names = ("row", "reason", "field", "value")
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _groups(cursor: CursorWrapper) -> list[dict[str, Any]]:
    cursor.execute(_GROUPS)
    groups: dict[int, list[dict[str, Any]]] = {}
    for kept, row, price, kind in cursor.fetchall():
        groups.setdefault(kept, []).append({"row": row, "price": price, "kind": kind})
    return [{"kept_row": kept, "others": others} for kept, others in groups.items()]


def _ok(cursor: CursorWrapper) -> list[dict[str, Any]]:
    cursor.execute(_OK)
    return [
        {
            "row": row, "brand_slug": brand, "article": article, "article_norm": key, "name": name, "price": price,
            "currency": currency, "stock_qty": pieces if pieces is None else int(pieces), "stock_at_least": at_least,
            "in_stock": in_stock, "delivery_days_min": days_min, "delivery_days_max": days_max,
            "oe_numbers": numbers.split("\x1f") if numbers else [], "cross": crosses.split("\x1f") if crosses else [],
        }
        for row, brand, article, key, name, price, currency, pieces, at_least, in_stock, days_min, days_max, numbers,
            crosses in cursor.fetchall()
    ]  # fmt: skip
