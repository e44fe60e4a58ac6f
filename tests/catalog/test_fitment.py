from datetime import date

import pytest

from shop.catalog.fitment import Fit, fit_of, fits_for
from shop.catalog.models import Category, FitmentCondition
from tests.factories import CategoryFactory, FitmentFactory, ModificationFactory, PartFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    return ModificationFactory(engine_codes=["CLHA"], produced_from=date(2013, 1, 1), produced_to=date(2017, 12, 1))


def under(rules):
    return FitmentCondition.objects.create(rules=rules)


def test_each_kind_of_answer(car):
    fitting = FitmentFactory(modification=car).part
    checked = FitmentFactory(modification=car, condition=under({"brake_system": "TRW"})).part
    of_others = FitmentFactory().part
    silent = PartFactory()
    oil = PartFactory(category=CategoryFactory(fitment_kind=Category.FitmentKind.UNIVERSAL))
    parts = [fitting, checked, of_others, silent, oil]
    answers = fits_for(parts, car)
    assert [answers[part.pk].fit for part in parts] == [
        Fit.FITS,
        Fit.CHECK,
        Fit.NOT_LISTED,
        Fit.UNKNOWN,
        Fit.UNIVERSAL,
    ]
    assert answers[checked.pk].ways == (("гальмівна система TRW",),)
    assert answers[fitting.pk].source.name == "Дані постачальника"
    assert fit_of(fitting, None).fit == Fit.UNKNOWN
    assert not fit_of(fitting, None).is_car_chosen


@pytest.mark.parametrize(
    ("rules", "fit"),
    [
        ({"engine_code": "CLHA"}, Fit.FITS),
        ({"engine_code": "CLHB"}, Fit.CHECK),
        ({"built_from": "2013-01"}, Fit.FITS),
        ({"built_from": "2013-02"}, Fit.CHECK),
        ({"built_to": "2017-12"}, Fit.FITS),
        ({"built_to": "2017-11"}, Fit.CHECK),
        ({"built_from": "2012-05", "disc_mm": 288}, Fit.CHECK),
    ],
)
def test_what_the_car_itself_answers_is_not_asked_of_the_buyer(car, rules, fit):
    part = FitmentFactory(modification=car, condition=under(rules)).part
    assert fit_of(part, car).fit == fit


def test_one_way_without_conditions_is_enough(car):
    part = FitmentFactory(modification=car, condition=under({"disc_mm": 288})).part
    FitmentFactory(part=part, modification=car)
    assert fit_of(part, car).fit == Fit.FITS


@pytest.mark.parametrize("count", [1, 20])
def test_many_answers_take_two_queries(car, count, django_assert_max_num_queries):
    parts = [FitmentFactory().part for _ in range(count)]
    fits_for(parts, car)
    with django_assert_max_num_queries(2):
        fits_for(parts, car)
