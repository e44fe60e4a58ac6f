import csv
import io
import tracemalloc
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.catalog.models import CustomerGroup
from shop.lib.table_writing import csv_pieces, safe_text, write_xlsx
from shop.lib.tables import open_table
from shop.offers.exporting import RETAIL, csv_price_list, file_name, xlsx_price_list
from shop.offers.models import ExchangeRate
from shop.offers.pricelists.columns import recognise
from shop.offers.pricelists.rows import RowReader
from tests.factories import (
    BrandFactory,
    OfferFactory,
    PartFactory,
    PriceListFactory,
    StockItemFactory,
    WarehouseFactory,
)

pytestmark = pytest.mark.django_db
HEADER = [
    "Бренд",
    "Артикул",
    "Назва",
    "Ціна",
    "Валюта",
    "Податки",
    "Наявність, шт.",
    "Термін відправлення, робочих днів",
]


@pytest.fixture
def workshops(db):
    return CustomerGroup.objects.create(name_uk="СТО", factor=Decimal("0.9"), min_margin_percent=Decimal(20))


@pytest.fixture
def goods(db):
    """Two brands; a part with two offers, one of our own, one whose name is a formula, and what is not for sale."""
    bosch, abe = BrandFactory(name="Bosch", name_sort="2"), BrandFactory(name="ABE", name_sort="1")
    pads = PartFactory(brand=bosch, article_number="0 986", name_uk="Колодки; передні")
    OfferFactory(part=pads, purchase_price=100, price="150.00", pieces=5, is_at_least=True, lead_days=3)
    OfferFactory(part=pads, purchase_price=130, price="160.00", pieces=2, lead_days=0)
    own = OfferFactory(part=PartFactory(brand=abe, article_number="C1"), ours=True, purchase_price=10, price="20.50")
    StockItemFactory(part=own.part, warehouse=own.warehouse, on_hand=7)
    formula = PartFactory(brand=abe, article_number="-A2", name_uk='=HYPERLINK("http://x";"x")')
    OfferFactory(part=formula, purchase_price=1, price="1.99", pieces=1, lead_days=1)
    OfferFactory(pieces=0)
    OfferFactory(part=PartFactory(is_active=False))
    OfferFactory(warehouse=WarehouseFactory(is_active=False))
    OfferFactory(price_list=PriceListFactory(supplier=None, fresh_until=timezone.now()))


def rows_of(group):
    text = b"".join(csv_price_list(group)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_every_part_for_sale_is_listed_once_at_its_best_price_for_the_group(goods, workshops):
    assert rows_of(workshops) == [
        HEADER,
        ["ABE", "'-A2", '\'=HYPERLINK("http://x";"x")', "1,79", "UAH", "у ціні", "1", "1"],
        ["ABE", "C1", "Колодки гальмівні передні", "18,45", "UAH", "у ціні", "7", "0"],
        ["Bosch", "0 986", "Колодки; передні", "135,00", "UAH", "у ціні", ">5", "3"],
    ]


def test_without_a_group_prices_are_retail(goods):
    assert [row[3] for row in rows_of(RETAIL)[1:]] == ["1,99", "20,50", "150,00"]


def test_the_margin_of_a_group_may_make_another_offer_the_best(workshops):
    part = PartFactory()
    # 0.9 × 150 = 135, but not below 120 × 1.2 = 144; the dearer offer costs 0.9 × 155 = 139.50.
    OfferFactory(part=part, purchase_price=120, price="150.00", pieces=1)
    OfferFactory(part=part, purchase_price=100, price="155.00", pieces=2)
    (row,) = rows_of(workshops)[1:]
    assert (row[3], row[6]) == ("139,50", "2")


def test_a_part_in_a_currency_without_rate_is_sold_at_retail(workshops):
    OfferFactory(currency="EUR", purchase_price=1, price="99.00")
    assert rows_of(workshops)[1][3] == "99,00"
    ExchangeRate.objects.create(currency="EUR", valid_on=date(2026, 1, 1), rate=50)
    assert rows_of(workshops)[1][3] == "89,10"


def test_a_spreadsheet_has_numbers_as_numbers_and_formulas_as_texts(goods, workshops, tmp_path):
    path = tmp_path / "list.xlsx"
    with path.open("w+b") as file:
        xlsx_price_list(workshops, file)
    with open_table(path) as table:
        rows = list(table.rows())
    assert rows == [
        HEADER,
        ["ABE", "-A2", '=HYPERLINK("http://x";"x")', "1.79", "UAH", "у ціні", "1", "1"],
        ["ABE", "C1", "Колодки гальмівні передні", "18.45", "UAH", "у ціні", "7", "0"],
        ["Bosch", "0 986", "Колодки; передні", "135", "UAH", "у ціні", ">5", "3"],
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_shop_reads_its_own_list_as_any_suppliers(goods, tmp_path, kind):
    path = tmp_path / f"list.{kind}"
    call_command("export_pricelist", "retail", format=kind, output=path)
    brands = {"bosch": 1, "abe": 2}
    with open_table(path) as table:
        layout = recognise(table, brands=brands, currency="USD")
        lines = list(RowReader(layout, brands, currency="USD").lines(table.rows()))
    read = [(each.state, each.brand_id, each.article_key, each.price, each.currency, each.pieces) for each in lines]
    assert [(*row[:3], Decimal(row[3]), *row[4:]) for row in read] == [
        ("o", 2, "A2", Decimal("1.99"), "UAH", 1),
        ("o", 2, "C1", Decimal("20.50"), "UAH", 7),
        ("o", 1, "0986", Decimal("150.00"), "UAH", 5),
    ]
    assert [(each.is_at_least, each.lead_min) for each in lines] == [(False, 1), (False, 0), (True, 3)]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+380", "'+380"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r\n=1", "'=1"),
        (" =1", "'=1"),
        ("＝1", "'＝1"),
        ("a\0b\nc\td", "ab c d"),
        ("5W-30 = добре", "5W-30 = добре"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_no_text_is_a_formula(text, safe):
    assert safe_text(text) == safe


def test_one_row_and_twenty_cost_as_many_queries(workshops):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            rows_of(workshops)
        return len(asked)

    OfferFactory()
    one = queries()
    OfferFactory.create_batch(19)
    assert queries() == one
    assert len(rows_of(workshops)) == 21


def test_a_long_list_is_written_without_being_held(tmp_path):
    def rows():
        for number in range(50_000):
            yield ["Bosch", f"W {number}", "Фільтр оливи " * 5, Decimal("123.45"), 7]

    tracemalloc.start()
    size = sum(len(piece) for piece in csv_pieces(HEADER[:5], rows()))
    with (tmp_path / "long.xlsx").open("w+b") as file:
        write_xlsx(file, HEADER[:5], rows(), title="Прайс", wide=2)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 6_000_000
    assert peak < 3_000_000


def test_a_full_sheet_is_followed_by_another(monkeypatch, tmp_path):
    monkeypatch.setattr("shop.lib.table_writing._ROWS_A_SHEET", 2)
    path = tmp_path / "sheets.xlsx"
    with path.open("w+b") as file:
        write_xlsx(file, ["Назва"], [["а"], ["б"], ["в"]], title="Прайс", wide=0)
    with open_table(path) as table:
        assert table.sheets == ["Прайс", "Прайс 2"]
        assert list(table.rows()) == [["Назва"], ["а"], ["б"]]


def test_an_empty_list_still_has_its_header(workshops, tmp_path):
    assert rows_of(workshops) == [HEADER]
    path = tmp_path / "empty.xlsx"
    with path.open("w+b") as file:
        xlsx_price_list(workshops, file)
    with open_table(path) as table:
        assert list(table.rows()) == [HEADER]


@pytest.mark.parametrize("group", ["СТО", "сто"])
def test_the_command_writes_a_whole_file(goods, workshops, tmp_path, group):
    path = tmp_path / "out.csv"
    call_command("export_pricelist", group, output=path)
    assert path.read_bytes() == b"".join(csv_price_list(workshops))
    assert [each.name for each in Path(tmp_path).iterdir()] == ["out.csv"]


def test_the_command_names_the_groups_there_are(workshops):
    with pytest.raises(CommandError, match=r"Групи «Дім» немає. Є: retail, СТО"):
        call_command("export_pricelist", "Дім")


def test_a_file_is_named_after_group_and_day(workshops, time_machine):
    time_machine.move_to("2026-11-22T23:30:00Z")
    assert file_name(workshops, "csv") == "прайс-сто-2026-11-23.csv"
    assert file_name(RETAIL, "xlsx") == "прайс-роздріб-2026-11-23.xlsx"
