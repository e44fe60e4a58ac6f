"""Old XLS files: the container (MS-CFB) and the records of the workbook (MS-XLS), as far as safety needs them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from shop.lib.tables.archives import broken
from shop.lib.tables.refusal import TableRefused
from shop.lib.tables.sheet_facts import SheetFacts

_END = 0xFFFFFFFA  # sector numbers from here on are signs, not numbers
_BOUND_SHEET, _FILE_PASS, _FORMULA, _BOF = 0x85, 0x2F, 0x06, 0x809
_CELLS = {0x203, 0x204, 0x205, 0xFD, 0x27E, 0x06, 0xBD, 0xD6}
_MOST_SECTORS = 4_000_000


@dataclass
class XlsContent:
    """What an XLS holds besides values."""

    has_macros: bool = False
    sheets: dict[str, SheetFacts] = field(default_factory=dict)


def read_xls(path: Path) -> XlsContent:
    """Raises TableRefused when it is no workbook, is encrypted, or its chains are wrong."""
    try:
        container = _Container(path.read_bytes())
        names = {name.lower() for name in container.streams}
        if "encryptedpackage" in names:
            raise TableRefused("password", _("Файл захищено паролем. Надішліть без пароля."))
        book = container.streams.get("Workbook") or container.streams.get("Book")
        if book is None:
            raise TableRefused("wrong_type", _("Це документ Office, але не таблиця. Потрібен CSV, XLSX, XLS або ODS."))
        content = XlsContent(has_macros=bool(names & {"_vba_project_cur", "_vba_project", "vba"}))
        _read_records(container.read(*book), content)
    except (struct.error, IndexError, ValueError) as error:
        raise broken() from error
    return content


class _Container:
    """Streams by name: where they start and how long they are."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << struct.unpack_from("<H", data, 30)[0]
        if self._size not in (512, 4096):
            raise broken()
        fats, directory, self._least, mini, _minis, chain, _chains = struct.unpack_from("<IIxxxxIIIII", data, 44)
        self._fat = self._table(fats, chain)
        self.streams: dict[str, tuple[int, int]] = {}
        root = (0, 0)
        entries = b"".join(self._sectors(directory))
        for at in range(0, len(entries) - 127, 128):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            start, size = struct.unpack_from("<IQ", entries, at + 116)
            if kind == 5:
                root = (start, size & 0xFFFFFFFF)
            elif kind:
                name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
                self.streams[name] = (start, size & 0xFFFFFFFF)
        self._mini_stream = b"".join(self._sectors(root[0])) if root[1] else b""
        small = b"".join(self._sectors(mini)) if mini < _END else b""
        self._mini_fat = struct.unpack(f"<{len(small) // 4}I", small)

    def read(self, start: int, size: int) -> bytes:
        if size >= self._least:
            return b"".join(self._sectors(start))[:size]
        pieces = []
        while start < _END and len(pieces) * 64 < size:
            pieces.append(self._mini_stream[start * 64 : start * 64 + 64])
            start = self._mini_fat[start]
        return b"".join(pieces)[:size]

    def _table(self, count: int, chain: int) -> tuple[int, ...]:
        places = list(struct.unpack_from("<109I", self._data, 76))
        while chain < _END and len(places) < count + 200:
            more = struct.unpack(f"<{self._size // 4}I", self._sector(chain))
            places += more[:-1]
            chain = more[-1]
        fat = b"".join(self._sector(place) for place in places[:count] if place < _END)
        return struct.unpack(f"<{len(fat) // 4}I", fat)

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        return self._data[at : at + self._size].ljust(self._size, b"\0")

    def _sectors(self, number: int) -> Iterator[bytes]:
        seen = 0
        while number < _END:
            seen += 1
            if seen > min(_MOST_SECTORS, len(self._data) // self._size + 1):
                raise broken()  # a chain that bites its own tail
            yield self._sector(number)
            number = self._fat[number]


def _read_records(book: bytes, content: XlsContent) -> None:
    names: dict[int, str] = {}
    sheet: SheetFacts | None = None
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        body = at + 4
        if kind == _FILE_PASS:
            raise TableRefused("password", _("Файл захищено паролем. Надішліть без пароля."))
        if kind == _BOUND_SHEET:
            place, _state, _type, letters, is_wide = struct.unpack_from("<IBBBB", book, body)
            text = book[body + 8 : body + 8 + letters * (2 if is_wide & 1 else 1)]
            names[place] = text.decode("utf-16-le" if is_wide & 1 else "latin-1", "replace")
        elif kind == _BOF:
            sheet = content.sheets.setdefault(names[at], SheetFacts()) if at in names else None
        elif sheet is not None and kind in _CELLS and length >= 4:
            row, column = struct.unpack_from("<HH", book, body)
            sheet.reach(row, column)
            if kind == _FORMULA:
                sheet.formula(row, column)
        at = body + length
