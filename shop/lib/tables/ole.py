"""Old XLS files: the container (MS-CFB) and the records of the workbook (MS-XLS), as far as safety needs them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from shop.lib.tables.archives import broken
from shop.lib.tables.limits import MIB, MOST_COLUMNS, MOST_SHEETS, MOST_XLS_BYTES
from shop.lib.tables.refusal import TableRefused
from shop.lib.tables.sheet_facts import SheetFacts

_END = 0xFFFFFFFA  # sector numbers from here on are signs, not numbers
_BOUND_SHEET, _FILE_PASS, _STRINGS, _EOF = 0x85, 0x2F, 0xFC, 0x0A
_FORMULA, _NUMBERS, _SIZES = 0x06, 0xBD, 0x200
_CELLS = {0x203, 0x204, 0x205, 0xFD, 0x27E, _FORMULA, _NUMBERS, 0xD6}
_MACRO_SHEET, _MODULE = 1, 6
_MOST_SECTORS = 4_000_000


@dataclass
class XlsContent:
    """What an XLS holds besides values."""

    has_macros: bool = False
    sheets: dict[str, SheetFacts] = field(default_factory=dict)


def read_xls(path: Path) -> XlsContent:
    """Raises TableRefused when it is no workbook, is encrypted, or its chains are wrong."""
    if path.stat().st_size > MOST_XLS_BYTES:
        raise TableRefused(
            "too_large", _("Файл XLS завеликий: понад %(size)s МБ. Збережіть його як XLSX."), size=MOST_XLS_BYTES // MIB
        )
    try:
        container = _Container(path.read_bytes())
        names = {name.lower() for name in container.streams}
        if "encryptedpackage" in names:
            raise TableRefused("password", _("Файл захищено паролем. Надішліть без пароля."))
        book = container.streams.get("Workbook") or container.streams.get("Book")
        if book is None:
            if not container.streams:
                raise broken()  # cut off before the list of what it holds
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
            # Files with small sectors may hold rubbish in the upper half of a size.
            start, size = struct.unpack_from("<IQ" if self._size == 4096 else "<II", entries, at + 116)
            if kind and size > len(data):
                raise broken()
            if kind == 5:
                root = (start, size)
            elif kind:
                name = entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
                self.streams[name] = (start, size)
        self._mini_stream = b"".join(self._sectors(root[0])) if root[1] else b""
        small = b"".join(self._sectors(mini)) if mini < _END else b""
        self._mini_fat = struct.unpack(f"<{len(small) // 4}I", small)

    def read(self, start: int, size: int) -> bytes:
        if size >= self._least:
            return b"".join(self._sectors(start))[:size]
        pieces: list[bytes] = []
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
    """The sheets' names and places stand first; a sheet is read from its place on, as the loader does."""
    places: list[tuple[int, str]] = []
    for kind, body, _length in _records(book, 0):
        if kind == _FILE_PASS:
            raise TableRefused("password", _("Файл захищено паролем. Надішліть без пароля."))
        if kind == _BOUND_SHEET:
            place, _state, type_, letters, is_wide = struct.unpack_from("<IBBBB", book, body)
            text = book[body + 8 : body + 8 + letters * (2 if is_wide & 1 else 1)]
            places.append((place, text.decode("utf-16-le" if is_wide & 1 else "latin-1", "replace").replace("\0", "")))
            content.has_macros = content.has_macros or type_ in (_MACRO_SHEET, _MODULE)
        elif kind == _STRINGS and struct.unpack_from("<I", book, body + 4)[0] * 3 > len(book):
            raise broken()  # more strings than there are bytes
    if len(places) > MOST_SHEETS:
        raise TableRefused("too_large", _("У книзі понад %(count)s аркушів."), count=MOST_SHEETS)
    for place, name in places:
        content.sheets[name] = _read_sheet(book, place)


def _read_sheet(book: bytes, place: int) -> SheetFacts:
    """Every sheet is loaded when the book is opened, so each is checked. Raises TableRefused."""
    sheet = SheetFacts()
    for kind, body, length in _records(book, place):
        if kind in _CELLS and length >= 4:
            row, column = struct.unpack_from("<HH", book, body)
            sheet.reach(row, column)
            if kind == _FORMULA:
                sheet.formula(row, column)
            elif kind == _NUMBERS and length >= 6:
                sheet.reach(row, struct.unpack_from("<H", book, body + length - 2)[0])
        elif kind == _SIZES:
            _check_sizes(book[body : body + length])
    sheet.check()
    return sheet


def _check_sizes(told: bytes) -> None:
    """The loader takes memory for what a sheet says of its own size."""
    first, last, left, right = struct.unpack_from("<IIHH" if len(told) >= 14 else "<HHHH", told)
    if last > 65_536 or right > MOST_COLUMNS or (last and right and (first >= last or left >= right)):
        raise broken()


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place of the body and its length, up to the end record."""
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == _EOF:
            return
        if at + 4 + length > len(book):
            raise broken()
        yield kind, at + 4, length
        at += 4 + length
