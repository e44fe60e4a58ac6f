"""Cars of the shop's own reference, written as suppliers write cars, are read as themselves or left to a person."""

import pytest

from shop.catalog.loading.car_list import read_car_list
from shop.catalog.loading.described import car_words
from shop.catalog.loading.matching import match_car
from shop.catalog.loading.several import split_cars
from vehicles import reference
from vehicles.models import Modification

WAYS = {
    "one cell": lambda car, body, years: {
        "car": f"{body.model.make.name} {body.model.name} {body.name} {car.name} {car.power_kw} kW {years}"
    },
    "columns": lambda car, body, years: {
        "make": body.model.make.name,
        "model": f"{body.model.name} {body.name}",
        "engine": car.name,
        "engine_code": "; ".join(car.engine_codes),
        "power_kw": str(car.power_kw),
        "years": years,
    },
    "without its generation": lambda car, body, years: {
        "car": f"{body.model.make.name} {body.model.name} {car.name} {years}"
    },
}
# Hundredths of all cars that must be told without a person; the last way leaves much unsaid.
LEAST = {"one cell": 99, "columns": 99, "without its generation": 75}


@pytest.mark.django_db
def test_no_car_is_taken_for_another_one():
    reference.load()
    known, cars = read_car_list(), list(Modification.objects.with_names())[::3]
    wrong, sure = [], dict.fromkeys(WAYS, 0)
    for car in cars:
        years = f"{car.produced_from.year}-{car.produced_to.year if car.produced_to else ''}"
        for way, cells in WAYS.items():
            words = car_words(cells(car, car.generation, years))
            matches = [match_car(one, known) for one in split_cars(words, known)]
            if any(match.reason for match in matches):
                continue
            sure[way] += 1
            if not any(pk == car.pk for match in matches for pk, _rules in match.cars):
                wrong.append(words.text)
    assert wrong == []
    assert all(100 * sure[way] >= least * len(cars) for way, least in LEAST.items())
