import pytest

from shop.catalog.loading.car_list import CarList
from shop.catalog.loading.described import car_words
from shop.catalog.loading.matching import BadYears, match_car
from vehicles.models import Modification

SURE = [
    ({"car": "VW Golf V 1.9 TDI BKC 2003-2008"}, ["Volkswagen Golf V 1.9 TDI"]),
    ({"car": "Фольксваген Гольф 5 1.9 TDI"}, ["Volkswagen Golf V 1.9 TDI"]),
    ({"car": "Golf Sportsvan 1.4 TSI"}, ["Volkswagen Golf Sportsvan I 1.4 TSI"]),
    ({"car": "Skoda Octavia A5 04-"}, ["Skoda Octavia II A5 1.9 TDI", "Skoda Octavia II A5 1.8 TSI"]),
    ({"car": "Октавія А5 1.8 TSI CDAB"}, ["Skoda Octavia II A5 1.8 TSI"]),
    ({"car": "Октавия А7 1.6TDI"}, ["Skoda Octavia III A7 1.6 TDI"]),
    ({"car": "Škoda Octavia III (5E3) 1.6 TDI 77kW"}, ["Skoda Octavia III A7 1.6 TDI"]),
    ({"car": "Skoda Octavia A5, A7 1.8 TSI"}, ["Skoda Octavia II A5 1.8 TSI", "Skoda Octavia III A7 1.8 TSI"]),
    ({"car": "BMW 3 (E46) 320d"}, ["BMW 3 Series E46 320d"]),
    ({"car": "БМВ Е46 320 d"}, ["BMW 3 Series E46 320d"]),
    ({"car": "Mercedes W211 E220 CDI"}, ["Mercedes-Benz E-Class W211 E 220 CDI"]),
    ({"car": "ВАЗ-2109"}, ["VAZ / Lada 2108-21099 Samara 2108, 2109, 21099 1.5"]),
    ({"car": "ВАЗ 2108-21099 1.5"}, ["VAZ / Lada 2108-21099 Samara 2108, 2109, 21099 1.5"]),
    ({"car": "Nissan Qashqai 2 1.6 dCi"}, ["Nissan Qashqai II 1.6 dCi"]),
    ({"car": "Toyota Camry V50 2.5"}, ["Toyota Camry XV50 2.5"]),
    ({"make": "VW", "model": "VW Golf V", "engine": "1.9 TDI"}, ["Volkswagen Golf V 1.9 TDI"]),
    ({"make": "Шкода", "model": "Октавія A7", "engine_code": "CLHA"}, ["Skoda Octavia III A7 1.6 TDI"]),
    ({"make": "BMW", "model": "3 Series", "years": "02.1998 - 08.2006", "fuel": "дизель"}, ["BMW 3 Series E46 320d"]),
    ({"make": "VW", "model": "Golf", "years": "2004-2009", "power": "77 кВт"}, ["Volkswagen Golf V 1.9 TDI"]),
]  # fmt: skip

UNSURE = [
    ({"car": "Zastava Yugo 1.1"}, "unknown_make"),
    ({"car": "всі моделі"}, "unknown_make"),
    ({"make": "Ferrari", "model": "Golf V"}, "unknown_make"),
    ({"car": "VW все модели"}, "unknown_model"),
    ({"car": "Volkswagen"}, "unknown_model"),
    ({"car": "Skoda Octavia A9"}, "several_generations"),
    ({"car": "VW Golf IX"}, "unknown_generation"),
    ({"car": "VW Golf 1.9 TDI"}, "several_generations"),
    ({"make": "VW", "model": "Golf", "years": "2003-2008"}, "several_generations"),
    ({"car": "Ланос 1.5"}, "several_models"),
    ({"car": "Октавія А7 1.8 TSI CDAB"}, "unknown_engine"),
    ({"make": "VW", "model": "Golf V", "engine": "2.0 TDI"}, "unknown_engine"),
    ({"car": "Daewoo Lanos 1.5 8V"}, "unknown_words"),
    ({"car": "VW Golf V, Octavia A5 1.9 TDI"}, "unknown_words"),
    ({"car": "BMW E 36-46"}, "unknown_model"),
    ({"car": "Nissan Qashqai +2"}, "several_generations"),
]


@pytest.mark.parametrize(("cells", "meant"), SURE, ids=str)
def test_a_car_said_for_sure_is_found_in_any_of_our_languages(
    cells: dict[str, str], meant: list[str], cars: dict[str, Modification], car_list: CarList
) -> None:
    match = match_car(car_words(cells), car_list)
    assert match.reason is None
    assert {pk for pk, _rules in match.cars} == {cars[name].pk for name in meant}


@pytest.mark.parametrize(("cells", "reason"), UNSURE, ids=str)
def test_what_may_mean_something_else_is_left_to_a_person(
    cells: dict[str, str], reason: str, car_list: CarList
) -> None:
    match = match_car(car_words(cells), car_list)
    assert (match.cars, match.reason) == ((), reason)


def test_the_best_suggestion_for_an_unknown_engine_stands_first(
    cars: dict[str, Modification], car_list: CarList
) -> None:
    match = match_car(car_words({"car": "Октавія А7 1.8 TSI CDAB"}), car_list)
    assert match.candidates == (
        cars["Skoda Octavia III A7 1.8 TSI"].pk,
        cars["Skoda Octavia III A7 1.6 TDI"].pk,
    )


def test_years_and_codes_narrower_than_the_car_become_conditions(
    cars: dict[str, Modification], car_list: CarList
) -> None:
    words = car_words(
        {"make": "VW", "model": "Golf V", "engine": "1.9 TDI", "engine_code": "BKC", "years": "2006-2007"}
    )
    assert match_car(words, car_list).cars == (
        (
            cars["Volkswagen Golf V 1.9 TDI"].pk,
            (("built_from", "2006-01"), ("built_to", "2007-12"), ("engine_code", "BKC")),
        ),
    )


def test_a_body_of_several_becomes_a_condition(cars: dict[str, Modification], car_list: CarList) -> None:
    words = car_words({"make": "VW", "model": "Golf V Variant", "engine": "1.9 TDI"})
    assert match_car(words, car_list).cars == ((cars["Volkswagen Golf V 1.9 TDI"].pk, (("body", "estate"),)),)


def test_years_that_are_none_are_an_error_of_the_row(car_list: CarList) -> None:
    with pytest.raises(BadYears, match="abc"):
        match_car(car_words({"make": "VW", "model": "Golf V", "years": "abc"}), car_list)
