"""Every kind of file, read as rows of text."""

import datetime as dt

import pytest
import xlsxwriter

from shop.lib.tables import TableFormat, open_table

from .writers import as_bytes, ods, packed, xls, xlsx

GOODS = [["Бренд", "Артикул", "Назва", "Ціна"], ["Bosch", "0 986", "Їжа для ґав", "12,50"], ["SKF", "VKM", "", "7"]]


def rows_of(path, **told):
    with open_table(path, **told) as table:
        return list(table.rows())


def text(rows, delimiter=";", end="\r\n"):
    return "".join(delimiter.join(row) + end for row in rows)


def tidy(rows):
    """Without the empty cells at the ends of rows."""
    return ["\t".join(row).rstrip("\t").split("\t") for row in rows]


@pytest.mark.parametrize("delimiter", ["\t", ";", "|", "^", "~", "¦", "§", "#"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-u", "cp866"]
)
def test_text_in_any_encoding_and_with_any_delimiter(file, delimiter, encoding):
    rows = [["Бренд", "Артикул", "Назва", "Ціна"], *[["Bosch", "0 986", "Фільтр масляний", "12,50"]] * 9]
    try:
        file.write_bytes(text(rows, delimiter).encode(encoding))
    except UnicodeEncodeError:
        pytest.skip("the encoding has no such sign")
    if encoding in ("koi8-u", "cp866") and delimiter > "\x7f":
        pytest.skip("a letter in the others")
    with open_table(file, name="price.pdf") as table:
        assert list(table.rows()) == rows
        assert table.format.delimiter == delimiter
        assert table.format.kind == ("tsv" if delimiter == "\t" else "csv")
        assert table.format.encoding == ("utf-16-le" if encoding == "utf-16" else encoding)
        assert table.position == table.size == file.stat().st_size


def test_commas_part_cells_where_prices_have_points(file):
    file.write_text("brand,article,price\nBosch,F 026,12.50\nSKF,VKM,7\n")
    assert rows_of(file) == [["brand", "article", "price"], ["Bosch", "F 026", "12.50"], ["SKF", "VKM", "7"]]


def test_line_ends_of_old_machines_are_understood(file):
    file.write_bytes(text(GOODS, end="\r").encode())
    assert rows_of(file) == GOODS


def test_a_cell_may_hold_delimiters_quotes_and_lines(file):
    file.write_text('Бренд;Назва;Ціна\nBosch;"Щітка ""Aerotwin""; 24""\nзадня";"1;5"\nSKF;Вал;7\n', newline="")
    assert rows_of(file)[1:] == [["Bosch", 'Щітка "Aerotwin"; 24"\nзадня', "1;5"], ["SKF", "Вал", "7"]]


def test_a_lone_quote_takes_nothing_from_the_rows_below(file):
    goods = [["Бренд", "Назва", "Ціна"], ["Bosch", '"Щітка 24', "5"], ["SKF", "Вал", "7"], ["TRW", '"Диск', "9"]]
    file.write_text(text(goods), newline="")
    assert rows_of(file)[2:] == [["SKF", "Вал", "7"], ["TRW", "Диск", "9"]]


def test_zero_bytes_are_left_out(file):
    file.write_bytes(text(GOODS).encode().replace(b"Bosch", b"Bo\0sch"))
    assert rows_of(file) == GOODS


def test_a_number_forced_to_be_text_is_that_text(file):
    file.write_text('brand;article;price\nBosch;="00123";5\nSKF;=A1;7\n')
    assert rows_of(file)[1:] == [["Bosch", "00123", "5"], ["SKF", "=A1", "7"]]


def test_excels_own_line_about_the_delimiter_is_obeyed(file):
    file.write_text("sep=|\nbrand|article, new|price\nBosch|1,2|3,4\n")
    assert rows_of(file)[1:] == [["brand", "article, new", "price"], ["Bosch", "1,2", "3,4"]]


def test_blank_rows_are_kept_so_that_row_numbers_are_those_of_the_file(file):
    file.write_text("Прайс\n\nБренд;Ціна;Код\n\nBosch;5;1\nSKF;5;1\nTRW;5;1\n")
    assert [number for number, row in enumerate(rows_of(file), start=1) if any(row)] == [1, 3, 5, 6, 7]


def test_a_person_may_say_how_a_text_is_to_be_read(file):
    file.write_bytes("Ціна|Код\n1,5|2,5\n".encode("cp1251"))
    told = TableFormat("csv", encoding="cp1251", delimiter="|")
    assert rows_of(file, format=told) == [["Ціна", "Код"], ["1,5", "2,5"]]
    assert TableFormat.from_json(told.to_json()) == told


@pytest.mark.parametrize("write", [xlsx, ods, xls])
def test_workbooks_are_told_by_their_content(file, write):
    write(file, [*GOODS, [], [None, None, "", 7.5], ["TRW", 1e15]])
    with open_table(file, name="price.csv") as table:
        assert tidy(table.rows()) == [*GOODS, [""], ["", "", "", "7.5"], ["TRW", "1E+15"]]
        assert table.format.kind == write.__name__
        assert table.position == table.size == file.stat().st_size


def test_emptiness_to_the_edge_of_the_sheet_is_not_read(file):
    edge = '<table:table-cell table:number-columns-repeated="16380"/>'
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(f"<table:table-row>{cell.format(text)}{edge}</table:table-row>" for text in ("Ціна", "5"))
    below = f'<table:table-row table:number-rows-repeated="1048574">{edge}</table:table-row>'
    ods(file, [], content=f'<table:table table:name="Прайс">{rows}{below}</table:table>')
    assert rows_of(file) == [["Ціна"], ["5"]]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (7, "7"), (12.3, "12.3"), (0.1 + 0.2, "0.3"), (0.00001, "0.00001"), (123456789012, "123456789012"),
        (1.23e17, "1.23E+17"), ("1.23E+05", "1.23E+05"), ("007", "007"), (True, "TRUE"),
        (dt.date(2026, 3, 12), "2026-03-12"), ("12.03.2026", "12.03.2026"), ("  є ", "  є "), ("≥10", "≥10"),
    ],
)  # fmt: skip
def test_a_cell_of_a_workbook_becomes_the_text_a_person_would_type(file, cell, told):
    assert rows_of(xlsx(file, [["Артикул", "Ціна"], ["x", cell]]))[1] == ["x", told]


def test_a_formula_is_marked_whether_its_value_is_kept_or_not(file):
    xlsx(file, [["Артикул", "Ціна"], ["A1", "=2*3→6"], ["A2", "=1/3→"], ["A3", "=1/0→#DIV/0!"]])
    assert [row[1][0] for row in rows_of(file)[1:]] == ["=", "=", "="]


def test_a_table_that_begins_in_the_middle_keeps_its_places(file):
    xlsx(file, [[], [], [None, None, "Ціна"], [None, None, 5]])
    assert tidy(rows_of(file)) == [[""], [""], ["", "", "Ціна"], ["", "", "5"]]


@pytest.mark.parametrize("names", [("Умови", "Прайс"), ("Лист1", "Лист2")])
def test_the_sheet_with_goods_is_taken_and_another_when_a_person_says_so(file, names):
    xlsx(file, [["Умови роботи"], ["Доставка щодня"]], GOODS, names=names)
    with open_table(file) as table:
        assert (table.sheets, table.format.sheet) == (list(names), names[1])
        assert list(table.rows()) == GOODS
    assert rows_of(file, format=TableFormat("xlsx", sheet=names[0]))[0] == ["Умови роботи"]


def test_a_hidden_sheet_is_not_read(file):
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Видимий").write_row(0, 0, ["Ціна", "Код"])
        hidden = book.add_worksheet("Старі ціни")
        hidden.write_row(0, 0, ["Бренд", "Артикул", "Ціна"])
        hidden.hide()
    with open_table(file) as table:
        assert table.sheets == ["Видимий"]


@pytest.mark.parametrize(
    "inside",
    [text(GOODS).encode("cp1251"), as_bytes(xlsx, GOODS), as_bytes(ods, GOODS)],
    ids=["csv", "xlsx", "ods"],
)
def test_one_file_in_an_archive_is_read_as_if_it_came_alone(file, inside):
    packed(file, {"__MACOSX/._price": b"x", "Thumbs.db": b"x", "папка/../../../etc/price": inside})
    with open_table(file) as table:
        assert list(table.rows()) == GOODS
        assert table.position == table.size == file.stat().st_size


def test_position_rises_from_nothing_to_the_whole(file):
    file.write_text("Бренд;Артикул;Ціна\n" + "Bosch;F 026 407 006;12,50\n" * 100_000)
    with open_table(file) as table:
        seen = [table.position for number, _row in enumerate(table.rows()) if number % 10_000 == 0]
        assert seen == sorted(seen)
        assert seen[0] < table.size / 5
        assert table.position == table.size


def test_rows_can_be_read_twice(file):
    file.write_text(text(GOODS))
    with open_table(file) as table:
        assert list(table.rows()) == list(table.rows()) == GOODS
