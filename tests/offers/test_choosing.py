from decimal import Decimal

import pytest

from shop.catalog.models import Category, Companion, Fitment
from shop.lib.version import bump_catalogue_version
from shop.offers.choosing import Choice, Wish, soonest_parts
from shop.offers.companions import needed_with
from shop.offers.shelf import refresh_shelf
from tests.factories import CategoryFactory, FitmentFactory, ModificationFactory, OfferFactory

pytestmark = pytest.mark.django_db
FRONT, REAR = Fitment.Position.FRONT, Fitment.Position.REAR


@pytest.fixture
def car():
    return ModificationFactory()


@pytest.fixture
def pads():
    return CategoryFactory(slug="pads")


def offered(category, *, lead_days=1, price=100, **fitment):
    part = OfferFactory(part__category=category, price=Decimal(price), lead_days=lead_days).part
    if fitment:
        FitmentFactory(part=part, **fitment)
    return part


def ready():
    refresh_shelf()
    bump_catalogue_version()


def test_the_soonest_parts_for_the_car_and_the_place_are_chosen(car, pads):
    late = offered(pads, lead_days=5, modification=car, position=FRONT)
    soon = offered(pads, lead_days=1, modification=car)
    offered(pads, lead_days=0, modification=car, position=REAR)
    offered(pads, lead_days=0, modification=ModificationFactory())
    FitmentFactory(part__category=pads, modification=car)
    ready()
    front = Wish(pads.pk, FRONT)
    assert soonest_parts([front], car, most=5) == [[Choice(soon.pk, Decimal(100)), Choice(late.pk, Decimal(100))]]
    assert soonest_parts([front], car, most=1) == [[Choice(soon.pk, Decimal(100))]]
    assert len(soonest_parts([Wish(pads.pk)], car, most=5)[0]) == 3
    assert soonest_parts([front], None, most=5) == [[]]


def test_several_wishes_take_one_query(car, pads, django_assert_num_queries):
    grease = CategoryFactory(fitment_kind=Category.FitmentKind.UNIVERSAL)
    tube, pad = offered(grease), offered(pads, modification=car)
    ready()
    wishes = [Wish(grease.pk), Wish(pads.pk), Wish(0)]
    soonest_parts(wishes, car, most=2)
    with django_assert_num_queries(1):
        found = soonest_parts(wishes, car, most=2)
    assert [[choice.part_id for choice in choices] for choices in found] == [[tube.pk], [pad.pk], []]


def test_what_goes_with_a_part_is_a_part_for_the_same_car(car, pads):
    sensors = CategoryFactory(name_uk="Датчики зносу")
    hidden = CategoryFactory()
    Companion.objects.create(category=pads, needed=sensors, why_uk="Старий ламається")
    Companion.objects.create(category=pads, needed=hidden, why_uk="—", is_active=False)
    sensor = offered(sensors, price=270, modification=car)
    ready()
    (needed,) = needed_with([pads.pk], car)
    assert (needed.category, needed.why, needed.part.pk) == (sensors, "Старий ламається", sensor.pk)
    assert (needed.price, needed.address) == (Decimal(270), sensor.get_absolute_url())
    (without_car,) = needed_with([pads.pk], None)
    assert (without_car.part, without_car.address) == (None, sensors.get_absolute_url())
    assert needed_with([pads.pk], car, without=[sensors.pk]) == []
