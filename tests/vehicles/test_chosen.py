import pytest
from django.test import RequestFactory

from tests.factories import ModificationFactory
from vehicles.chosen import ChosenCar

pytestmark = pytest.mark.django_db


def request_with(session):
    request = RequestFactory().get("/")
    request.session = session
    return request


def test_without_a_choice_there_is_no_car_and_no_question(django_assert_num_queries):
    chosen = ChosenCar(request_with({}))
    with django_assert_num_queries(0):
        assert chosen.id is None
        assert chosen.car is None


def test_the_car_is_read_once_with_all_its_names(django_assert_num_queries):
    car = ModificationFactory()
    chosen = ChosenCar(request_with({"car": car.pk}))
    with django_assert_num_queries(1):
        assert chosen.car == car
        assert chosen.car.short_name().endswith("· 1.6 TDI 77 кВт")


def test_a_car_that_was_taken_off_is_no_car():
    car = ModificationFactory(is_active=False)
    assert ChosenCar(request_with({"car": car.pk})).car is None


def test_a_choice_replaces_the_one_before_and_can_be_forgotten():
    first, second = ModificationFactory(), ModificationFactory()
    session = {}
    chosen = ChosenCar(request_with(session))
    chosen.choose(first)
    chosen.choose(second)
    assert session == {"car": second.pk}
    assert chosen.car == second
    chosen.forget()
    assert session == {}
    assert chosen.car is None
