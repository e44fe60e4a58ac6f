"""Rows → CSV or XLSX for a spreadsheet, a piece at a time, and no cell of them a formula.

Texts come from suppliers and customers: Excel would run ``=HYPERLINK(…)`` of a part's name (OWASP: CSV injection).
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import batched
from typing import IO, Any

import xlsxwriter

type Cell = str | int | Decimal

# The wide ones are signs of formulas in Japanese Excel.
_FORMULA_SIGNS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_ROWS_A_PIECE = 500
# One row more is the header.
_ROWS_A_SHEET = 1_048_575
_NARROW, _WIDE = 14, 60


def safe_text(text: str) -> str:
    """One line that no spreadsheet takes for a formula: an apostrophe before it makes it a text."""
    line = " ".join(text.replace("\0", "").split())
    return f"'{line}" if line.startswith(_FORMULA_SIGNS) else line


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """UTF-8 with the mark Excel wants, semicolons and a decimal comma as Ukrainian Excel has them."""
    yield b"\xef\xbb\xbf" + _csv_lines([header])
    for piece in batched(rows, _ROWS_A_PIECE):
        yield _csv_lines(piece)


def _csv_lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    lines = io.StringIO()
    csv.writer(lines, delimiter=";").writerows([_csv_text(cell) for cell in row] for row in rows)
    return lines.getvalue().encode()


def _csv_text(cell: Cell) -> str:
    return safe_text(cell) if isinstance(cell, str) else str(cell).replace(".", ",")


def write_xlsx(
    file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str, wide: int
) -> None:
    """Numbers as numbers, all else as text; another sheet when one is full. Memory holds one row.

    ``title`` names the sheets (at most 25 characters), ``wide`` is the column of long texts.
    """
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
    sheet: Any = None
    for number, cells in enumerate(rows):
        row = number % _ROWS_A_SHEET + 1
        if row == 1:
            sheet = _new_sheet(book, title, header, bold, wide)
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            else:
                sheet.write_number(row, column, cell, money if isinstance(cell, Decimal) else None)
    if sheet is None:
        _new_sheet(book, title, header, bold, wide)
    book.close()


def _new_sheet(book: Any, title: str, header: Sequence[str], bold: Any, wide: int) -> Any:
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(title if number == 1 else f"{title} {number}")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(header) - 1, _NARROW)
    sheet.set_column(wide, wide, _WIDE)
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, bold)
    return sheet
