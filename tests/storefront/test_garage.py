import pytest

from tests.factories import CustomerFactory, ModificationFactory
from vehicles.garage import CustomerGarage
from vehicles.models import GarageVehicle

pytestmark = pytest.mark.django_db
VIN = "TMBJG7NE5G0123456"


@pytest.fixture(params=["guest", "customer"])
def buyer(request, client):
    if request.param == "customer":
        client.force_login(CustomerFactory())
    return client


def choose(client, car, **fields):
    return client.post("/cars/chosen/", {"modification": car.pk, **fields})


def test_an_empty_garage_says_what_to_do(buyer):
    page = buyer.get("/garage/").text
    assert "У гаражі поки порожньо" in page
    assert 'href="/cars/"' in page


def test_the_header_offers_the_other_cars_and_choosing_one_returns_to_the_page(buyer):
    first, second = ModificationFactory(name="1.2 TSI"), ModificationFactory(name="2.0 TDI")
    choose(buyer, first)
    choose(buyer, second)
    page = buyer.get("/c/").text
    key = page.split('name="garage"')[1].split('value="')[1].split('"')[0]
    assert f"</span> {first.short_name()}</button>" in page
    answer = buyer.post("/cars/chosen/", {"garage": key, "next": "/c/"})
    assert answer["Location"] == "/c/"
    header = buyer.get("/c/").text.split("<summary")[1].split("</summary>")[0]
    assert first.short_name() in header


def test_a_car_gets_a_name_and_a_vin_that_is_shown_masked(buyer):
    choose(buyer, ModificationFactory())
    key = buyer.get("/garage/").context["places"][0].car.key
    answer = buyer.post(f"/garage/{key}/", {"name": "Татове", "vin": "тмвjg7ne5g0123456"}, follow=True)
    assert answer.redirect_chain == [("/garage/", 302)]
    assert ">Татове</a>" in answer.text
    assert 'VIN <span class="number">TMB…3456</span>' in answer.text
    assert buyer.get("/garage/").context["places"][0].car.vin == VIN


@pytest.mark.parametrize("vin", ["WVWZZZ1KZAW12345", "x" * 61, "😀" * 17, "\x00"])
def test_a_wrong_vin_is_told_beside_its_field_and_nothing_changes(buyer, vin):
    choose(buyer, ModificationFactory())
    key = buyer.get("/garage/").context["places"][0].car.key
    answer = buyer.post(f"/garage/{key}/", {"name": "Нове", "vin": vin})
    assert answer.status_code == 200
    assert 'class="field field--wrong"' in answer.text
    assert 'value="Нове"' in answer.text
    assert buyer.get("/garage/").context["places"][0].car.name == ""


def test_a_car_is_removed_by_post_only(buyer):
    choose(buyer, ModificationFactory())
    key = buyer.get("/garage/").context["places"][0].car.key
    assert buyer.get(f"/garage/{key}/removal/").status_code == 405
    answer = buyer.post(f"/garage/{key}/removal/", follow=True)
    assert "прибрано з гаража" in answer.text
    assert "Обрати авто" in answer.text.split("<main")[0]
    assert buyer.post(f"/garage/{key}/removal/").status_code == 302


@pytest.mark.parametrize("key", ["0", "999999", "9" * 30])
def test_keys_that_are_not_in_the_garage_are_not_found(buyer, key):
    assert buyer.post(f"/garage/{key}/", {"name": "x"}).status_code == 404
    assert buyer.post("/cars/chosen/", {"garage": key}).status_code == 404


def test_a_stranger_s_car_is_not_found(client):
    key = CustomerGarage(CustomerFactory().pk).keep(ModificationFactory().pk, vin=VIN)
    client.force_login(CustomerFactory())
    assert client.post(f"/garage/{key}/", {"name": "моє"}).status_code == 404
    client.post(f"/garage/{key}/removal/")
    assert client.post("/cars/chosen/", {"garage": key}).status_code == 404
    assert GarageVehicle.objects.get().vin == VIN


def test_a_full_garage_says_so_and_chooses_the_car_all_the_same(client):
    for _ in range(21):
        answer = choose(client, ModificationFactory())
    page = client.get(answer["Location"]).text
    assert "обрано, але не збережено" in page
    assert "Обрано " in page


@pytest.mark.parametrize("rows", [1, 20])
def test_the_garage_asks_one_number_of_questions(client, rows, django_assert_num_queries):
    customer = CustomerFactory()
    for _ in range(rows):
        CustomerGarage(customer.pk).keep(ModificationFactory().pk)
    client.force_login(customer)
    client.get("/garage/")
    with django_assert_num_queries(4):  # session, person, garage for the page and for the header
        client.get("/garage/")


def test_signing_in_brings_the_cars_along_and_signing_out_leaves_none(client):
    customer = CustomerFactory(staff=True)
    customer.set_password("brake-pads-2026")
    customer.save()
    car = ModificationFactory()
    choose(client, car)
    client.post("/admin/login/", {"username": customer.email, "password": "brake-pads-2026", "next": "/garage/"})
    assert GarageVehicle.objects.get().owner == customer
    assert car.short_name() in client.get("/garage/").text
    client.post("/admin/logout/")
    assert client.cookies["car"].value == ""
    assert "У гаражі поки порожньо" in client.get("/garage/").text


def test_personal_pages_are_kept_by_nobody(buyer):
    choose(buyer, ModificationFactory())
    assert "no-store" in buyer.get("/garage/")["Cache-Control"]
    assert "no-store" in buyer.get("/cars/vin/")["Cache-Control"]
