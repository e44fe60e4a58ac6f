"""What was written is read back by recognition alone, whatever the dialect."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.catalog.numbers import brand_key
from shop.lib.tables import open_table
from shop.offers.pricelists.columns import recognise
from shop.offers.pricelists.header_words import head_fields
from shop.offers.pricelists.rows import STAGED_COLUMNS, RowReader

from .dialects import BRANDS, HEADS, Dialect, random_goods, rows_of, write

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-u", "cp866")
KINDS = ("csv", "csv", "csv", "xlsx", "zip-csv", "zip-xlsx")


@st.composite
def dialects(draw):
    decimal = draw(st.sampled_from(",."))
    told = draw(st.sampled_from(["nowhere", "nowhere", "title", "head", "cell", "column"]))
    brand_rows = draw(st.booleans()) and draw(st.booleans())
    fields = ["article", "name", "price"] + ["brand"] * (not brand_rows) + ["currency"] * (told == "column")
    fields += draw(st.lists(st.sampled_from(["stock", "delivery", "oe", "retail", "barcode", "other"]), unique=True))
    return Dialect(
        kind=draw(st.sampled_from(KINDS)),
        encoding=draw(st.sampled_from(ENCODINGS)),
        delimiter=draw(st.sampled_from(";,\t|^~")),
        is_quoted=draw(st.booleans()),
        line_end=draw(st.sampled_from(["\r\n", "\n"])),
        decimal=decimal,
        thousands=draw(st.sampled_from(["", " ", "\u00a0", "." if decimal == "," else ","])),
        language=draw(st.sampled_from(["uk", "ru", "en"])),
        titles=draw(st.integers(0, 4)),
        # Between brands in rows, a group cannot be told from a brand nobody knows.
        has_groups=draw(st.booleans()) and not brand_rows,
        has_blank_rows=draw(st.booleans()),
        has_total=draw(st.booleans()),
        brand_rows=brand_rows,
        told=told,
        currency="UAH" if told == "nowhere" else draw(st.sampled_from(["UAH", "USD", "EUR", "PLN"])),
        fields=tuple(draw(st.permutations(fields))),
    )


def read(path):
    with open_table(path) as table:
        layout = recognise(table, brands=BRANDS, currency="UAH")
        lines = list(RowReader(layout, BRANDS, currency="UAH").lines(table.rows()))
        text = "".join(RowReader(layout, BRANDS, currency="UAH").copy_text(table.rows()))
        assert table.position == table.size
    return layout, lines, [dict(zip(STAGED_COLUMNS, line.split("\t"), strict=True)) for line in text.splitlines()]


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), print_blob=False)
@given(dialect=dialects(), seed=st.integers(0, 10**6), count=st.integers(12, 40))
def test_a_price_list_in_any_dialect_is_read_back_exactly(tmp_path_factory, dialect, seed, count):
    chance = random.Random(seed)
    goods = random_goods(chance, dialect, count)
    path = tmp_path_factory.getbasetemp() / "dialect"
    layout, lines, staged = read(write(path, dialect, rows_of(chance, dialect, goods)))
    told = [
        (
            line.brand_id, line.article_number, line.name, line.price, line.currency, line.pieces, line.is_at_least,
            line.is_in_stock, line.lead_min, line.lead_max, line.numbers,
        )
        for line in lines
        if line.state == "o"
    ]  # fmt: skip
    assert [line for line in lines if line.state == "r"] == []
    assert told == [each.expected(dialect) for each in goods], layout
    assert [(line["state"], line["row"], line["price"]) for line in staged] == [
        (line.state, str(line.row), line.price or "\\N") for line in lines
    ]


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
def test_every_head_names_its_column(language):
    for field, heads in HEADS[language].items():
        for head in heads:
            named = head_fields(head)
            assert max(named, key=named.get) == {"retail": "price"}.get(field, field), head


@pytest.mark.parametrize("brand", ["555", "Total"])
def test_a_brand_called_like_no_brand_heads_its_goods(tmp_path, brand):
    rows = [["Артикул", "Назва", "Ціна"], [brand, "", ""], ["SB-4652", "Кульова опора", "412,50"], ["Total", "", "9"]]
    _layout, lines, _staged = read(write(tmp_path / "file", Dialect(), rows))
    assert [(line.state, line.reason) for line in lines] == [("i", "section_header"), ("o", ""), ("i", "total_row")]
    assert lines[1].brand_id == BRANDS[brand_key(brand)]
