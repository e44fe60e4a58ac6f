import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalog.gtin import check_digit, read_gtin, spelled


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("6291041500213", 6291041500213),  # the example of the GS1 check digit calculator
        ("6 291041 500213", 6291041500213),
        ("06291041500213", 6291041500213),
        ("036000291452", 36000291452),
        ("0-36000-29145-2", 36000291452),
        ("96385074", 96385074),
        ("10012345678902", 10012345678902),
        ("6291041500214", None),
        ("629104150021", None),
        ("62910415002130", None),
        ("00000000", None),
        ("W 712/75", None),
        ("٩٦٣٨٥٠٧٤", None),
        ("", None),
    ],
)
def test_a_barcode_is_a_number_of_known_length_with_its_check_digit(text, gtin):
    assert read_gtin(text) == gtin


@given(st.integers(1, 10**12 - 1))
def test_leading_zeros_do_not_change_a_barcode(number):
    digits = f"{number:012d}"
    ean = digits + check_digit(digits)
    assert read_gtin(ean) == read_gtin(f"0{ean}") == int(ean)
    assert read_gtin(spelled(int(ean))) == int(ean)


@given(st.integers(10**6, 10**12 - 1), st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(number, place, step):
    digits = f"{number:012d}"
    ean = digits + check_digit(digits)
    wrong = str((int(ean[place]) + step) % 10)
    assert read_gtin(f"{ean[:place]}{wrong}{ean[place + 1 :]}") is None
