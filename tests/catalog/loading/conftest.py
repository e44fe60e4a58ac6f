from datetime import date

import pytest

from shop.catalog.loading.car_list import CarList, read_car_list
from tests.factories import GenerationFactory, MakeFactory, ModelFactory, ModificationFactory
from vehicles.models import Modification

# make, its other names, model, generation, bodies, from, to, engines: name, codes, cc, kW, hp, fuel
_CARS = [
    ("Volkswagen", ["VW", "Фольксваген"], "Golf", "IV (1J1, 1J5)", ["hatchback", "estate"], (1997, 8), (2006, 6),
     [("1.9 TDI", ["ALH"], 1896, 66, 90, "diesel"), ("1.6", ["AKL"], 1595, 74, 101, "petrol")]),
    ("Volkswagen", ["VW", "Фольксваген"], "Golf", "V (1K1, 1K5)", ["hatchback", "estate"], (2003, 10), (2009, 7),
     [("1.9 TDI", ["BKC", "BLS"], 1896, 77, 105, "diesel"), ("1.6 FSI", ["BLF"], 1598, 85, 116, "petrol")]),
    ("Volkswagen", ["VW", "Фольксваген"], "Golf Sportsvan", "I (AM1)", ["mpv"], (2014, 2), (2020, 3),
     [("1.4 TSI", ["CZCA"], 1395, 92, 125, "petrol")]),
    ("Skoda", ["Шкода"], "Octavia", "II A5 (1Z3, 1Z5)", ["liftback", "estate"], (2004, 2), (2013, 6),
     [("1.9 TDI", ["BXE"], 1896, 77, 105, "diesel"), ("1.8 TSI", ["CDAB"], 1798, 118, 160, "petrol")]),
    ("Skoda", ["Шкода"], "Octavia", "III A7 (5E3, 5E5)", ["liftback", "estate"], (2012, 11), (2020, 8),
     [("1.6 TDI", ["CLHA"], 1598, 77, 105, "diesel"), ("1.8 TSI", ["CJSA"], 1798, 132, 180, "petrol")]),
    ("BMW", ["БМВ"], "3 Series", "E46", ["sedan", "estate"], (1998, 2), (2006, 8),
     [("320d", ["M47D20"], 1951, 100, 136, "diesel"), ("320i", ["M54B22"], 2171, 125, 170, "petrol")]),
    ("BMW", ["БМВ"], "5 Series", "E39", ["sedan"], (1995, 9), (2003, 6),
     [("530d", ["M57D30"], 2926, 135, 184, "diesel")]),
    ("Mercedes-Benz", ["Мерседес"], "E-Class", "W211", ["sedan"], (2002, 3), (2009, 3),
     [("E 220 CDI", ["OM646"], 2148, 110, 150, "diesel")]),
    ("Daewoo", ["Деу"], "Lanos", "T100, T150", ["sedan"], (1997, 5), (2008, 12),
     [("1.5", ["A15SMS"], 1498, 63, 86, "petrol")]),
    ("ZAZ", ["ЗАЗ"], "Lanos", "T1501", ["sedan"], (2002, 1), (2017, 12),
     [("1.5", ["A15SMS"], 1498, 63, 86, "petrol")]),
    ("Nissan", ["Ніссан"], "Qashqai", "I (J10)", ["suv"], (2006, 12), (2013, 12),
     [("1.6", ["HR16DE"], 1598, 84, 114, "petrol")]),
    ("Nissan", ["Ніссан"], "Qashqai", "II (J11)", ["suv"], (2013, 11), (2021, 6),
     [("1.6 dCi", ["R9M"], 1598, 96, 130, "diesel")]),
    ("VAZ / Lada", ["ВАЗ", "Лада"], "2108-21099 Samara", "2108, 2109, 21099", ["sedan"], (1984, 12), (2004, 12),
     [("1.5", ["VAZ-21083"], 1499, 51, 69, "petrol")]),
    ("Toyota", ["Тойота"], "Camry", "XV50", ["sedan"], (2011, 8), (2018, 12),
     [("2.5", ["2AR-FE"], 2494, 133, 181, "petrol")]),
]  # fmt: skip


@pytest.fixture
def cars(db: None) -> dict[str, Modification]:
    """By ``Golf V 1.9 TDI``: model, generation and engine without the codes in brackets."""
    makes: dict[str, object] = {}
    models: dict[tuple[str, str], object] = {}
    known: dict[str, Modification] = {}
    for make, aliases, model, name, bodies, first, last, engines in _CARS:
        makes[make] = makes.get(make) or MakeFactory.create(name=make, aliases=aliases)
        models[make, model] = models.get((make, model)) or ModelFactory.create(make=makes[make], name=model)
        generation = GenerationFactory.create(
            model=models[make, model],
            name=name,
            body_types=bodies,
            produced_from=date(*first, 1),
            produced_to=date(*last, 1),
        )
        for engine, codes, volume, kw, hp, fuel in engines:
            known[f"{make} {model} {name.split(' (')[0]} {engine}"] = ModificationFactory.create(
                generation=generation,
                name=engine,
                engine_codes=codes,
                displacement_cc=volume,
                power_kw=kw,
                power_hp=hp,
                fuel=fuel,
                produced_from=generation.produced_from,
                produced_to=generation.produced_to,
            )
    return known


@pytest.fixture
def car_list(cars: dict[str, Modification]) -> CarList:
    return read_car_list()
