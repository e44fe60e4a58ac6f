"""An ODS before it is loaded: one short row may say that it is repeated a million times."""

import re
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from shop.lib.tables.archives import Archive, broken
from shop.lib.tables.refusal import TableRefused
from shop.lib.tables.sheet_facts import SheetFacts
from shop.lib.tables.xlsx_parts import check_markup

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"


def check_ods(archive: Archive) -> None:
    """Raises TableRefused for encrypted books and for declarations in their XML."""
    if _MANIFEST in archive.names and b"encryption-data" in archive.read(_MANIFEST):
        raise TableRefused("password", _("Файл захищено паролем. Надішліть без пароля."))
    if not re.match(rb"application/vnd\.oasis\.opendocument\.spreadsheet", archive.read("mimetype")):
        raise TableRefused("wrong_type", _("Це документ Office, але не таблиця. Потрібен CSV, XLSX, XLS або ODS."))


def ods_facts(archive: Archive) -> dict[str, SheetFacts]:
    """Sheet name → sizes and formulas. Raises TableRefused when one is too large."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        before = b""
        for piece in archive.pieces(_CONTENT):
            check_markup(before + piece, is_beginning=not before)
            parser.Parse(piece)
            before = piece[-16:]
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise broken() from error
    return reader.sheets


class _Reader:
    """Counts rows and cells with all their repetitions; emptiness repeated to the edge of the sheet is not counted."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self._sheet = SheetFacts()
        self._row = self._column = 0
        self._row_repeats = 1
        self._is_filled = False
        self._filled: list[tuple[int, bool]] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        space, _blank, tag = name.rpartition(" ")
        if not space.endswith(":table:1.0"):
            return
        told = {key.rpartition(" ")[2]: value for key, value in given.items()}
        match tag:
            case "table":
                self._sheet = self.sheets.setdefault(told.get("name", ""), SheetFacts())
                self._row = 0
            case "table-row":
                self._row_repeats = _count(told.get("number-rows-repeated"))
                self._column, self._filled = 0, []
            case "table-cell" | "covered-table-cell":
                repeats = _count(told.get("number-columns-repeated"))
                if "value-type" in told or "formula" in told:
                    self._filled.append((self._column + repeats - 1, "formula" in told))
                self._column += repeats

    def end(self, name: str) -> None:
        if not name.endswith(":table:1.0 table-row"):
            return
        if self._filled:
            for column, is_formula in self._filled:
                self._sheet.reach(self._row + self._row_repeats - 1, column)
                if is_formula:
                    self._sheet.formula(self._row, column)
            self._sheet.check()
        self._row += self._row_repeats


def _count(told: str | None) -> int:
    try:
        return max(int(told or 1), 1)
    except ValueError:
        raise broken() from None
