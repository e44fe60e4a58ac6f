"""Text files: rows as they are read, in pieces, whatever their size."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from shop.lib.tables.delimiters import delimiter_of
from shop.lib.tables.encodings import encoding_of
from shop.lib.tables.limits import MIB, MOST_LINE_BYTES, MOST_TEXT_ROWS
from shop.lib.tables.refusal import TableRefused
from shop.lib.tables.table import Table, TableFormat

_BUFFER = 256 * 1024
# ``="00123"``: how a text is kept from becoming a number in Excel.
_FORCED_TEXT = re.compile(r'="([^"]*)"')
_MOST_REPAIRS = 50


class TextTable(Table):
    """CSV, TSV and their relatives."""

    def __init__(self, path: Path, *, told: TableFormat | None = None) -> None:
        super().__init__()
        self._path = path
        self.size = path.stat().st_size
        self._raw: _Counted | None = None
        self._found: dict[bytes, bool] = {}
        _check_lines(path)
        encoding = told.encoding if told and told.encoding else encoding_of(path)
        delimiter = told.delimiter if told and told.delimiter else delimiter_of(self._lines(encoding))
        self.format = TableFormat("tsv" if delimiter == "\t" else "csv", encoding, delimiter)

    @property
    def position(self) -> int:
        return min(self._raw.taken, self.size) if self._raw else 0

    def rows(self) -> Iterator[list[str]]:
        with self._open(self.format.encoding) as file:
            reader = csv.reader(_without_nul(file) if self._has(b"\0") else file, delimiter=self.format.delimiter)
            if self._has(b'="'):
                yield from map(_unforced, self._whole(reader))
            else:
                yield from self._whole(reader)

    def _whole(self, reader: Iterator[list[str]]) -> Iterator[list[str]]:
        """Rows of the reader; where a lone quote has swallowed lines, these lines one by one."""
        before = repairs = 0
        try:
            for number, row in enumerate(reader, start=1):
                line: int = reader.line_num  # type: ignore[attr-defined]
                if line - before > 1 and self._is_swallowed(row):
                    repairs += 1
                    if repairs > _MOST_REPAIRS:
                        raise TableRefused(
                            "broken", _("Рядок %(row)s: лапки відкрито, але не закрито."), row=before + 1
                        )
                    yield from self._lines_between(before, line)
                else:
                    yield row
                before = line
                if number > MOST_TEXT_ROWS:
                    raise TableRefused("too_large", _("У файлі понад %(rows)s рядків."), rows=MOST_TEXT_ROWS)
        except csv.Error as error:
            raise TableRefused(
                "broken", _("Рядок %(row)s: комірка не закінчується. Перевірте лапки."), row=before + 1
            ) from error

    def _is_swallowed(self, row: list[str]) -> bool:
        """Whether a line inside a cell is cut like a row of its own. A cell of two lines is not."""
        cells = len(row) - 1
        for cell in row:
            lines = cell.splitlines()
            if len(lines) > 1 and any(line.count(self.format.delimiter) >= max(cells - 1, 2) for line in lines[1:]):
                return True
        return False

    def _lines_between(self, first: int, last: int) -> Iterator[list[str]]:
        with self._path.open(encoding=self.format.encoding, errors="replace", newline="") as file:
            for line in islice(file, first, last):
                yield [cell.strip().removeprefix('"') for cell in line.rstrip("\r\n").split(self.format.delimiter)]

    def _lines(self, encoding: str) -> Iterator[str]:
        with self._open(encoding) as file:
            yield from _without_nul(file)

    def _has(self, sign: bytes) -> bool:
        """Whether the sign is anywhere in the file; UTF-16 is not searched, it is treated as if it were."""
        if self.format.encoding.startswith("utf-16"):
            return True
        if sign not in self._found:
            self._found[sign] = _contains(self._path, sign)
        return self._found[sign]

    def _open(self, encoding: str) -> io.TextIOWrapper:
        self._raw = _Counted(self._path)
        if encoding.startswith("utf-16"):
            with self._path.open("rb") as file:
                if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                    encoding = "utf-16"  # takes the mark away
        return io.TextIOWrapper(io.BufferedReader(self._raw, _BUFFER), encoding, errors="replace", newline="")


class _Counted(io.RawIOBase):
    """A file that knows how much of it was taken."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._file.readinto(buffer) or 0
        self.taken += count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _unforced(row: list[str]) -> list[str]:
    return [_FORCED_TEXT.sub(r"\1", cell) if cell.startswith('="') else cell for cell in row]


def _check_lines(path: Path) -> None:
    """A line is held in memory whole. Raises TableRefused for one of megabytes."""
    length = 0
    with path.open("rb") as file:
        while piece := file.read(_BUFFER):
            end = max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1
            length = len(piece) - end if end else length + len(piece)
            if length > MOST_LINE_BYTES:
                raise TableRefused(
                    "broken", _("Рядок довший за %(size)s МБ: це не рядок прайс-листа."), size=MOST_LINE_BYTES // MIB
                )


def _contains(path: Path, sign: bytes) -> bool:
    before = b""
    with path.open("rb") as file:
        while piece := file.read(_BUFFER):
            if sign in before + piece:
                return True
            before = piece[-len(sign) :]
    return False
