import pytest

from shop.catalog.loading.years import read_bounds, read_years, year_month

PERIODS = [
    ("2013-2017", "2013-01", "2017-12"),
    ("2013-", "2013-01", None),
    ("2013", "2013-01", "2013-12"),
    ("з 2013", "2013-01", None),
    ("до 2009", None, "2009-12"),
    ("05.2013 - 12.2017", "2013-05", "2017-12"),
    ("09/13→", "2013-09", None),
    ("98-05", "1998-01", "2005-12"),
    ("2004.11-2011.09", "2004-11", "2011-09"),
    ("2010 – н.в.", "2010-01", None),
    ("2008–2012 рр.", "2008-01", "2012-12"),
    ("V.2013-XII.2017", "2013-05", "2017-12"),
]


@pytest.mark.parametrize(("text", "first", "last"), PERIODS)
def test_periods_are_read_as_files_write_them(text: str, first: str | None, last: str | None) -> None:
    years = read_years(text)
    assert years is not None
    assert (years.first and year_month(years.first), years.last and year_month(years.last)) == (first, last)


@pytest.mark.parametrize("text", ["", "abc", "2017-2013", "1.6", "12345", "2013-2017-2020"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_years(text) is None


def test_two_columns_make_a_period() -> None:
    years = read_bounds("2013.0", "202008")
    assert years is not None
    assert (year_month(years.first or 0), year_month(years.last or 0)) == ("2013-01", "2020-08")
    assert read_bounds("2013", "x") is None
