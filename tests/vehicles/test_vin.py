import time

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from vehicles.vin import CheckDigit, masked, read_frame_number, read_vin, vin_problem


@pytest.mark.parametrize(
    ("vin", "check_digit"),
    [
        ("1HGCM82633A004352", CheckDigit.RIGHT),
        ("1M8GDM9AXKP042788", CheckDigit.RIGHT),
        ("5YJ3E1EA7JF000316", CheckDigit.WRONG),
        ("LSJA24U97JG000001", CheckDigit.WRONG),
        ("WVWZZZ1KZAW123456", CheckDigit.NOT_USED),
        ("VF1LM1B0H36123456", CheckDigit.NOT_USED),
        ("KNAGM4A77B5123456", CheckDigit.NOT_USED),
    ],
)
def test_the_check_digit_counts_in_north_america_and_china_only(vin, check_digit):
    assert read_vin(vin).check_digit == check_digit


@pytest.mark.parametrize(
    "typed",
    [
        "TMBJG7NE5G0123456",
        "tmbjg7ne5g0123456",
        " TMB JG7NE 5G0 123456\n",
        "TMB-JG7NE5-G0-123456",
        "VIN: TMBJG7NE5G0123456",
        "він ТМВJG7NЕ5G0123456",
        "«TMBJG7NE5G0123456»",
        "TMBJG7NE5G\u200b0123456",
    ],
)
def test_a_vin_is_read_however_it_is_typed(typed):
    assert read_vin(typed).vin == "TMBJG7NE5G0123456"
    assert vin_problem(typed) == ""


def test_letters_that_no_vin_has_are_read_as_digits_and_told():
    reading = read_vin("ТМВJG7NЕ5GОI23456")
    assert (reading.vin, reading.corrected) == ("TMBJG7NE5G0123456", ("I", "O"))
    assert read_vin("TMBJG7NE5G0123456").corrected == ()


@time_machine.travel("2026-11-22")
@pytest.mark.parametrize(
    ("vin", "years"),
    [
        ("1HGCM82633A004352", (2003,)),
        ("1FMCU9GX5EUA12345", (2014,)),
        ("WVWZZZ1KZAW123456", (2010, 1980)),
        ("TMBJG7NE5G0123456", (2016, 1986)),
        ("TMBJG7NE5V0123456", (2027, 1997)),
        ("VF37J9HECAJ123456", ()),
        ("WDB2110061A123456", ()),
        ("ZFA31200000123456", ()),
        ("JN1TANT31U0123456", ()),
    ],
)
def test_the_tenth_place_gives_the_years_where_makers_write_them_there(vin, years):
    assert read_vin(vin).years == years


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Впишіть VIN"),
        ("  - ", "Впишіть VIN"),
        ("WVWZZZ1KZAW12345", "а тут 16 знаків"),
        ("WVWZZZ1KZAW1234567", "а тут 18 знаків"),
        ("W", "а тут 1 знак."),
        ("WVWZZZЖKZAWЩ23456", "«ЖЩ»"),
        ("WVWZZZ1KZAW12345A", "останні чотири знаки"),
        ("11111111111111111", "Це не схоже на VIN"),
        ("brake pads for me", "а тут 14 знаків"),
    ],
)
def test_what_is_no_vin_is_told_why(text, problem):
    assert read_vin(text) is None
    assert problem in vin_problem(text)


@pytest.mark.parametrize(
    "text",
    [
        "A" * 10_000,
        "1" * 10_000,
        "\x00" * 17,
        "😀" * 17,
        "WVWZZZ1KZAW12345\x00",
        "%_\\" * 6,
        "\u202eWVWZZZ",
        "VIN:" * 3000,
    ],
)
def test_hostile_texts_are_no_vin_and_take_no_time(text):
    began = time.perf_counter()
    assert read_vin(text) is None
    assert read_frame_number(text) is None
    assert vin_problem(text)
    assert time.perf_counter() - began < 0.02


@given(st.text(max_size=40))
def test_any_text_is_either_read_or_explained(text):
    assert (read_vin(text) is None) == bool(vin_problem(text))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("NZE121-0123456", "NZE121-0123456"),
        ("nze121 – 0123456", "NZE121-0123456"),
        ("ВNR34-000123", "BNR34-000123"),
        ("GE6-1234567", "GE6-1234567"),
        ("NZE1210123456", None),
        ("W712-75", None),
        ("1K0-698-151-A", None),
        ("", None),
    ],
)
def test_numbers_of_cars_built_for_japan_are_known_by_their_dash(typed, number):
    assert read_frame_number(typed) == number


def test_what_is_shown_in_lists_names_neither_the_car_nor_its_owner():
    assert masked("TMBJG7NE5G0123456") == "TMB…3456"
    assert masked("NZE121-0123456") == "NZE…3456"
    assert masked("") == ""
