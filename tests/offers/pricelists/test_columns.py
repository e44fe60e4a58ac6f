from dataclasses import replace

import pytest

from shop.lib.tables import TableRefused
from shop.offers.pricelists.layout import Layout, moved
from tests.offers.pricelists.reading import recognised

PARTS = [
    ["Bosch", "0 986 479 470", "Диск гальмівний передній", "1828,56", "8"],
    ["MANN-FILTER", "W 712/75", "Фільтр масляний Skoda Octavia", "312,00", "> 10"],
    ["SKF", "VKBA 3643", "Підшипник маточини комплект", "2100,40", "немає"],
    ["TRW", "GDB1550", "Колодки гальмівні дискові", "1450,00", "2"],
    ["Febi Bilstein", "32788", "Опора амортизатора верхня", "640,10", "1"],
]
HEADS = ["Бренд", "Артикул", "Назва", "Ціна", "Залишок"]
PLACES = {"brand": (0,), "article": (1,), "name": (2,), "price": (3,), "stock": (4,)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.csv"


@pytest.mark.parametrize(
    "heads",
    [
        ["Виробник", "Каталожний номер", "Найменування", "Ціна, грн з ПДВ", "К-сть"],
        ["Производитель", "Номер детали", "Наименование товара", "Цена опт", "Остаток"],
        ["Brand", "Part number", "Description", "Unit price", "Qty"],
        ["Hersteller", "Artikel-Nr.", "Bezeichnung", "Preis netto", "Bestand"],
        ["Producent", "Nr katalogowy", "Nazwa towaru", "Cena", "Stan magazynu"],
        ["ТМ", "Арт.", "Номенклатура", "Вартість", "Наявність"],
        ["БРЕНД ", " АРТИКУЛ", "назва", "ЦІНА(грн)", "залишок,шт"],
    ],
)
def test_heads_are_known_in_the_languages_of_suppliers(path, heads):
    assert recognised(path, [heads, *PARTS]).columns == PLACES


def test_columns_without_a_word_above_them_are_told_by_what_stands_in_them(path):
    layout = recognised(path, PARTS)
    assert layout.header_row == 0
    assert layout.columns == PLACES


def test_a_head_that_nobody_knows_is_helped_by_its_cells(path):
    layout = recognised(path, [["Завод-партнер", "Артикул", "Що це", "Ціна", "Залишок"], *PARTS])
    assert layout.columns == PLACES


def test_lines_above_the_table_are_no_heads(path):
    above = [["Прайс-лист ТОВ «Деталь»"], [""], ["Ціни вказані в євро без ПДВ. Курс: 1 USD = 42 грн"], []]
    layout = recognised(path, [*above, HEADS, *PARTS])
    assert (layout.header_row, layout.currency, layout.has_vat) == (5, "EUR", False)
    assert layout.columns == PLACES


def test_many_columns_that_are_none_of_ours_do_not_hide_the_heads(path):
    strange = [f"Додаткова {number} умова" for number in range(25)]
    rows = [[*row, *["значення" for _ in strange]] for row in PARTS]
    layout = recognised(path, [["Прайс-лист на листопад"], [], [*HEADS, *strange], *rows])
    assert (layout.header_row, layout.columns) == (3, PLACES)


def test_heads_of_two_rows_are_read_together(path):
    upper = ["Виробник", "Номер", "Назва", "Ціна", "", "Наявність", ""]
    lower = ["", "", "", "опт", "роздріб", "Київ", "Львів"]
    rows = [[*part[:3], part[3], "9999,99", "1", "2"] for part in PARTS]
    layout = recognised(path, [upper, lower, *rows])
    assert layout.header_row == 2
    assert layout.columns == {"brand": (0,), "article": (1,), "name": (2,), "price": (3,), "stock": (5, 6)}


def test_a_row_of_a_section_under_the_heads_is_no_second_half_of_them(path):
    assert recognised(path, [HEADS, ["Фільтри", "", "", "", ""], *PARTS]).header_row == 1


def test_units_under_the_heads_belong_to_them(path):
    layout = recognised(path, [HEADS, ["", "", "", "USD", "шт"], *PARTS])
    assert (layout.header_row, layout.currency) == (2, "USD")


def test_of_several_prices_the_wholesale_one_is_taken(path):
    rows = [[*part[:3], "9999,00", part[3], part[4]] for part in PARTS]
    layout = recognised(path, [["Бренд", "Артикул", "Назва", "РРЦ", "Ваша ціна", "Залишок"], *rows])
    assert layout.columns["price"] == (4,)


def test_of_two_prices_the_one_in_the_suppliers_currency_is_taken(path):
    rows = [[*part[:3], "40,00", part[3], part[4]] for part in PARTS]
    heads = ["Бренд", "Артикул", "Назва", "Ціна USD", "Ціна грн", "Залишок"]
    assert recognised(path, [heads, *rows]).columns["price"] == (4,)
    assert recognised(path, [heads, *rows], currency="USD").columns["price"] == (3,)


def test_the_makers_number_is_taken_before_the_suppliers_own_code(path):
    rows = [[f"00-{number}", *part] for number, part in enumerate(PARTS)]
    heads = ["Код постачальника", "Бренд", "Артикул виробника", *HEADS[2:]]
    assert recognised(path, [heads, *rows]).columns["article"] == (2,)


def test_a_sum_of_warehouses_is_not_counted_beside_them(path):
    rows = [[*part[:4], "5", "2", "3"] for part in PARTS]
    heads = [*HEADS[:4], "Залишок всього", "Склад Київ", "Склад Львів"]
    assert recognised(path, [heads, *rows]).columns["stock"] == (5, 6)


def test_barcodes_and_running_numbers_are_neither_articles_nor_prices(path):
    codes = ["4006633290876", "4011558013004", "7316573362432", "3322937182933", "4027816327882"]
    rows = [[str(number), *part, code] for number, (part, code) in enumerate(zip(PARTS, codes, strict=True), 1)]
    layout = recognised(path, rows)
    assert layout.columns["article"] == (2,)
    assert layout.columns["price"] == (4,)


def test_a_list_of_one_brand_may_name_it_above_the_table(path):
    rows = [part[1:] for part in PARTS]
    layout = recognised(path, [["Прайс на продукцію MANN-FILTER від 01.11.2026"], HEADS[1:], *rows])
    assert layout.brand == "MANN-FILTER"
    assert "brand" not in layout.columns


@pytest.mark.parametrize(
    ("heads", "rows", "named"),
    [
        (["Артикул", "Назва", "Ціна"], [part[1:4] for part in PARTS], "бренд"),
        (["Бренд", "Артикул", "Назва"], [part[:3] for part in PARTS], "ціна"),
        (["Бренд", "Назва", "Ціна"], [[part[0], part[2], part[3]] for part in PARTS], "артикул"),
    ],
)
def test_a_file_without_a_column_that_is_needed_is_refused_by_its_name(path, heads, rows, named):
    with pytest.raises(TableRefused) as refusal:
        recognised(path, [heads, *rows])
    assert refusal.value.code == "columns"
    assert named in str(refusal.value)


def test_a_layout_survives_being_stored(path):
    layout = replace(recognised(path, [HEADS, *PARTS]), places={"0": 7}, has_vat=True)
    assert Layout.from_json(layout.to_json()) == layout


def test_a_remembered_layout_follows_its_heads_down_the_file(path):
    layout = recognised(path, [HEADS, *PARTS])
    found = moved(layout, [["Оновлено 02.11"], [], HEADS, *PARTS], layout.format)
    assert found == replace(layout, header_row=3)


def test_a_remembered_layout_is_not_used_when_columns_have_changed_places(path):
    layout = recognised(path, [HEADS, *PARTS])
    assert moved(layout, [[*HEADS[:3], "Залишок", "Ціна"], *PARTS], layout.format) is None


def test_a_new_column_that_nobody_reads_changes_nothing(path):
    layout = recognised(path, [HEADS, *PARTS])
    assert moved(layout, [[*HEADS, "Вага"], *PARTS], layout.format) == layout


@pytest.mark.parametrize(
    ("heads", "article"),
    [
        (["Картка", "Опис", "Виробник", "Код ТД", "Ціна", "Залишок"], "Код ТД"),
        (["ELIT_CODE", "NAME", "MAKER", "MAKER_CODE", "PRICE", "QTY"], "MAKER_CODE"),
        (["Артикул", "Назва", "Виробник", "Артикул виробника", "Ціна", "Залишок"], "Артикул виробника"),
        (["Код 1С", "Найменування", "ТМ", "Код", "Ціна з ПДВ", "Кількість"], "Код"),
        (["TOW_KOD", "SHORT_DESCRIPTION", "MANUFACTURER", "ARTICLE_NUMBER", "CENA", "STAN"], "ARTICLE_NUMBER"),
        (["SKU", "Product", "Vendor", "Номер OEM", "Wholesale price", "Availability"], "SKU"),
    ],
)
def test_of_two_numbers_the_one_of_the_maker_is_the_article(path, heads, article):
    rows = [[f"PZ{number * 31:05}", part[2], part[0], part[1], *part[3:]] for number, part in enumerate(PARTS)]
    layout = recognised(path, [heads, *rows])
    assert layout.headers[layout.columns["article"][0]] == article
