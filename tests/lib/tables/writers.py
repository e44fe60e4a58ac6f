"""Files as suppliers and strangers send them, built by hand where no library writes them."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body><office:spreadsheet>'
)
_ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def packed(path, members, method=zipfile.ZIP_DEFLATED):
    """A ZIP of these (name → content)."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def repacked(path, **changes):
    """The same archive with parts changed, added or (None) left out; ``__`` stands for a slash, ``_DOT_`` for a dot."""
    told = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in changes.items()}
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()} | told
    return packed(path, {name: content for name, content in members.items() if content is not None})


def xlsx(path, *sheets, names=()):
    """A workbook; a sheet is a list of rows. A cell beginning with ``=`` is a formula with the value after ``→``."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        date = book.add_format({"num_format": "dd.mm.yyyy"})
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[number] if number < len(names) else None)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str) and cell.startswith("="):
                        formula, _arrow, value = cell.partition("→")
                        sheet.write_formula(at, column, formula, None, value)
                    elif hasattr(cell, "year"):
                        sheet.write_datetime(at, column, cell, date)
                    elif isinstance(cell, str):
                        sheet.write_string(at, column, cell)
                    elif cell is not None:
                        sheet.write(at, column, cell)
    return path


def ods(path, rows, *, before="", content=None, **members):
    """An ODS of one sheet, «Прайс»."""
    lines = []
    for row in rows:
        lines.append("<table:table-row>")
        for cell in row:
            if isinstance(cell, str):
                lines.append(
                    f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
                )
            elif cell is None:
                lines.append("<table:table-cell/>")
            else:
                lines.append(f'<table:table-cell office:value-type="float" office:value={quoteattr(str(cell))}/>')
        lines.append("</table:table-row>")
    inside = content or f'<table:table table:name="Прайс">{before}{"".join(lines)}</table:table>'
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    parts = {
        "mimetype": _SPREADSHEET,
        "content.xml": _ODS_HEAD + inside + _ODS_TAIL,
        "META-INF/manifest.xml": manifest,
    }
    return packed(path, parts | members)


def xls(path, rows, *, name="Прайс", streams=(), extra=b""):
    """An XLS (BIFF8) of one sheet in a compound file, as [MS-XLS] and [MS-CFB] describe them."""
    return compound(path, {"Workbook": biff(rows, name=name, extra=extra)} | dict(streams))


def biff(rows, *, name="Прайс", extra=b"", globals_=b""):
    """The workbook stream: globals with one sheet, then its cells. ``extra`` are more records of the sheet."""
    cells = [_record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0xDBB, 0x7CC, 0, 6))]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                cells.append(_record(0x204, struct.pack("<HHHHB", at, column, 0, len(text) // 2, 1) + text))
            elif cell is not None:
                cells.append(_record(0x203, struct.pack("<HHHd", at, column, 0, cell)))
    cells += [extra, _record(0x0A)]
    letters = name.encode("utf-16-le")
    head = [
        _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0xDBB, 0x7CC, 0, 6)),
        globals_,
        _record(0x42, struct.pack("<H", 1200)),
        _record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    ]
    place = sum(map(len, head)) + 4 + 8 + len(letters) + 4
    head.append(_record(0x85, struct.pack("<IBBBB", place, 0, 0, len(letters) // 2, 1) + letters))
    head.append(_record(0x0A))
    stream = b"".join(head + cells)
    return stream.ljust(4096, b"\0")  # shorter streams live elsewhere


def _record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def compound(path, streams):
    """A compound file of these streams (name → content of at least 4,096 bytes)."""
    sectors, starts = [], {}
    fat = [_FAT]
    sectors.append(b"")  # the table itself, filled in at the end
    for name, content in streams.items():
        pieces = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        starts[name] = len(sectors), len(content)
        fat += [*range(len(sectors) + 1, len(sectors) + len(pieces)), _END]
        sectors += pieces
    entries = [_entry("Root Entry", 5, _END, 0, child=1 if streams else _FREE)]
    for number, (name, (start, size)) in enumerate(starts.items(), start=1):
        entries.append(_entry(name, 2, start, size, right=number + 1 if number < len(starts) else _FREE))
    directory = len(sectors)
    content = b"".join(entries)
    content = content.ljust(-(-len(content) // 512) * 512, b"\0")
    pieces = [content[at : at + 512] for at in range(0, len(content), 512)]
    fat += [*range(directory + 1, directory + len(pieces)), _END]
    sectors += pieces
    assert len(fat) <= 128, "more than one sector of the table is not written here"
    sectors[0] = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    path.write_bytes(header + b"".join(sectors))
    return path


def _entry(name, kind, start, size, *, child=_FREE, right=_FREE):
    letters = name.encode("utf-16-le") + b"\0\0"
    return (
        letters.ljust(64, b"\0")
        + struct.pack("<HBB", len(letters), kind, 1)
        + struct.pack("<III", _FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def as_bytes(write, *given, **more):
    """What a writer of ZIPs puts into a path, as bytes."""
    target = io.BytesIO()
    write(target, *given, **more)
    return target.getvalue()
