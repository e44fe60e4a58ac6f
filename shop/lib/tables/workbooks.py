"""XLSX, XLS and ODS by calamine, after their sizes and contents were checked. Nothing in them is ever run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import python_calamine
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from shop.lib.tables.archives import Archive, broken
from shop.lib.tables.choosing import PEEK_ROWS, likeness
from shop.lib.tables.limits import MOST_SHEETS
from shop.lib.tables.ods_parts import check_ods, ods_facts
from shop.lib.tables.ole import read_xls
from shop.lib.tables.refusal import TableRefused
from shop.lib.tables.sheet_facts import SheetFacts
from shop.lib.tables.table import Table, TableFormat
from shop.lib.tables.values import as_text
from shop.lib.tables.xlsx_parts import check_parts, facts_of, sheet_parts


def open_xlsx(archive: Archive, told: TableFormat | None) -> Table:
    """Raises TableRefused."""
    if archive.has_macros():
        raise macros()
    if "xl/workbook.bin" in archive.names:
        raise TableRefused("wrong_type", _("Формат XLSB не читаємо. Збережіть файл як XLSX."))
    if "xl/workbook.xml" not in archive.names:
        raise TableRefused("wrong_type", _("Це документ Office, але не таблиця. Потрібен CSV, XLSX, XLS або ODS."))
    check_parts(archive)
    parts = sheet_parts(archive)
    return Workbook(
        archive.path, "xlsx", lambda sheet: facts_of(archive, parts[sheet]) if sheet in parts else SheetFacts(), told
    )


def open_ods(archive: Archive, told: TableFormat | None) -> Table:
    """Raises TableRefused."""
    check_ods(archive)
    if archive.has_macros():
        raise macros()
    facts = ods_facts(archive)
    return Workbook(archive.path, "ods", lambda sheet: facts.get(sheet, SheetFacts()), told)


def open_xls(path: Path, told: TableFormat | None) -> Table:
    """Raises TableRefused."""
    content = read_xls(path)
    if content.has_macros:
        raise macros()
    return Workbook(path, "xls", lambda sheet: content.sheets.get(sheet, SheetFacts()), told)


def macros() -> TableRefused:
    return TableRefused("macros", _("У файлі є макроси. Збережіть його як звичайний XLSX без макросів."))


class Workbook(Table):
    """One sheet of a workbook; ``facts`` tells of a sheet before it is loaded."""

    def __init__(
        self, path: Path, kind: str, facts: Callable[[str], SheetFacts], told: TableFormat | None = None
    ) -> None:
        super().__init__()
        self.size = path.stat().st_size
        self._given, self._facts_of = 0, facts
        with _loading():
            self._book = CalamineWorkbook.from_path(path)
        self._at_end.callback(self._book.close)
        self.sheets = [
            sheet.name
            for sheet in self._book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        if not self.sheets:
            raise TableRefused("empty", _("У книзі немає видимих аркушів."))
        if len(self.sheets) > MOST_SHEETS:
            raise TableRefused("too_large", _("У книзі понад %(count)s аркушів."), count=MOST_SHEETS)
        name = told.sheet if told and told.sheet in self.sheets else self._likeliest()
        self.format = TableFormat(kind, sheet=name)
        self._facts = self._checked(name)
        self._sheet = self._load(name)

    @property
    def position(self) -> int:
        rows = self._sheet.total_height or self._sheet.height
        return min(self.size * self._given // max(rows, 1), self.size)

    def rows(self) -> Iterator[list[str]]:
        self._given = 0
        facts = self._facts
        for number, row in enumerate(_cells(self._sheet)):
            self._given = number + 1
            if number in facts.errors:
                _fill(row, facts.errors[number])
            if number in facts.formulas:
                # What a formula gives is no fact of the supplier's; whoever uses the cell sees that it is one.
                for column in facts.formulas[number]:
                    if column < len(row):
                        row[column] = f"={row[column]}"
            yield row

    def _likeliest(self) -> str:
        if len(self.sheets) == 1:
            return self.sheets[0]
        points = {}
        for name in self.sheets:
            self._checked(name)
            rows = [row for row, _number in zip(_cells(self._load(name)), range(PEEK_ROWS), strict=False)]
            points[name] = likeness(name, rows)
        return max(points, key=lambda name: points[name])

    def _checked(self, name: str) -> SheetFacts:
        facts = self._facts_of(name)
        facts.check()
        return facts

    def _load(self, name: str) -> CalamineSheet:
        with _loading():
            return self._book.get_sheet_by_name(name)


def _cells(sheet: CalamineSheet) -> Iterator[list[str]]:
    """Rows as text from A1 on; the loader begins with the first row, but with the first column that is used."""
    start = sheet.start
    if start is None:
        return
    left = [""] * start[1]
    with _loading():
        for row in sheet.iter_rows():
            yield left + [cell if type(cell) is str else as_text(cell) for cell in row]


@contextmanager
def _loading() -> Iterator[None]:
    """What the loader cannot take is a broken file. It panics, too: such a failure is no Exception."""
    try:
        yield
    except python_calamine.PasswordError as error:
        raise TableRefused("password", _("Файл захищено паролем. Надішліть без пароля.")) from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise broken() from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise broken() from error
        raise


def _fill(row: list[str], cells: dict[int, str]) -> None:
    for column, text in cells.items():
        row.extend([""] * (column + 1 - len(row)))
        row[column] = text
