"""Run inside the shop (``python -m bench.prepare_pricelist FOLDER ROWS SHEET_ROWS``): suppliers and their files.

``first.csv`` offers ROWS parts of the catalogue in no order; ``second.csv`` is the next morning's: every tenth price is
another, every hundredth row is gone, as many new ones have come. ``sheet.xlsx`` holds SHEET_ROWS rows.
"""

import csv
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import django

HEADER = ["Бренд", "Артикул", "Назва", "Ціна, грн", "Залишок", "Термін, днів"]


def main(folder: Path, rows: int, sheet_rows: int) -> None:
    django.setup()
    for code in ("bench-csv", "bench-xlsx"):
        _set_up(code)
    for name, is_next in (("first.csv", False), ("second.csv", True)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(HEADER)
            writer.writerows(_rows(rows, is_next=is_next))
    _write_sheet(folder / "sheet.xlsx", sheet_rows)


def _set_up(code: str) -> None:
    from shop.offers.models import Markup, Supplier, Warehouse

    supplier, _made = Supplier.objects.get_or_create(code=code, defaults={"name": code})
    Warehouse.objects.get_or_create(
        code=code, defaults={"supplier": supplier, "public_name_uk": "Склад партнера", "lead_days": 2}
    )
    for price_from, percent in ((0, 40), (500, 30), (3000, 22)):
        Markup.objects.get_or_create(supplier=supplier, price_from=price_from, defaults={"percent": percent})


def _rows(count: int, *, is_next: bool) -> Iterator[list[str]]:
    """Scattered over the catalogue by a multiplication, the same in every run."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT part.id, brand.name, article_number, name_uk FROM catalog_part part"
            " JOIN catalog_brand brand ON brand.id = part.brand_id"
            " ORDER BY (part.id * 7919) %% 1000003, part.id LIMIT %s",
            [count],
        )
        for number, (part_id, brand, article, name) in enumerate(cursor.fetchall()):
            kopecks = 5000 + (part_id * 7919) % 400_000
            if is_next:
                if number % 100 == 7:
                    continue
                if number % 10 == 3:
                    kopecks = kopecks * 103 // 100
            elif number % 100 == 8:
                continue
            pieces = ["1", "2", "4", ">10", "є", "12"][part_id % 6]
            yield [
                brand,
                article,
                name,
                str(Decimal(kopecks) / 100).replace(".", ","),
                pieces,
                ["1-2", "3", ""][number % 3],
            ]


def _write_sheet(path: Path, count: int) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Прайс")
    for place, row in enumerate([HEADER, *_rows(count, is_next=False)]):
        for column, cell in enumerate(row):
            if column == 3 and place:
                sheet.write_number(place, column, float(cell.replace(",", ".")))
            else:
                sheet.write_string(place, column, cell)
    book.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
