from datetime import date

import pytest

from tests.factories import GenerationFactory, MakeFactory, ModelFactory, ModificationFactory
from vehicles import vin_candidates
from vehicles.models import Drive, Fuel
from vehicles.vin import read_vin
from vehicles.vin_candidates import candidates

pytestmark = pytest.mark.django_db


def car_of(make, model, years, *, generation_code="", **fields):
    first, last = years
    made = {"produced_from": date(first, 1, 1), "produced_to": date(last, 12, 1)}
    code = {"code": generation_code} if generation_code else {}
    generation = GenerationFactory(model=model_of(make, model), **made, **code)
    return ModificationFactory(generation=generation, **made, **fields)


def model_of(make, name):
    return make.models.filter(name=name).first() or ModelFactory(make=make, name=name)


@pytest.fixture
def honda():
    return MakeFactory(slug="honda", name="Honda", wmi=["1HG"])


def test_a_car_of_the_us_market_is_known_down_to_its_engine(honda, django_assert_max_num_queries):
    petrol = {"fuel": Fuel.PETROL}
    weak = car_of(honda, "Accord", (2002, 2008), name="3.0 V6", displacement_cc=2997, power_hp=200, **petrol)
    meant = car_of(
        honda,
        "Accord",
        (2002, 2008),
        name="3.0 V6 US",
        displacement_cc=2997,
        power_hp=243,
        engine_codes=["J30A4"],
        **petrol,
    )
    car_of(honda, "Accord", (2002, 2008), name="2.4", displacement_cc=2354, **petrol)
    car_of(honda, "Accord", (2002, 2008), name="2.2 i-CTDi", displacement_cc=2980, fuel=Fuel.DIESEL)
    car_of(honda, "Accord", (2008, 2013), name="3.0", displacement_cc=2997, **petrol)
    car_of(honda, "Civic", (2002, 2008), name="3.0", displacement_cc=2997, **petrol)
    with django_assert_max_num_queries(4):
        found = candidates(read_vin("1HGCM82633A004352"))
    assert found.cars == (meant, weak)
    assert (found.makes, found.year) == ((honda,), 2003)
    assert (found.us.model, found.us.engine, found.us.power_hp) == ("Accord", "J30A4", 240)


def test_a_model_year_begins_in_the_summer_before(honda):
    car_of(honda, "Accord", (1998, 2002), name="3.0", displacement_cc=2997, fuel=Fuel.PETROL)
    car_of(honda, "Accord", (2004, 2008), name="3.0", displacement_cc=2997, fuel=Fuel.PETROL)
    assert [row.produced_from.year for row in candidates(read_vin("1HGCM82633A004352")).generations] == [1998]


@pytest.mark.parametrize(
    ("vin", "make", "model"),
    [
        ("1FMCU9GX5EUA12345", "ford", "Kuga / Escape"),
        ("3FA6P0H75FR112345", "ford", "Mondeo / Fusion US"),
        ("WBAXG5C57DD123456", "bmw", "5 Series"),
        ("WDDGF8AB8DA123456", "mercedes-benz", "C-Class"),
        ("4JGDA5HB3EA123456", "mercedes-benz", "M-Class / GLE"),
        ("JM1GJ1V59F1212345", "mazda", "6"),
    ],
)
def test_american_names_of_models_lead_to_ours(vin, make, model):
    make = MakeFactory(slug=make)
    car_of(make, model, (2010, 2020), fuel=Fuel.PETROL, displacement_cc=None)
    found = candidates(read_vin(vin))
    assert [row.name for row in found.models] == [model]
    assert len(found.cars) == 1


def test_a_model_we_do_not_know_still_gives_make_and_year(honda):
    found = candidates(read_vin("1HGCM82633A004352"))
    assert (found.makes, found.models, found.cars, found.year) == ((honda,), (), (), 2003)
    assert found.us.model == "Accord"


def test_a_european_vin_narrows_to_the_generation_where_its_maker_writes_one():
    skoda = MakeFactory(slug="skoda", wmi=["TMB"])
    MakeFactory(slug="audi", wmi=["WAU"])
    octavia = car_of(skoda, "Octavia", (2012, 2020), generation_code="skoda-octavia-iii-a7").generation
    car_of(skoda, "Fabia", (2014, 2021), generation_code="skoda-fabia-iii")
    found = candidates(read_vin("TMBJG7NE5G0123456"))
    assert (found.makes, found.generations, found.cars, found.year) == ((skoda,), (octavia,), (), 2016)


def test_of_generations_with_one_code_those_of_its_year_are_meant():
    vw = MakeFactory(slug="volkswagen", wmi=["WVW"])
    car_of(vw, "Golf", (2003, 2008), generation_code="volkswagen-golf-v")
    sixth = car_of(vw, "Golf", (2008, 2012), generation_code="volkswagen-golf-vi").generation
    assert candidates(read_vin("WVWZZZ1KZAW123456")).generations == (sixth,)


def test_other_vins_give_makes_only_and_a_plant_may_build_for_two():
    makes = {MakeFactory(slug=slug, name=slug, wmi=["LGW", slug[:3].upper()]) for slug in ("haval", "great-wall")}
    found = candidates(read_vin("LGWEF4A50HF000001"))
    assert set(found.makes) == makes
    assert (found.models, found.generations, found.cars) == ((), (), ())


def test_an_unknown_or_hidden_maker_gives_nothing_but_the_year():
    MakeFactory(slug="skoda", wmi=["TMB"], is_active=False)
    found = candidates(read_vin("TMBJG7NE5G0123456"))
    assert (found.makes, found.generations, found.year) == ((), (), 2016)


def test_without_the_table_an_american_vin_is_read_like_a_european_one(honda, monkeypatch):
    monkeypatch.setattr(vin_candidates, "us_car", lambda vin: None)
    found = candidates(read_vin("1HGCM82633A004352"))
    assert (found.makes, found.year, found.us) == ((honda,), 2003, None)


def test_the_drive_breaks_a_tie():
    nissan = MakeFactory(slug="nissan", wmi=["5N1"])
    same = {"fuel": Fuel.PETROL, "displacement_cc": 2488}
    car_of(nissan, "Rogue", (2013, 2020), name="2.5", drive=Drive.FWD, power_kw=100, **same)
    meant = car_of(nissan, "Rogue", (2013, 2020), name="2.5", drive=Drive.AWD, power_kw=126, **same)
    assert candidates(read_vin("5N1AT2MV6FC812345")).cars[0] == meant
