"""What kind of file it is, by its first bytes."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from shop.lib.tables.archives import Archive, unpack_only_file
from shop.lib.tables.encodings import utf_16_of
from shop.lib.tables.limits import MIB, MOST_FILE_BYTES
from shop.lib.tables.refusal import TableRefused
from shop.lib.tables.table import Table, TableFormat
from shop.lib.tables.text import TextTable
from shop.lib.tables.workbooks import open_ods, open_xls, open_xlsx

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TABLES = (
    (b"%PDF", _("PDF")),
    (b"\x89PNG", _("зображення")),
    (b"\xff\xd8\xff", _("зображення")),
    (b"GIF8", _("зображення")),
    (b"BM", _("зображення")),
    (b"RIFF", _("зображення чи запис")),
    (b"II*\x00", _("зображення")),
    (b"MM\x00*", _("зображення")),
    (b"MZ", _("програма")),
    (b"\x7fELF", _("програма")),
    (b"\xca\xfe\xba\xbe", _("програма")),
    (b"#!/", _("програма")),
    (b"Rar!", _("архів RAR")),
    (b"7z\xbc\xaf", _("архів 7z")),
    (b"\x1f\x8b", _("архів gzip")),
    (b"BZh", _("архів bzip2")),
    (b"\xfd7zXZ", _("архів xz")),
    (b"\x28\xb5\x2f\xfd", _("архів zstd")),
    (b"SQLite format 3", _("база даних")),
    (b"{\\rtf", _("документ RTF")),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<body", b"<meta", b"<svg", b"<script", b"<!--")
_BEGINNING = 4096


def open_table(path: Path, *, name: str = "", format: TableFormat | None = None) -> Table:
    """Recognise a file and open it. ``name`` is only shown; ``format`` is how a person said it is to be read.

    Raises TableRefused.
    """
    _check_size(path)
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING)
    if beginning.startswith(_ZIP):
        archive = Archive(path)
        if archive.is_workbook:
            return _open_workbook(archive, format)
        return _open_packed(archive, format)
    return _open_plain(path, beginning, format)


def _open_packed(archive: Archive, told: TableFormat | None) -> Table:
    """The one file inside; its bytes are told as a share of the archive's."""
    inner = unpack_only_file(archive)
    try:
        with inner.open("rb") as file:
            beginning = file.read(_BEGINNING)
        if not beginning:
            raise _empty()
        if beginning.startswith(_ZIP):
            workbook = Archive(inner)
            if not workbook.is_workbook:
                raise TableRefused("zip_content", _("Архів в архіві. Надішліть сам файл прайс-листа."))
            table = _open_workbook(workbook, told)
        else:
            table = _open_plain(inner, beginning, told)
    except BaseException:
        inner.unlink(missing_ok=True)
        raise
    return _Packed(table, inner, archive.path.stat().st_size)


def _open_workbook(archive: Archive, told: TableFormat | None) -> Table:
    return open_ods(archive, told) if archive.is_ods else open_xlsx(archive, told)


def _open_plain(path: Path, beginning: bytes, told: TableFormat | None) -> Table:
    if beginning.startswith(_OLE):
        return open_xls(path, told)
    for sign, what in _NOT_TABLES:
        if beginning.startswith(sign) and _is_binary(sign, beginning):
            raise TableRefused(
                "wrong_type", _("Це %(what)s, а не прайс-лист. Потрібен CSV, XLSX, XLS або ODS."), what=what
            )
    plain = beginning.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if plain.startswith(_MARKUP):
        raise TableRefused(
            "wrong_type",
            _("Усередині веб-сторінка або XML, хоч би як файл називався. Відкрийте його в Excel і збережіть як XLSX."),
        )
    if not plain and path.stat().st_size <= _BEGINNING:
        raise _empty()
    if _control_share(beginning) > 0.05:
        raise TableRefused("wrong_type", _("Це не таблиця: файл двійковий. Потрібен CSV, XLSX, XLS або ODS."))
    return TextTable(path, told=told if told and not told.is_workbook else None)


def _is_binary(sign: bytes, beginning: bytes) -> bool:
    """Two letters such as BM or MZ may begin a brand; then text follows, not a header of zeros."""
    return len(sign) > 2 or sign == b"\x1f\x8b" or _control_share(beginning[:64]) > 0.05


def _control_share(beginning: bytes) -> float:
    """Characters that no text holds; a few zero bytes are the slip of a program that fills its fields."""
    wide = utf_16_of(beginning)
    text = beginning.decode(wide or "latin-1", "replace")
    control = sum(sign < " " and sign not in "\0\t\n\r\f\x0b\x1a\x1f" for sign in text)
    zeros = text.count("\0")
    return (control + (zeros if zeros > 16 else 0)) / max(len(text), 1)


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if not size:
        raise _empty()
    if size > MOST_FILE_BYTES:
        raise TableRefused(
            "too_large", _("Файл завеликий: понад %(size)s МБ. Розділіть його."), size=MOST_FILE_BYTES // MIB
        )


def _empty() -> TableRefused:
    return TableRefused("empty", _("Файл порожній."))


class _Packed(Table):
    """A table out of an archive: goes away with the unpacked copy."""

    def __init__(self, table: Table, inner: Path, size: int) -> None:
        super().__init__()
        self._table, self.size = table, size
        self.format, self.sheets = table.format, table.sheets
        self._at_end.callback(inner.unlink, missing_ok=True)
        self._at_end.callback(table.close)
        self.rows = table.rows  # type: ignore[method-assign]

    @property
    def position(self) -> int:
        return self._table.position * self.size // max(self._table.size, 1)
