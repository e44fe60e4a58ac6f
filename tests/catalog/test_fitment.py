from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from shop.catalog.fitment import Fit, Owners, fit_of, fits_for
from shop.catalog.models import Category, FitmentCondition, FitSales
from tests.factories import (
    CategoryFactory,
    CustomerFactory,
    FitCheckFactory,
    FitmentFactory,
    ModificationFactory,
    PartFactory,
)

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


def test_what_staff_checked_overrides_the_supplier_both_ways(car):
    refused = FitmentFactory(modification=car).part
    FitCheckFactory(
        part=refused,
        modification=car,
        fits=False,
        note="Інший роз’єм",
        author=CustomerFactory(given_name="Олена"),
        checked_at=datetime(2026, 11, 12, 9, 0, tzinfo=UTC),
    )
    allowed = FitmentFactory(modification=car, condition=under({"disc_mm": 288})).part
    FitCheckFactory(part=allowed, modification=car, fits=True, checked_at=datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
    answers = fits_for([refused, allowed], car)
    assert (answers[refused.pk].fit, answers[allowed.pk].fit) == (Fit.DOES_NOT_FIT, Fit.FITS)
    assert answers[refused.pk].source_text == "Перевірено 12.11.2026, Олена"
    assert answers[refused.pk].checked.note == "Інший роз’єм"
    assert answers[allowed.pk].source_text == "Перевірено 12.11.2026 нашим менеджером"
    assert answers[allowed.pk].ways == ()
    assert fit_of(refused, ModificationFactory()).fit == Fit.NOT_LISTED


def test_a_check_answers_for_a_part_that_no_source_lists(car):
    part = PartFactory()
    FitCheckFactory(part=part, modification=car, fits=True)
    assert fit_of(part, car).fit == Fit.FITS


def test_sales_are_told_and_do_not_change_the_answer(car):
    part = FitmentFactory().part
    FitSales.objects.create(part=part, modification=car, sold=12, returned=1)
    answer = fit_of(part, car)
    assert (answer.fit, answer.owners) == (Fit.NOT_LISTED, Owners(12, 1))
    assert answer.owners.text == "Для такого авто купили 12 разів, повернули: 1"
    assert Owners(1, 0).text == "Для такого авто купили 1 раз, не повернув ніхто"


def test_nobody_sends_back_more_than_was_sold(car):
    with pytest.raises(IntegrityError, match="fit_sales_returned_were_sold"), transaction.atomic():
        FitSales.objects.create(part=PartFactory(), modification=car, sold=1, returned=2)


def test_only_answers_against_the_part_ask_first(car):
    of_others = FitmentFactory().part
    refused = FitCheckFactory(modification=car, fits=False).part
    universal = PartFactory(category=CategoryFactory(fitment_kind=Category.FitmentKind.UNIVERSAL))
    parts = [of_others, refused, universal, PartFactory(), FitmentFactory(modification=car).part]
    answers = fits_for(parts, car)
    assert [answers[part.pk].needs_a_second_thought for part in parts] == [True, True, False, False, False]
