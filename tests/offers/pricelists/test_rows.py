import pytest

from shop.lib.tables import TableFormat
from shop.offers.pricelists.layout import Layout
from shop.offers.pricelists.rows import RowReader, _text
from tests.offers.pricelists.reading import BRANDS, goods, passed_over, read, refusals

HEADS = ["Бренд", "Артикул", "Назва", "Ціна", "Залишок"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.csv"


def layout(columns, **values):
    width = 1 + max(place for places in columns.values() for place in places)
    return Layout(TableFormat("csv", "utf-8", ";"), 1, [""] * width, columns, **values)


def test_brands_in_rows_between_the_goods_hold_until_the_next(path):
    rows = [
        ["Артикул", "Назва", "Ціна"],
        ["BOSCH", "", ""],
        ["0 986 479 470", "Диск гальмівний", "100,00"],
        ["Фільтри масляні", "", ""],
        ["F 026 407", "Фільтр масляний", "200,00"],
        ["skf", "", ""],
        ["VKBA 1", "Підшипник", "300,00"],
    ]
    lines = read(path, rows)
    assert goods(lines) == [(1, "0 986 479 470", "100.00"), (1, "F 026 407", "200.00"), (5, "VKBA 1", "300.00")]
    assert passed_over(lines) == [(row, "section_header") for row in (2, 4, 6)]


def test_goods_under_a_brand_that_nobody_knows_are_not_sold_under_the_brand_above(path):
    rows = [
        ["Артикул", "Назва", "Ціна"],
        ["BOSCH", "", ""],
        ["A 100", "Диск гальмівний", "100,00"],
        ["NoName Parts", "", ""],
        ["B 200", "Диск гальмівний", "200,00"],
    ]
    lines = read(path, rows)
    assert goods(lines) == [(1, "A 100", "100.00")]
    assert refusals(lines) == [(5, "unknown_brand", "NoName Parts")]


def test_a_cell_of_the_brand_merged_over_several_rows_is_not_lost_in_a_section(path):
    rows = [
        HEADS,
        ["Bosch"],
        ["", "A 100", "Диск гальмівний", "100,00", "1"],
        ["Прокладки"],
        ["", "B", "Пас", "2", "1"],
    ]
    assert [line.state for line in read(path, rows)] == ["i", "o", "i", "r"]


def test_heads_repeated_on_every_page_totals_and_blank_lines_are_no_goods(path):
    good = ["SKF", "VKBA 1", "Підшипник", "300,00", "1"]
    rows = [HEADS, good, ["", "", "", "", ""], HEADS, ["Разом", "", "", "300,00", "1"], ["Всього позицій: 1"]]
    assert passed_over(read(path, rows)) == [
        (3, "blank"),
        (4, "section_header"),
        (5, "total_row"),
        (6, "total_row"),
    ]


def test_a_short_row_lacks_what_it_does_not_reach(path):
    rows = [HEADS, ["SKF", "VKBA 1", "Підшипник", "300,00", "1"], ["SKF", "VKBA 2", "Підшипник"]]
    assert refusals(read(path, rows)) == [(3, "price_missing", "")]


def test_without_a_column_of_names_no_name_is_missed(path):
    rows = [["Бренд", "Артикул", "Ціна"], ["SKF", "VKBA 1", "300,00"], ["SKF", "VKBA 2", "310,00"]]
    assert goods(read(path, rows)) == [(5, "VKBA 1", "300.00"), (5, "VKBA 2", "310.00")]


def test_stock_of_several_warehouses_is_added_up(path):
    columns = {"brand": (0,), "article": (1,), "price": (2,), "stock": (3, 4)}
    rows = [[""] * 5, ["SKF", "A 1", "1", ">10", "2"], ["SKF", "A 2", "1", "є", ""], ["SKF", "A 3", "1", "є", "4"]]
    told = [(line.pieces, line.is_at_least, line.is_in_stock) for line in read(path, rows, layout(columns))]
    assert told == [(12, True, True), (None, False, True), (4, True, True)]


def test_warehouses_that_are_told_apart_have_a_line_each(path):
    columns = {"brand": (0,), "article": (1,), "price": (2,), "stock": (3, 4)}
    rows = [[""] * 5, ["SKF", "A 1", "1", "3", "2"]]
    told = read(path, rows, layout(columns, places={"0": 5, "1": 6}))
    assert [(line.row, line.line, line.place, line.pieces) for line in told] == [(2, 0, 0, 3), (2, 1, 1, 2)]


def test_the_currency_of_a_cell_beats_that_of_its_column_and_that_of_the_head(path):
    columns = {"brand": (0,), "article": (1,), "price": (2,), "currency": (3,)}
    rows = [
        ["", "", "", ""],
        ["SKF", "A 1", "10 $", "EUR"],
        ["SKF", "A 2", "10", "євро"],
        ["SKF", "A 3", "10", ""],
        ["SKF", "A 4", "10", "GBP"],
    ]
    lines = read(path, rows, layout(columns, currency="PLN"))
    assert [line.currency for line in lines] == ["USD", "EUR", "PLN", ""]
    assert refusals(lines) == [(5, "currency_unknown", "GBP")]


ODD = [
    ["Bosch", "0 986 479 470", "Диск  гальмівний", "1 828,56", "8", "1-2", "12345/67890 1, X-1", "Bosch 1"],
    [" bosch ", " a\\b ", "Рядок\nдругий\t\\", "10", ">10", "завтра", "", ""],
    ["АЗМОЛ", "Ёж-1", "Олива", "10,5", "є", "", "", ""],
    ["Bosch", "01.02.2026", "Диск", "5", "1", "", "", ""],
    ["Bosch", "---", "Диск", "5", "1", "", "", ""],
    ["Невідомий", "A1", "Диск", "5", "1", "", "", ""],
    ["", "A1", "Диск", "5", "1", "", "", ""],
    ["Bosch", "A1", "", "5", "1", "", "", ""],
    ["Bosch", "A1", "Диск", "?", "1", "", "", ""],
    ["Bosch", "A1", "Диск", "7 EUR", "немає", "2 тижні", "", ""],
    ["Разом", "", "", "100", "", "", "", ""],
    ["SKF"],
    ["", "VKBA 1", "Підшипник", "300", "1", "", "", ""],
    [],
    ["Bosch", "A2", "Диск", "5"],
]


@pytest.mark.parametrize("is_apart", [False, True])
@pytest.mark.parametrize("has_brand", [False, True])
@pytest.mark.parametrize("has_name", [False, True])
@pytest.mark.parametrize("stock", [(), (4,), (4, 5)])
def test_the_short_way_of_good_rows_says_what_the_long_way_says(has_brand, has_name, stock, is_apart):
    columns = {"article": (1,), "price": (3,), "stock": stock, "oe": (6,), "cross": (7,)}
    columns |= {"brand": (0,)} if has_brand else {}
    columns |= {"name": (2,)} if has_name else {}
    columns |= {"delivery": (5,)} if len(stock) == 1 else {}
    form = layout(columns, places={"0": 1, "1": 2} if is_apart else {}, brand="" if has_brand else "Bosch")
    rows = [[""] * 8, *ODD, *ODD]
    quick, slow = (RowReader(form, BRANDS, currency="UAH") for _ in range(2))
    assert "".join(quick.copy_text(rows)) == "".join(map(_text, slow.lines(rows)))
    assert quick.rows_read == slow.rows_read == 2 * len(ODD)
