import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from tests.factories import CustomerFactory, ModificationFactory
from vehicles import cookie
from vehicles.chosen import ChosenCar
from vehicles.garage import LIMIT, CustomerGarage, GarageFull, GuestGarage
from vehicles.models import GarageVehicle

pytestmark = pytest.mark.django_db
VIN, OTHER_VIN = "TMBJG7NE5G0123456", "TMBJG7NE5G0999999"


def visitor(user=None, sealed=""):
    request = RequestFactory().get("/", headers={"cookie": f"car={sealed}"} if sealed else {})
    if user:
        request.user = user
    return ChosenCar(request)


def sent(chosen):
    """What the browser would send next time."""
    response = HttpResponse()
    chosen.write(response)
    return response.cookies["car"].value


@pytest.fixture(params=["guest", "customer"])
def chosen(request):
    return visitor() if request.param == "guest" else visitor(CustomerFactory())


def test_a_chosen_car_stands_in_the_garage_once(chosen):
    first, second = ModificationFactory(), ModificationFactory()
    for car in (first, second, first):
        chosen.choose(car)
    assert [row.car for row in chosen.garage.cars()] == [first, second]
    assert (chosen.car, chosen.key) == (first, chosen.garage.cars()[0].key)


def test_another_car_of_the_garage_is_chosen_by_its_key(chosen):
    first, second = ModificationFactory(), ModificationFactory()
    chosen.choose(first)
    chosen.choose(second)
    key = chosen.garage.cars()[0].key
    assert chosen.choose_from_garage(key).car == first
    assert (chosen.car, chosen.key) == (first, key)
    assert chosen.choose_from_garage(10**12) is None
    assert chosen.car == first


def test_forgetting_keeps_the_garage_and_removing_forgets_the_chosen_one(chosen):
    first, second = ModificationFactory(), ModificationFactory()
    chosen.choose(first)
    chosen.choose(second)
    chosen.forget()
    assert (chosen.car, len(chosen.garage.cars())) == (None, 2)
    one, two = chosen.garage.cars()
    chosen.choose_from_garage(one.key)
    chosen.remove(two.key)
    assert (chosen.car, [row.car for row in chosen.garage.cars()]) == (first, [first])
    chosen.remove(one.key)
    assert (chosen.car, chosen.garage.cars()) == (None, [])


def test_a_vin_stays_only_if_its_owner_wants_it(chosen):
    chosen.look_up(VIN)
    chosen.choose(ModificationFactory())
    chosen.look_up(OTHER_VIN, keeps=True)
    chosen.choose(ModificationFactory())
    assert [row.vin for row in chosen.garage.cars()] == ["", OTHER_VIN]
    assert chosen.vin == ""


def test_two_cars_of_one_kind_are_told_apart_by_their_vins(chosen):
    car = ModificationFactory()
    first = chosen.garage.keep(car.pk)
    assert chosen.garage.keep(car.pk, vin=VIN) == first
    second = chosen.garage.keep(car.pk, vin=OTHER_VIN)
    assert second != first
    assert chosen.garage.keep(car.pk, vin=VIN) == first
    assert [row.vin for row in chosen.garage.cars()] == [VIN, OTHER_VIN]


def test_name_and_vin_can_be_changed_and_taken_away(chosen):
    key = chosen.garage.keep(ModificationFactory().pk)
    chosen.garage.describe(key, name="Татове", vin=VIN)
    assert [(row.label, row.vin, row.masked_vin) for row in chosen.garage.cars()] == [("Татове", VIN, "TMB…3456")]
    chosen.garage.describe(key, name="", vin="")
    row = chosen.garage.cars()[0]
    assert (row.label, row.vin) == (row.car.short_name(), "")


def test_a_full_garage_takes_no_more_but_keeps_nobody_from_shopping(chosen):
    for _ in range(LIMIT):
        chosen.choose(ModificationFactory())
    more = ModificationFactory()
    with pytest.raises(GarageFull):
        chosen.choose(more)
    assert (chosen.car, chosen.key, len(chosen.garage.cars())) == (more, None, LIMIT)


def test_a_car_taken_off_is_left_out(chosen):
    chosen.garage.keep(ModificationFactory(is_active=False).pk)
    assert chosen.garage.cars() == []


def test_the_largest_garage_of_a_guest_fits_into_a_cookie():
    chosen = visitor()
    for number in range(LIMIT):
        chosen.garage.keep(ModificationFactory().pk, name="Ї😀" * 15, vin=f"{VIN[:-2]}{number:02}")
    sealed = sent(chosen)
    assert len(sealed) < cookie.LONGEST
    assert len(visitor(sealed=sealed).garage.cars()) == LIMIT
    assert VIN[:-2] not in sealed


def test_the_garage_of_a_guest_asks_the_database_for_unknown_cars_only(django_assert_num_queries):
    chosen = visitor()
    for _ in range(3):
        chosen.choose(ModificationFactory())
    sealed = sent(chosen)
    visitor(sealed=sealed).garage.cars()
    with django_assert_num_queries(0):
        assert len(visitor(sealed=sealed).garage_cars) == 3


@pytest.mark.parametrize("rows", [1, 20])
def test_the_garage_of_a_customer_costs_one_query(rows, django_assert_num_queries):
    customer = CustomerFactory()
    for _ in range(rows):
        CustomerGarage(customer.pk).keep(ModificationFactory().pk)
    CustomerGarage(customer.pk).cars()
    with django_assert_num_queries(1):
        assert len(CustomerGarage(customer.pk).cars()) == rows


def test_a_vin_is_encrypted_at_rest():
    key = CustomerGarage(CustomerFactory().pk).keep(ModificationFactory().pk, vin=VIN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT vin, vin_hash FROM vehicles_garagevehicle WHERE id = %s", [key])
        stored, digest = cursor.fetchone()
    assert VIN not in stored
    assert len(digest) == 64


def test_nobody_reaches_a_stranger_s_garage():
    mine, theirs = CustomerGarage(CustomerFactory().pk), CustomerGarage(CustomerFactory().pk)
    key = theirs.keep(ModificationFactory().pk, name="Своє", vin=VIN)
    mine.describe(key, name="Чуже", vin="")
    mine.remove(key)
    assert [(row.name, row.vin) for row in theirs.cars()] == [("Своє", VIN)]


def test_a_garage_goes_with_its_owner():
    customer = CustomerFactory()
    CustomerGarage(customer.pk).keep(ModificationFactory().pk, vin=VIN)
    customer.delete()
    assert not GarageVehicle.objects.exists()


def test_signing_in_joins_the_cars_of_the_browser_with_those_of_the_account():
    customer = CustomerFactory()
    both, own, new = ModificationFactory(), ModificationFactory(), ModificationFactory()
    garage = CustomerGarage(customer.pk)
    garage.keep(own.pk, name="Своє")
    garage.keep(both.pk)
    chosen = visitor()
    chosen.garage.keep(both.pk, vin=VIN)
    chosen.choose(new)
    assert chosen.move_in(customer.pk) is True
    assert [(row.car, row.name, row.vin) for row in garage.cars()] == [
        (own, "Своє", ""),
        (both, "", VIN),
        (new, "", ""),
    ]
    assert (chosen.car, chosen.kept.cars) == (new, ())
    assert chosen.key == garage.cars()[2].key
    assert chosen.move_in(customer.pk) is True
    assert len(garage.cars()) == 3


def test_what_finds_no_room_at_signing_in_is_told():
    customer = CustomerFactory()
    for _ in range(LIMIT):
        CustomerGarage(customer.pk).keep(ModificationFactory().pk)
    chosen = visitor()
    chosen.choose(ModificationFactory())
    assert chosen.move_in(customer.pk) is False
    assert len(CustomerGarage(customer.pk).cars()) == LIMIT


def test_after_signing_in_with_nothing_new_the_choice_finds_its_car_in_the_garage():
    customer, car = CustomerFactory(), ModificationFactory()
    key = CustomerGarage(customer.pk).keep(car.pk)
    chosen = visitor(sealed=cookie.seal(cookie.CarCookie(chosen=car.pk)))
    chosen.move_in(customer.pk)
    assert (chosen.car, chosen.key) == (car, key)


def test_signing_out_leaves_nothing_in_the_browser():
    chosen = visitor()
    chosen.choose(ModificationFactory())
    chosen.leave()
    assert (chosen.car, GuestGarage(chosen).cars()) == (None, [])


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_limit_keeps_one_car_only():
    customer = CustomerFactory()
    for _ in range(LIMIT - 1):
        CustomerGarage(customer.pk).keep(ModificationFactory().pk)
    cars = [ModificationFactory() for _ in range(4)]
    refused = []

    def keep(car):
        try:
            CustomerGarage(customer.pk).keep(car.pk)
        except GarageFull:
            refused.append(car)
        finally:
            connection.close()

    threads = [threading.Thread(target=keep, args=[car]) for car in cars]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert GarageVehicle.objects.filter(owner=customer).count() == LIMIT
    assert len(refused) == 3
    assert get_user_model().objects.count() == 1


def test_the_chosen_car_brings_its_name_and_vin_along(chosen):
    assert chosen.garage_car is None
    chosen.look_up(VIN, keeps=True)
    chosen.choose(ModificationFactory())
    assert chosen.garage_car.vin == VIN
