"""What a line of the log must not hold."""

import json
import logging

import pytest

from shop.lib.logs import JsonFormatter


def line_of(message, *args):
    record = logging.LogRecord("library", logging.WARNING, "x.py", 1, message, args, None)
    return json.loads(JsonFormatter().format(record))["event"]


@pytest.mark.parametrize("vin", ["TMBJG7NE5G0123456", "1HGCM82633A004352", "WVWZZZ1KZAW123456"])
def test_a_vin_that_a_library_quotes_is_masked(vin):
    masked = f"{vin[:3]}…{vin[-4:]}"
    assert line_of("cannot read %s, sorry", vin) == f"cannot read {masked}, sorry"
    assert line_of(f"q={vin}&page=2") == f"q={masked}&page=2"


@pytest.mark.parametrize(
    "text",
    ["12345678901234567", "ABCDEFGHJKLMNPRST", "1HGCM82633A0043521", "a1b2c3d4e5f6a7b8c9d0", "fitment_car_category"],
)
def test_other_numbers_and_names_stay_as_they_are(text):
    assert line_of(text) == text
