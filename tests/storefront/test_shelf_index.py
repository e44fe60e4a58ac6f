from array import array
from random import Random

import pytest

from shop.storefront.shelf_index import CHEAPEST, DEAREST, SOONEST, Scale, _from_rows

DICE = Random(7)
# Part, price, lead days, brand, category: in the order "soonest first", the unavailable ones last.
ROWS = sorted(
    [
        (part, None, None, part % 5, 1)
        if part % 7 == 0
        else (part, DICE.randint(1, 90), DICE.randint(0, 6), part % 5, 1)
        for part in range(1, 400)
    ],
    key=lambda row: (row[2] is None, row[2], row[1], row[0]) if row[1] else (True, 0, 0, row[0]),
)


@pytest.fixture(scope="module")
def index():
    return _from_rows(ROWS, ())


@pytest.mark.parametrize("start", [0, 1, 19, 200, 395, 399, 1000])
@pytest.mark.parametrize("sort", [SOONEST, CHEAPEST, DEAREST])
def test_a_page_is_a_slice_of_the_sorted_list(index, sort, start):
    orders = {
        SOONEST: [row[0] for row in ROWS],
        CHEAPEST: [row[0] for row in sorted(ROWS, key=lambda row: (row[1] is None, row[1] or 0, ROWS.index(row)))],
    }
    brand = index.brands[3] | index.brands[4]
    found = index.page(brand, sort=sort, start=start, size=20)
    if sort == DEAREST:
        prices = [next(row[1] for row in ROWS if row[0] == part) for part in found]
        assert prices == sorted(prices, key=lambda price: (price is None, -(price or 0)))
    else:
        assert found == [part for part in orders[sort] if part % 5 in (3, 4)][start : start + 20]


def test_sets_of_parts_are_found_by_their_ids(index):
    mask = index.of_parts([3, 8, 5000, -1])
    assert set(index.page(mask, sort=SOONEST, start=0, size=9)) == {3, 8}


def test_within_days_holds_what_is_sent_until_then(index):
    assert index.within_days(2).bit_count() == sum(row[2] is not None and row[2] <= 2 for row in ROWS)
    assert index.in_stock.bit_count() == sum(row[2] is not None for row in ROWS)


def test_a_scale_finds_between_and_its_ends():
    scale = Scale(array("q", [100, 200, 200, 350]), array("i", [3, 0, 2, 1]))
    assert list(scale.between(150, 200)) == [0, 2]
    assert list(scale.between(None, None)) == [3, 0, 2, 1]
    assert scale.ends(bytes([0b0111])) == (200, 350)
    assert scale.ends(bytes([0])) is None
