"""Files that are not read: each with its code and a sentence for the person who sent it."""

import struct
import zipfile

import pytest

from shop.lib.tables import TableRefused, limits, open_table

from .writers import as_bytes, biff, compound, ods, packed, repacked, xls, xlsx

GOODS = [["Бренд", "Артикул", "Ціна"], ["Bosch", "F 026", 12.5], ["SKF", "VKM", 7]]
CSV = "Бренд;Артикул;Ціна\nBosch;F 026;12,5\n".encode()
SHEET = "xl__worksheets__sheet1_DOT_xml"


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe\r\0\n\0"])
def test_an_empty_file(file, refused, content):
    file.write_bytes(content)
    assert refused(file) == "empty"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0\0\x10JFIF", b"GIF89a\1\0\1\0",
        b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0", b"\x7fELF\2\1\1", b"Rar!\x1a\7\1\0", b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08\0", b"SQLite format 3\0", b"{\\rtf1\\ansi", b"#!/bin/sh\nrm -rf /",
        b"<html><body><table><tr><td>1</td></tr></table></body></html>", b"\xef\xbb\xbf<?xml version='1.0'?><a/>",
        bytes(range(256)) * 20,
    ],
)  # fmt: skip
def test_what_is_no_table_whatever_its_name(file, refused, content):
    file.write_bytes(content)
    assert refused(file, name="price.csv") == "wrong_type"


def test_a_brand_that_begins_like_a_program_is_text(file):
    file.write_text("MZ;BM;Ціна\nBosch;1;2\n")
    with open_table(file) as table:
        assert next(table.rows()) == ["MZ", "BM", "Ціна"]


def test_other_documents_of_office(file, refused):
    packed(file, {"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"})
    assert refused(file) == "wrong_type"
    packed(file, {"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x"})
    assert refused(file) == "wrong_type"
    ods(file, GOODS, mimetype="application/vnd.oasis.opendocument.text")
    assert refused(file) == "wrong_type"
    compound(file, {"WordDocument": b"x" * 4096})
    assert refused(file) == "wrong_type"


def test_macros(file, refused):
    assert refused(repacked(xlsx(file, GOODS), xl__vbaProject_DOT_bin=b"x")) == "macros"
    assert refused(repacked(xlsx(file, GOODS), xl__macrosheets__sheet1_DOT_xml=b"<x/>")) == "macros"
    assert refused(ods(file, GOODS, **{"Basic/Standard/Module1.xml": "<x/>"})) == "macros"
    assert refused(xls(file, GOODS, streams=[("_VBA_PROJECT", b"x" * 4096)])) == "macros"


def test_a_password(file, refused):
    assert refused(compound(file, {"EncryptionInfo": b"x" * 4096, "EncryptedPackage": b"x" * 4096})) == "password"
    compound(file, {"Workbook": biff(GOODS, globals_=struct.pack("<HHHHH", 0x2F, 6, 1, 1, 1))})
    assert refused(file) == "password"
    ods(file, GOODS, **{"META-INF/manifest.xml": "<m:encryption-data xmlns:m='x'/>"})
    assert refused(file) == "password"
    content = bytearray(packed(file, {"price.csv": CSV}).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(content)
    assert refused(file) == "password"


def test_archives_of_anything_but_one_file(file, refused):
    assert refused(packed(file, {})) == "empty"
    assert refused(packed(file, {"a.csv": b""})) == "empty"
    assert refused(packed(file, {"a.csv": CSV, "b.csv": CSV})) == "zip_content"
    assert refused(packed(file, {"a.zip": as_bytes(packed, {"a.csv": CSV})})) == "zip_content"
    assert refused(packed(file, {"a.pdf": b"%PDF-1.7"})) == "wrong_type"


def test_names_of_files_in_an_archive_are_shown_short_and_without_folders(file):
    packed(file, {"../../secret/%s{0}.csv": CSV, "b" * 300: CSV})
    with pytest.raises(TableRefused) as caught:
        open_table(file)
    assert str(caught.value) == f"В архіві кілька файлів: %s{{0}}.csv, {'b' * 60}. Надішліть один прайс-лист."


def test_zip_bombs(file, refused, monkeypatch):
    assert refused(packed(file, {"a.csv": b"Bosch;1;2\n" * 2_000_000})) == "zip_bomb"
    assert refused(repacked(xlsx(file, GOODS), xl__media__a_DOT_png=bytes(40 * limits.MIB))) == "zip_bomb"
    assert refused(packed(file, {f"{number}.csv": b"" for number in range(2_001)})) == "zip_bomb"
    monkeypatch.setattr("shop.lib.tables.archives.MOST_UNPACKED_BYTES", 1_000)
    assert refused(packed(file, {"a.csv": CSV * 100})) == "zip_bomb"


def test_an_archive_that_lies_about_its_size(file, refused):
    content = bytearray(packed(file, {"a.csv": CSV + b"Bosch;1;2\n" * 3_000_000}).read_bytes())
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(sign) + place, 100)
    file.write_bytes(content)
    assert refused(file) == "broken"


def test_two_parts_of_one_name(file, refused):
    xlsx(file, GOODS)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<x/>")
    assert refused(file) == "broken"


@pytest.mark.parametrize(
    "part", ["xl__workbook_DOT_xml", SHEET, "xl__sharedStrings_DOT_xml", "xl___rels__workbook_DOT_xml_DOT_rels"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_declared_in_a_workbook(file, refused, part, encoding):
    laughs = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>'
    assert refused(repacked(xlsx(file, GOODS), **{part: laughs.encode(encoding)})) == "broken"


def test_entities_declared_in_an_ods(file, refused):
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    assert refused(ods(file, GOODS, **{"content.xml": laughs})) == "broken"


def sheet(cells, dimension="A1"):
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="{dimension}"/><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    )


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>',
        "<c r='A1'><v>1</v></c><x:c xmlns:x='x' s='1' r='XFD1'><v>1</v></x:c>",
        '<c r="A9999999"><v>1</v></c>',
        "<c><v>1</v></c>" * 300,
    ],
)
def test_a_huge_sheet(file, refused, cells):
    assert refused(repacked(xlsx(file, GOODS), **{SHEET: sheet(cells)})) == "too_large"


@pytest.mark.parametrize(
    "cells",
    [
        '<c s=">" r="XFD1048576"><v>1</v></c>',
        f'<c {" " * 100_000}r="XFD1048576"><v>1</v></c>',
        f'<c s="{"1" * 500}" r="XFD1048576"><v>1</v></c>',
        "<c " * 1_000_000,
        "<c r='A1' " + "r='A1' " * 500_000,
    ],
)
def test_cells_written_to_hide_where_they_are(file, refused, cells):
    xlsx(file, GOODS)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    packed(file, members | {"xl/worksheets/sheet1.xml": sheet(cells)}, zipfile.ZIP_STORED)
    assert refused(file) in ("broken", "too_large")


def test_a_small_sheet_that_says_it_is_huge_is_read(file):
    repacked(xlsx(file, GOODS), **{SHEET: sheet('<c r="A1"><v>5</v></c>', "A1:XFD1048576")})
    with open_table(file) as table:
        assert list(table.rows()) == [["5"]]


def test_rows_repeated_a_million_times(file, refused):
    row = '<table:table-row table:number-rows-repeated="1048577">{}</table:table-row>'
    cell = '<table:table-cell office:value-type="float" office:value="1"{}/>'
    assert refused(ods(file, GOODS, before=row.format(cell.format("")))) == "too_large"
    wide = cell.format(' table:number-columns-repeated="16384"')
    assert refused(ods(file, GOODS, before=f"<table:table-row>{wide}</table:table-row>")) == "too_large"


def test_an_xls_that_says_it_is_huge(file, refused):
    place = struct.pack("<HHHHHd", 0x203, 14, 65_535, 65_535, 0, 1)
    assert refused(xls(file, GOODS, extra=place)) == "too_large"
    sizes = struct.pack("<HHIIHHH", 0x200, 14, 0, 2**32 - 1, 0, 2**16 - 1, 0)
    assert refused(xls(file, GOODS, extra=sizes)) == "broken"
    strings = struct.pack("<HHII", 0xFC, 8, 2**31 - 1, 2**31 - 1)
    assert refused(compound(file, {"Workbook": biff(GOODS, globals_=strings)})) == "broken"


def test_a_chain_that_bites_its_tail(file, refused):
    content = bytearray(xls(file, GOODS).read_bytes())
    struct.pack_into("<I", content, 512 + 4, 1)
    file.write_bytes(content)
    assert refused(file) == "broken"


@pytest.mark.parametrize("write", [xlsx, ods, xls])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_file_that_was_cut_off(file, refused, write, share):
    content = write(file, GOODS * 50).read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    assert refused(file) == "broken"


def test_a_book_without_sheets_to_see(file, refused):
    assert refused(repacked(xlsx(file, GOODS), xl__workbook_DOT_xml=b"<workbook/>")) in ("empty", "broken")
    assert refused(repacked(xlsx(file, GOODS), **{SHEET: None})) == "broken"


def test_a_line_without_an_end(file, refused):
    file.write_bytes(CSV + b"x" * 3_000_000)
    assert refused(file) == "broken"


def test_a_cell_without_an_end(file, refused):
    file.write_bytes(CSV + b'Bosch;"F 026;12\n' + b"SKF;VKM 1;7\n" * 50_000)
    assert refused(file) == "broken"
    with open_table(file) as table, pytest.raises(TableRefused, match="Рядок 3: комірка не закінчується"):
        list(table.rows())


def test_a_file_larger_than_is_taken(file, refused, monkeypatch):
    monkeypatch.setattr("shop.lib.tables.opening.MOST_FILE_BYTES", 10)
    file.write_bytes(CSV)
    assert refused(file) == "too_large"


def test_links_to_other_books_are_not_followed(file):
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    repacked(
        xlsx(file, [["Ціна"], ["='http://stranger.example/[a.xlsx]S'!A1→9"]]),
        xl__externalLinks__externalLink1_DOT_xml=link,
    )
    with open_table(file) as table:
        assert list(table.rows()) == [["Ціна"], ["=9"]]


def test_nothing_stays_behind_when_a_packed_file_is_refused(file, refused, tmp_path, monkeypatch):
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    assert refused(packed(file, {"a.pdf": b"%PDF-1.7"})) == "wrong_type"
    assert list(place.iterdir()) == []
