from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from shop.lib.version import bump_catalogue_version
from tests.factories import ModificationFactory
from vehicles import cookie
from vehicles.chosen import ChosenCar
from vehicles.cookie import CarCookie

pytestmark = pytest.mark.django_db


def chosen_with(sealed=None):
    request = RequestFactory().get("/")
    if sealed is not None:
        request.COOKIES["car"] = sealed
    return ChosenCar(request)


def chosen_car(pk):
    return chosen_with(cookie.seal(CarCookie(chosen=pk)))


def test_without_a_choice_there_is_no_car_and_no_question(django_assert_num_queries):
    chosen = chosen_with()
    with django_assert_num_queries(0):
        assert chosen.id is None
        assert chosen.car is None


def test_the_car_is_read_once_for_all_visitors_with_all_its_names(django_assert_num_queries):
    car = ModificationFactory()
    with django_assert_num_queries(1):
        assert chosen_car(car.pk).car == car
    with django_assert_num_queries(0):
        assert chosen_car(car.pk).car.short_name().endswith("· 1.6 TDI 77 кВт")


def test_an_edited_car_is_read_again_after_the_version_changes():
    car = ModificationFactory(power_kw=77)
    assert chosen_car(car.pk).car.power_kw == 77
    type(car).objects.update(power_kw=81)
    bump_catalogue_version()
    assert chosen_car(car.pk).car.power_kw == 81


def test_a_car_that_was_taken_off_is_no_car_and_asked_for_once(django_assert_num_queries):
    car = ModificationFactory(is_active=False)
    assert chosen_car(car.pk).car is None
    with django_assert_num_queries(0):
        assert chosen_car(car.pk).car is None


def test_a_choice_replaces_the_one_before_and_can_be_forgotten():
    first, second = ModificationFactory(), ModificationFactory()
    chosen = chosen_with()
    chosen.choose(first)
    chosen.choose(second)
    assert (chosen.id, chosen.car) == (second.pk, second)
    chosen.forget()
    assert (chosen.id, chosen.car) == (None, None)


@pytest.mark.parametrize("sealed", ["", "17", "{}", "ї" * 50, "\x00", "A" * 10_000, "gAAAAABm", "=" * 200])
def test_a_text_the_shop_did_not_seal_chooses_nothing(sealed):
    assert chosen_with(sealed).id is None


def test_an_unreadable_cookie_stays_no_cookie_and_nothing_is_written_without_need():
    for chosen in (chosen_with(), chosen_with("junk"), chosen_car(5)):
        response = HttpResponse()
        chosen.write(response)
        assert "car" not in response.cookies


def test_the_term_of_sixty_days_begins_anew_with_each_day_of_visits():
    sealed = cookie.seal(CarCookie(chosen=5))
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        response = HttpResponse()
        chosen_with(sealed).write(response)
    written = response.cookies["car"]
    assert written["max-age"] == 60 * 24 * 3600
    assert (written["httponly"], written["samesite"]) == (True, "Lax")
    assert chosen_with(written.value).id == 5
