import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.lib.phones import mask_phone, normalise_phone


@pytest.mark.parametrize("typed", ["0671234567", "380 67 123-45-67", "+38 (067) 1234567", " +380671234567 "])
def test_every_spelling_becomes_the_same_number(typed):
    assert normalise_phone(typed) == "+380671234567"


@pytest.mark.parametrize("typed", ["", "12", "phone", "06712345678901", "+380001234567"])
def test_what_cannot_be_a_number_is_none(typed):
    assert normalise_phone(typed) is None


def test_a_number_abroad_keeps_its_country():
    assert normalise_phone("+48 601 234 567") == "+48601234567"


@given(st.text(max_size=40))
def test_a_normal_number_stays_as_it_is(typed):
    number = normalise_phone(typed)
    assert number is None or normalise_phone(number) == number


def test_a_masked_number_shows_its_ends_only():
    assert mask_phone("+380671234567") == "+38067•••••67"
    assert mask_phone("123") == "•••"
