import pytest

from shop.catalog.loading.car_list import CarList
from shop.catalog.loading.described import car_words
from shop.catalog.loading.several import split_cars

CELLS = [
    ("BMW 3 E46 320d; BMW 5 E39 530d", ["BMW 3 E46 320d", "BMW 5 E39 530d"]),
    ("VW Golf V, Skoda Octavia A5", ["VW Golf V", "Skoda Octavia A5"]),
    ("VW Golf V\nGolf Sportsvan", ["VW Golf V", "VW Golf Sportsvan"]),
    ("Golf V, Octavia A5", ["Golf V", "Octavia A5"]),
    ("BMW 3, 5", ["BMW 3", "BMW 5"]),
    ("Skoda Octavia A5, A7", ["Skoda Octavia A5, A7"]),
    ("VW Golf V (1K1, 1K5), Skoda Octavia", ["VW Golf V (1K1, 1K5)", "Skoda Octavia"]),
    ("VW Golf V, Golf IV", ["VW Golf V, Golf IV"]),
    # Whether the engine is of both is not said.
    ("Golf V, Octavia A5 1.9 TDI", ["Golf V, Octavia A5 1.9 TDI"]),
    ("VW Golf V 1,6", ["VW Golf V 1,6"]),
]


@pytest.mark.parametrize(("cell", "expected"), CELLS)
def test_each_car_of_a_cell_is_a_description_of_its_own(cell: str, expected: list[str], car_list: CarList) -> None:
    assert [words["car"] for words in split_cars(car_words({"car": cell}), car_list)] == expected


def test_cells_beside_go_for_each_car(car_list: CarList) -> None:
    words = car_words({"make": "VW", "model": "Golf V; Golf Sportsvan", "years": "2004-2016"})
    assert [one.cells for one in split_cars(words, car_list)] == [
        (("make", "VW"), ("model", "Golf V"), ("years", "2004-2016")),
        (("make", "VW"), ("model", "Golf Sportsvan"), ("years", "2004-2016")),
    ]
