import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.catalog.covered import _COVERED, covered_categories, parts_by_category
from tests.factories import CategoryFactory, FitmentFactory, ModificationFactory, PartFactory

pytestmark = pytest.mark.django_db


def test_categories_with_an_active_part_for_any_of_the_cars_are_covered(django_assert_num_queries):
    pads, discs, wipers, lamps = (CategoryFactory() for _ in range(4))
    first, second, other = (ModificationFactory() for _ in range(3))
    FitmentFactory(part=PartFactory(category=pads), modification=first)
    FitmentFactory(part=PartFactory(category=discs), modification=second)
    FitmentFactory(part=PartFactory(category=wipers), modification=other)
    FitmentFactory(part=PartFactory(category=lamps, is_active=False), modification=first)
    with django_assert_num_queries(1):
        assert covered_categories([first.pk, second.pk]) == {pads.pk, discs.pk}


def test_without_cars_nothing_is_covered_and_nothing_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert covered_categories([]) == set()


def test_the_big_tables_are_read_by_their_indexes():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {_COVERED}", [[1, 2, 3]])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "fitment_car_category" in plan
    assert "Seq Scan on catalog_fitment" not in plan
    assert "Seq Scan on catalog_part" not in plan


def test_parts_of_a_car_are_counted_once_each_and_without_those_taken_off(django_assert_num_queries):
    pads, discs = CategoryFactory(), CategoryFactory()
    car = ModificationFactory()
    twice = PartFactory(category=pads)
    for part in (twice, twice, PartFactory(category=pads), PartFactory(category=discs, is_active=False)):
        FitmentFactory(part=part, modification=car)
    FitmentFactory(part=PartFactory(category=discs))
    with django_assert_num_queries(1):
        assert parts_by_category(car.pk) == {pads.pk: 2}


def test_counting_the_parts_of_a_car_reads_no_part():
    with CaptureQueriesContext(connection) as captured:
        parts_by_category(1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {captured.captured_queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "fitment_car_category" in plan
    assert "part_inactive" in plan
    assert "Seq Scan" not in plan
