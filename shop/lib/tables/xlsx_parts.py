"""The parts of an XLSX that say which sheets there are, and what is on one, without loading it."""

import re
from collections.abc import Iterator
from posixpath import join, normpath
from xml.etree import ElementTree

from shop.lib.tables.archives import Archive, broken
from shop.lib.tables.limits import MIB
from shop.lib.tables.sheet_facts import SheetFacts, column_number

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_MOST_ROW_BYTES = 32 * MIB

# How nearly all programs write a cell that holds something, and one that is only coloured.
_USUAL_CELL = re.compile(rb"""<c r="([A-Z]{1,4})\d{1,7}"(?: s="\d{1,6}")?(?: t="\w{1,9}")?>""")
_USUAL_COLOUR = re.compile(rb"""<c r="[A-Z]{1,4}\d{1,7}"(?: s="\d{1,6}")?(?: t="\w{1,9}")?/>""")
_UNUSUAL = (b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r", b":c")
# What the loader takes for a cell, and how a cell must look for the expressions below to see the same.
_CELL_START = re.compile(rb"<(?:[^\s<>/:\"']{1,30}:)?c[\s/>]")
_SANE_CELL = re.compile(rb"""<(?:\w{1,30}:)?c(?:\s+[\w:]{1,30}\s?=\s?(?:"[^"<>]{0,60}"|'[^'<>]{0,60}')){0,12}\s*/?>""")
# Cells with something in them; a cell that is only coloured ends at once and takes no memory.
_CELLS = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,4})(\d{1,9})["'](?:[^>]*[^/>])?>""")
_BARE_CELL = re.compile(rb"""<(?:\w+:)?c(?:\s(?![^>]*\br=)[^>]*)?>""")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,4})(\d{1,9})["'][^>]*>\s*<(?:\w+:)?f[\s/>]""",
)
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\bt=["']e["'])[^>]*?\br=["']([A-Z]{1,4})(\d{1,9})["'][^>]*>"""
    rb"""(?:\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]{1,30})<"""
)
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")


def check_parts(archive: Archive) -> None:
    """Unpack every part once, in pieces: sizes are true and nobody declares entities."""
    for name in archive.names:
        is_markup = name.lower().endswith((".xml", ".rels", ".vml"))
        before = b""
        for piece in archive.pieces(name):
            if is_markup:
                check_markup(before + piece, is_beginning=not before)
                before = piece[-16:]


def check_markup(piece: bytes, *, is_beginning: bool) -> None:
    """Raises TableRefused for a document type, and for encodings in which one could hide."""
    if any(sign in piece for sign in _DECLARATIONS) or (is_beginning and b"\0" in piece[:200]):
        raise broken()


def sheet_parts(archive: Archive) -> dict[str, str]:
    """Sheet name → name of its part."""
    home = "xl"
    relations = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in _parse(archive.read("xl/_rels/workbook.xml.rels"))
    }
    parts = {}
    for element in _parse(archive.read("xl/workbook.xml")).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            target = relations.get(element.get(_RELATION) or element.get(_STRICT_RELATION) or "", "")
            parts[element.get("name", "")] = (
                target.lstrip("/") if target.startswith("/") else normpath(join(home, target))
            )
    return parts


def facts_of(archive: Archive, part: str) -> SheetFacts:
    """Sizes, formulas and errors of a sheet. Raises TableRefused when it is too large."""
    facts = SheetFacts()
    for rows in _whole_rows(archive.pieces(part)):
        if not _reach_usual(rows, facts):
            _reach_unusual(rows, facts)
        if b"<f" in rows or b":f" in rows:
            for column, row in _FORMULA.findall(rows):
                facts.formula(int(row) - 1, column_number(column.decode()))
        if b't="e"' in rows or b"t='e'" in rows:
            for column, row, text in _ERROR.findall(rows):
                facts.error(int(row) - 1, column_number(column.decode()), text.decode("utf-8", "replace"))
        facts.check()
    return facts


def _reach_usual(rows: bytes, facts: SheetFacts) -> bool:
    """The short way for rows whose cells are all written as usual; False when they are not."""
    letters = _USUAL_CELL.findall(rows)
    count = rows.count(b"<c ")
    if len(letters) != count and len(letters) + len(_USUAL_COLOUR.findall(rows)) != count:
        return False
    if any(sign in rows for sign in _UNUSUAL):
        return False
    if letters:
        column = max(column_number(each.decode()) for each in set(letters))
        # The last one is the lowest; when it is only coloured, all are looked through.
        last = _CELLS.match(rows, rows.rfind(b"<c ")) or _CELLS.findall(rows)[-1]
        facts.reach(int(last[2] if isinstance(last, re.Match) else last[1]) - 1, column)
    return True


def _reach_unusual(rows: bytes, facts: SheetFacts) -> None:
    """Raises TableRefused for cells that are written so that the loader would see more of them than we."""
    if len(_CELL_START.findall(rows)) != len(_SANE_CELL.findall(rows)):
        raise broken()
    for column, row in _CELLS.findall(rows):
        facts.reach(int(row) - 1, column_number(column.decode()))
    facts.columns = max(facts.columns, _most_bare_cells(rows))


def _most_bare_cells(rows: bytes) -> int:
    """Cells may leave out where they are; then they stand one after another."""
    if not _BARE_CELL.search(rows):
        return 0
    return max(len(_BARE_CELL.findall(row)) for row in rows.split(b"row>"))


def _whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        rest += piece
        end = rest.rfind(b"row>") + 4
        if end > 3:
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > _MOST_ROW_BYTES:
            raise broken()
    if rest:
        yield rest


def _parse(data: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(data)  # noqa: S314  # declarations were refused before
    except ElementTree.ParseError as error:
        raise broken() from error
