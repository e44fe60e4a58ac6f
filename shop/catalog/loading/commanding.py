"""What the commands ``import_fitment`` and ``import_numbers`` share: a file is tried or loaded, and told of."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from shop.catalog.errors import CatalogFileError
from shop.catalog.loading.receiving import apply, receive
from shop.catalog.loading.running import bulk_session, run_file, try_path
from shop.catalog.models import CatalogFile, CatalogSource
from shop.lib.locks import Busy
from shop.lib.tables import TableRefused

_REJECTED = "SELECT DISTINCT row, reason, value FROM staged WHERE state = 'r' ORDER BY row"
_WAITING = (
    "SELECT told.text, min(told.reason), count(DISTINCT staged.row) FROM staged_text told"
    " JOIN staged ON staged.car = told.car AND staged.state = 'w' GROUP BY told.text ORDER BY 3 DESC, 1"
)
_SHOWN = 50


class CatalogFileCommand(BaseCommand):
    """``SOURCE`` is the code of a source of data; an unknown one is made, but only tried with ``--trial``."""

    kind: ClassVar[CatalogFile.Kind]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="code of the source of data, such as a supplier's")
        parser.add_argument("file", type=Path)
        parser.add_argument("--list", default="main", help="name of the list; the next file of it replaces the former")
        parser.add_argument("--add", action="store_true", help="keep what former files claimed and this one does not")
        parser.add_argument("--trial", action="store_true", help="only say what would happen")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, source: str, file: Path, list: str, add: bool, trial: bool, json: bool, **_: Any) -> None:
        if not file.is_file():
            raise CommandError(f"Файлу немає: {file}")
        known = CatalogSource.objects.filter(code=source).first()
        try:
            if trial:
                told = self._try(known, file, list, replaces=not add)
            else:
                known = known or CatalogSource.objects.create(
                    code=source, name_uk=source, kind=CatalogSource.Kind.SUPPLIER
                )
                told = self._load(known, file, list, replaces=not add)
        except (TableRefused, CatalogFileError) as refusal:
            told = {"status": "refused", "refused": {"code": getattr(refusal, "code", ""), "reason": str(refusal)}}
        except Busy as busy:
            raise CommandError("Інший файл цього джерела саме завантажується.") from busy
        self._print({"source": source, "file": file.name} | told, as_json=json)
        if told["status"] == "refused":
            sys.exit(1)

    def _try(self, source: CatalogSource | None, file: Path, name: str, *, replaces: bool) -> dict[str, Any]:
        unsaved = CatalogFile(source=source, kind=self.kind, name=name, replaces=replaces)
        with bulk_session() as cursor:
            report = try_path(cursor, file, unsaved, name=file.name, tell=lambda _bytes, _rows: None)
            cursor.execute(_REJECTED)
            rejected = [{"row": row, "reason": reason, "value": value} for row, reason, value in cursor.fetchall()]
            cars = []
            if self.kind == CatalogFile.Kind.FITMENT:
                cursor.execute(_WAITING)
                cars = [{"text": text, "reason": reason, "rows": rows} for text, reason, rows in cursor.fetchall()]
        return {"status": "trial", **asdict(report), "unknown": cars, "rejected": rejected}

    def _load(self, source: CatalogSource, file: Path, name: str, *, replaces: bool) -> dict[str, Any]:
        began = monotonic()
        with file.open("rb") as opened:
            kept = receive(source, File(opened, file.name), kind=self.kind, name=name, replaces=replaces)
        run_file(kept.pk)
        kept.refresh_from_db()
        if kept.status in (CatalogFile.Status.TRIED, CatalogFile.Status.APPLIED):
            apply(kept)
            run_file(kept.pk)
            kept.refresh_from_db()
        if kept.status != CatalogFile.Status.APPLIED or kept.refusal:
            return {"status": "refused", "refused": {"code": "", "reason": kept.refusal}}
        rejected = [*kept.rejected_rows.order_by("row", "pk").values("row", "reason", "value")]
        cars = (
            kept.waiting.filter(text__status="open")
            .order_by("-text__rows", "text__text")
            .values_list("text__text", "text__reason", "text__rows")
            .distinct()
        )
        unknown = [{"text": text, "reason": reason, "rows": rows} for text, reason, rows in cars]
        return {
            "status": "applied",
            "id": kept.pk,
            **kept.report,
            "seconds": round(monotonic() - began, 2),
            "unknown": unknown,
            "rejected": rejected,
        }

    def _print(self, told: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False, default=str))
            return
        for name, value in told.items():
            if name not in ("rejected", "unknown"):
                self.stdout.write(f"{name}: {value}")
        for name, line in (("unknown", "{rows} × {text} ({reason})"), ("rejected", "{row}: {reason} {value}")):
            rows = told.get(name, [])
            self.stdout.write(f"{name}: {len(rows)}")
            for row in rows[:_SHOWN]:
                self.stdout.write("  " + line.format(**row))
            if len(rows) > _SHOWN:
                self.stdout.write("  …")
