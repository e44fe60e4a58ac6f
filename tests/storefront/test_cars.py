import re
from datetime import date

import pytest
from django.urls import reverse

from shop.catalog.frame import frame
from shop.lib.version import bump_catalogue_version
from tests.factories import (
    CategoryFactory,
    FitmentFactory,
    GenerationFactory,
    MakeFactory,
    ModelFactory,
    ModificationFactory,
    PartFactory,
)
from vehicles.models import Fuel

pytestmark = pytest.mark.django_db


@pytest.fixture
def octavia():
    make = MakeFactory(name="Skoda", slug="skoda")
    model = ModelFactory(make=make, name="Octavia", slug="octavia")
    return GenerationFactory(model=model, slug="iii-a7", body_types=["liftback", "estate"])


def test_makes_stand_in_ukrainian_order_whatever_the_order_of_rows(client):
    for name in ["Škoda", "ЗАЗ", "Audi", "Ґедж"]:
        MakeFactory(name=name)
    page = client.get("/cars/").text
    places = [page.index(f">{name}</a>") for name in ["Audi", "Škoda", "Ґедж", "ЗАЗ"]]
    assert places == sorted(places)


def test_models_stand_in_the_order_of_names_whatever_the_order_of_rows(client, octavia):
    ModificationFactory(generation=octavia)
    for name in ["Yeti", "Fabia", "Rapid"]:
        ModificationFactory(generation__model=ModelFactory(make=octavia.model.make, name=name))
    page = client.get("/cars/skoda/").text
    assert re.findall(r'<span class="tile__name">(\w+)</span>', page) == ["Fabia", "Octavia", "Rapid", "Yeti"]


def test_models_show_their_years_over_all_generations(client, octavia):
    ModificationFactory(generation=octavia)
    newer = GenerationFactory(model=octavia.model, produced_from=date(2019, 12, 1), produced_to=None)
    ModificationFactory(generation=newer)
    assert "з 2012" in client.get("/cars/skoda/").text
    newer.produced_to = date(2025, 3, 1)
    newer.save()
    bump_catalogue_version()
    assert "2012–2025" in client.get("/cars/skoda/").text


def test_what_leads_to_no_choosable_car_is_not_offered(client, octavia):
    ModificationFactory(generation=octavia, is_active=False)
    ModelFactory(make=octavia.model.make, name="Roomster", slug="roomster")
    page = client.get("/cars/skoda/").text
    assert "/cars/skoda/octavia/" not in page
    assert "/cars/skoda/roomster/" not in page
    assert client.get("/cars/skoda/octavia/").status_code == 404


def test_generations_show_months_and_bodies(client, octavia):
    ModificationFactory(generation=octavia)
    page = client.get("/cars/skoda/octavia/").text
    assert "11.2012–08.2020" in page
    assert "ліфтбек, універсал" in page


def test_engines_of_one_name_are_told_apart_by_power_years_and_code(client, octavia):
    weak = ModificationFactory(generation=octavia, slug="weak", power_kw=66, power_hp=90, engine_codes=["CLHB"])
    strong = ModificationFactory(
        generation=octavia, slug="strong", power_kw=77, power_hp=105, engine_codes=["CLHA", "DBKA"], produced_to=None
    )
    ModificationFactory(generation=octavia, slug="petrol", name="1.4 TSI", fuel=Fuel.PETROL)
    page = client.get("/cars/skoda/octavia/iii-a7/").text
    for text in ["66 кВт", "90 к. с.", "CLHB", "77 кВт", "105 к. с.", "CLHA, DBKA", "11.2012–12.2017", "з 11.2012"]:
        assert text in page
    assert page.index(f'value="{weak.pk}"') < page.index(f'value="{strong.pk}"')
    assert page.index("Дизель") < page.index("Бензин")


def test_choosing_a_car_goes_back_to_where_the_visitor_was_and_shows_it_on_every_page(client, octavia):
    car = ModificationFactory(generation=octavia)
    page = client.get("/cars/skoda/octavia/iii-a7/?next=/about/offer/%3Fa%3Db").text
    assert '<input type="hidden" name="next" value="/about/offer/?a=b">' in page
    answer = client.post(reverse("storefront:chosen_car"), {"modification": car.pk, "next": "/cars/"})
    assert answer["Location"] == "/cars/"
    for address in ["/", "/cars/", "/nothing-here/"]:
        assert "Skoda Octavia III A7 · 1.6 TDI 77 кВт" in client.get(address).text


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_choosing_a_car_never_leads_to_a_strange_host(client, octavia, address):
    car = ModificationFactory(generation=octavia)
    answer = client.post(reverse("storefront:chosen_car"), {"modification": car.pk, "next": address})
    assert answer["Location"] == car.get_absolute_url()


@pytest.mark.parametrize("pk", ["", "0", "-1", "x", "²", "9" * 30, "1' or 1=1"])
def test_choosing_a_car_that_is_not_there_is_not_found_and_changes_nothing(client, pk):
    assert client.post(reverse("storefront:chosen_car"), {"modification": pk}).status_code == 404
    assert "car" not in client.cookies


def test_looking_changes_nothing(client, octavia):
    car = ModificationFactory(generation=octavia)
    assert client.get(reverse("storefront:chosen_car"), {"modification": car.pk}).status_code == 405
    assert client.get(reverse("storefront:chosen_car_removal")).status_code == 405
    client.get(car.get_absolute_url())
    assert "car" not in client.cookies


def test_shopping_without_the_car_returns_to_the_same_page_and_keeps_the_garage(client, octavia):
    car = ModificationFactory(generation=octavia)
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    answer = client.post(reverse("storefront:chosen_car_removal"), {"next": "/cars/"}, follow=True)
    assert answer.redirect_chain == [("/cars/", 302)]
    assert "Обрати авто" in answer.text.split("</summary>")[0]
    assert car.short_name() in client.get("/garage/").text


def test_car_page_opens_a_category_by_choosing_the_car_on_the_way(client, octavia):
    car = ModificationFactory(generation=octavia)
    pads = CategoryFactory(slug="brake-pads-front", parent=CategoryFactory(slug="brakes"))
    FitmentFactory(part=PartFactory(category=pads), modification=car)
    page = client.get(car.get_absolute_url()).text
    assert re.search(r'<button type="submit"\s+name="next"\s+value="/c/brake-pads-front/">', page)
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    page = client.get(car.get_absolute_url()).text
    assert '<a href="/c/brake-pads-front/">' in page
    assert "Обрати це авто" not in page


def test_htmx_gets_the_next_step_only(client, octavia):
    ModificationFactory(generation=octavia)
    page = client.get("/cars/skoda/", headers={"HX-Request": "true"}).text
    assert page.lstrip().startswith('<section class="picker"')
    assert "<html" not in page


@pytest.mark.parametrize(
    "address",
    ["/cars/nobody/", "/cars/skoda/nothing/", "/cars/skoda/octavia/never/", "/cars/skoda/octavia/iii-a7/steam-engine/"],
)
def test_unknown_cars_get_a_friendly_page(client, octavia, address):
    ModificationFactory(generation=octavia)
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Такої сторінки немає" in answer.text


@pytest.mark.parametrize("rows", [1, 20])
def test_steps_of_the_picker_ask_one_number_of_questions(client, octavia, rows, django_assert_max_num_queries):
    for _row in range(rows):
        generation = GenerationFactory(model=octavia.model)
        ModificationFactory(generation=generation)
        ModificationFactory(generation=octavia)
        ModificationFactory(generation__model__make=octavia.model.make)
    frame()
    client.get("/cars/")
    for address in ["/cars/", "/cars/skoda/", "/cars/skoda/octavia/", "/cars/skoda/octavia/iii-a7/"]:
        with django_assert_max_num_queries(5):
            assert client.get(address).status_code == 200


def test_a_year_narrows_models_generations_and_engines_and_goes_along(client, octavia):
    ModificationFactory(generation=octavia)
    old = GenerationFactory(
        model=octavia.model, slug="i-tour", produced_from=date(1996, 9, 1), produced_to=date(2010, 11, 1)
    )
    ModificationFactory(generation=old, produced_from=date(1996, 9, 1), produced_to=date(2004, 5, 1))
    late = ModificationFactory(
        generation=old, slug="late", produced_from=date(2004, 6, 1), produced_to=date(2010, 11, 1)
    )
    make = client.get("/cars/skoda/?year=2008").text
    assert 'href="/cars/skoda/octavia/?year=2008"' in make
    assert "Рік випуску: 2008" in make
    model = client.get("/cars/skoda/octavia/?year=2008&next=/basket/").text
    assert 'href="/cars/skoda/octavia/i-tour/?year=2008&amp;next=%2Fbasket%2F"' in model
    assert "/cars/skoda/octavia/iii-a7/" not in model
    engines = client.get("/cars/skoda/octavia/i-tour/?year=2008").text
    assert engines.count('class="engines__car"') == 1
    assert f'value="{late.pk}"' in engines


def test_years_are_those_in_which_such_cars_were_made(client, octavia):
    ModificationFactory(generation=octavia)
    page = client.get("/cars/skoda/").text
    assert re.findall(r'href="/cars/skoda/\?year=(\d+)"', page) == ["2017", "2016", "2015", "2014", "2013", "2012"]


@pytest.mark.parametrize("year", ["", "0", "1949", "2099", "20155", "²015", "x", "2015' or 1=1", "9" * 400])
def test_a_year_that_is_none_narrows_nothing(client, octavia, year):
    ModificationFactory(generation=octavia)
    answer = client.get("/cars/skoda/", {"year": year})
    assert answer.status_code == 200
    assert "Рік випуску: будь-який" in answer.text


def test_a_year_without_such_cars_says_so(client, octavia):
    ModificationFactory(generation=octavia)
    for address in ["/cars/skoda/", "/cars/skoda/octavia/", "/cars/skoda/octavia/iii-a7/"]:
        assert "Цього року таких авто не випускали." in client.get(address, {"year": "1990"}).text


@pytest.mark.parametrize("address", ["/cars/skoda/", "/cars/skoda/octavia/", "/cars/skoda/octavia/iii-a7/"])
def test_pages_of_a_make_model_and_generation_name_the_categories_with_parts(client, octavia, address):
    brakes = CategoryFactory(slug="brakes")
    pads, discs = (CategoryFactory(slug=slug, parent=brakes) for slug in ("pads", "discs"))
    FitmentFactory(part=PartFactory(category=pads), modification=ModificationFactory(generation=octavia))
    FitmentFactory(part=PartFactory(category=discs), modification=ModificationFactory())
    FitmentFactory(
        part=PartFactory(category=discs, is_active=False), modification=ModificationFactory(generation=octavia)
    )
    page = client.get(address).text
    assert f'href="{address}?next=%2Fc%2Fpads%2F"' in page
    assert "%2Fc%2Fdiscs%2F" not in page
    waiting = client.get(address, {"next": "/c/pads/"}).text
    assert f"Потрібно: <b>{pads.name}</b>" in waiting


@pytest.mark.parametrize(
    "address", ["//[", "http://evil.example/c/pads/", "/c/nothing/", "/p/x/y/", "\x00", "/c/" + "x" * 900]
)
def test_a_page_that_waits_for_the_car_is_named_only_if_it_is_ours(client, octavia, address):
    ModificationFactory(generation=octavia)
    answer = client.get("/cars/skoda/", {"next": address})
    assert answer.status_code == 200
    assert "Потрібно:" not in answer.text
