import pytest

from shop.offers.pricelists.cells import (
    Price,
    Stock,
    article_damage,
    decimal_mark,
    delivery_unit,
    parse_delivery,
    parse_price,
    parse_stock,
    split_numbers,
)


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("3584,30", "3584.30", ""),
        (" 1 309,72 ", "1309.72", ""),
        ("1\xa0309,72 грн.", "1309.72", "UAH"),
        ("1'234.50", "1234.50", ""),
        ("1.234,50", "1234.50", ""),
        ("1,234.50", "1234.50", ""),
        ("1.234.567", "1234567.00", ""),
        ("415.69000001", "415.69", ""),
        ("12,005", "12.01", ""),
        ("$12.5", "12.50", "USD"),
        ("12,50 €", "12.50", "EUR"),
        ("₴ 99", "99.00", "UAH"),
        ("7.50 EUR", "7.50", "EUR"),
        ("45 zł", "45.00", "PLN"),
        ("1500,-", "1500.00", ""),
        ("7", "7.00", ""),
    ],
)
def test_a_price_is_read_in_any_writing(cell, amount, currency):
    assert parse_price(cell, ",") == Price(amount, currency)


@pytest.mark.parametrize(
    ("cell", "decimal", "amount"),
    [("1.234", ",", "1234.00"), ("1.234", ".", "1.23"), ("1,234", ".", "1234.00"), ("0,123", ".", "0.12")],
)
def test_only_a_number_that_can_be_read_two_ways_asks_for_the_mark_of_the_file(cell, decimal, amount):
    assert parse_price(cell, decimal).amount == amount


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "price_missing"),
        ("   ", "price_missing"),
        ("уточнюйте", "price_not_number"),
        ("ціна?", "price_not_number"),
        ("#N/A", "price_not_number"),
        ("12..5", "price_not_number"),
        ("1,2,3", "price_not_number"),
        ("12 шт", "price_not_number"),
        ("12/15", "price_not_number"),
        ("-933,84", "price_negative"),
        ("(12,00)", "price_negative"),
        ("0", "price_zero"),
        ("0,00", "price_zero"),
        ("0.004", "price_zero"),
        ("=B2*1.2", "price_formula"),
        ("10 GBP", "currency_unknown"),
    ],
)
def test_what_is_no_price_says_why(cell, reason):
    assert parse_price(cell, ",") == Price("", reason=reason)


@pytest.mark.parametrize(
    ("prices", "mark"),
    [
        (["12,50", "1 000,00"], ","),
        (["12.50", "7.1"], "."),
        (["1.234,50", "1.500"], ","),
        (["1,234.50", "1,500"], "."),
        (["1.250", "3.400", "900"], ","),
        (["1.250", "3400.5"], "."),
        (["0.125", "1.250"], "."),
        (["1.250", "12500"], "."),
        (["12", "100"], "?"),
        ([], "?"),
    ],
)
def test_the_decimal_mark_of_a_file_is_told_by_the_numbers_that_are_clear(prices, mark):
    assert decimal_mark(prices, fallback="?") == mark


NONE, SOME = Stock(0, False, False), Stock(None, False, True)


@pytest.mark.parametrize(
    ("cell", "stock"),
    [
        ("20", Stock(20, False, True)),
        ("1 200", Stock(1200, False, True)),
        ("12.0", Stock(12, False, True)),
        ("1 шт.", Stock(1, False, True)),
        ("4 компл", Stock(4, False, True)),
        (">10", Stock(10, True, True)),
        ("> 50 шт", Stock(50, True, True)),
        ("10+", Stock(10, True, True)),
        ("≥ 5", Stock(5, True, True)),
        ("більше 100", Stock(100, True, True)),
        ("5-10", Stock(5, True, True)),
        ("<5", Stock(1, True, True)),
        ("+", SOME),
        ("++", SOME),
        ("є", SOME),
        ("Так", SOME),
        ("в наявності", SOME),
        ("Есть", SOME),
        ("0", NONE),
        ("", NONE),
        ("-", NONE),
        ("немає", NONE),
        ("під замовлення", NONE),
        ("Очікується 12.12", NONE),
        ("-3", NONE),
        ("xyz", NONE),
    ],
)
def test_stock_is_read_as_a_number_or_as_a_word(cell, stock):
    assert parse_stock(cell) == stock


@pytest.mark.parametrize(
    ("cell", "unit", "days"),
    [
        ("1-2", "days", (1, 2)),
        ("1–2", "days", (1, 2)),
        ("1 - 2", "days", (1, 2)),
        ("7", "days", (7, 7)),
        ("3 дні", "days", (3, 3)),
        ("до 5 днів", "days", (5, 5)),
        ("2 тижні", "days", (14, 14)),
        ("1-2 тиж", "days", (7, 14)),
        ("24 год", "days", (1, 1)),
        ("48", "hours", (2, 2)),
        ("2 дні", "hours", (2, 2)),
        ("завтра", "days", (1, 1)),
        ("сьогодні", "days", (0, 0)),
        ("", "days", None),
        ("уточнюйте", "days", None),
        ("900", "days", None),
    ],
)
def test_a_lead_time_is_read_in_days(cell, unit, days):
    assert parse_delivery(cell, unit) == days


def test_the_unit_of_lead_times_may_stand_in_the_head():
    assert [
        delivery_unit(head) for head in ("Lieferzeit (Tage)", "Термін, год", "Термін доставки, тижнів", "Термін")
    ] == [
        "days",
        "hours",
        "weeks",
        "days",
    ]


@pytest.mark.parametrize(
    ("article", "damage"),
    [
        ("2026-11-07", "article_date"),
        ("2026-11-07 00:00:00", "article_date"),
        ("12.05.2025", "article_date"),
        ("5/12/26", "article_date"),
        ("05.12", "article_date"),
        ("12.тра", "article_date"),
        ("янв.05", "article_date"),
        ("5-Mar", "article_date"),
        ("1.23E+05", "article_scientific"),
        ("4,31E+11", "article_scientific"),
        ("4E+11", "article_scientific"),
        ("=A1", "article_formula"),
        ("W 712/75", ""),
        ("12E5", ""),
        ("13.0460-7431.2", ""),
        ("44-66", ""),
        ("19-5204", ""),
        ("99.99.9999", ""),
        ("2026", ""),
        ("1039347", ""),
    ],
)
def test_an_article_that_a_spreadsheet_has_changed_is_recognised(article, damage):
    assert article_damage(article) == damage


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("89200-32086\n6K1 850 744 A", ["89200-32086", "6K1 850 744 A"]),
        ("21 80 7 121 734/29143-82123/A 145 765 48 21", ["21 80 7 121 734", "29143-82123", "A 145 765 48 21"]),
        ("2481 62 / 58 28 7 600 817", ["2481 62", "58 28 7 600 817"]),
        ("Maxgear 90-8939, MANN W 712/75", ["Maxgear 90-8939", "MANN W 712/75"]),
        ("MANN W 712/75", ["MANN W 712/75"]),
        ("A1234; A1234;", ["A1234"]),
        ("", []),
        (" - ", []),
    ],
)
def test_several_numbers_of_one_cell_are_parted_and_articles_with_a_slash_are_not(cell, numbers):
    assert split_numbers(cell) == numbers
