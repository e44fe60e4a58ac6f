import pytest

from shop.catalog.near import Nearest, slips_between

KNOWN = Nearest.of(["kolodki", "amortizator", "filtr", "svechi", "generator"])


@pytest.mark.parametrize(
    ("typed", "known", "slips"), [("filtr", "filtr", 0), ("fitr", "filtr", 1), ("filrt", "filtr", 1), ("abc", "xyz", 3)]
)
def test_slips_are_counted_with_swapped_neighbours_as_one(typed, known, slips):
    assert slips_between(typed, known, 2) == slips


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("amortiztor", "amortizator"), ("ginirator", "generator"), ("koldki", "kolodki"), ("amort", "amortizator"),
        ("fitlr", "filtr"), ("xyzzyx", None), ("ab", None), ("k" * 10_000, None),
    ],
)  # fmt: skip
def test_the_nearest_word_is_found_or_none(typed, found):
    assert (KNOWN.find(typed) or (None,))[0] == found
