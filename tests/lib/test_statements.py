import pytest

from shop.catalog.models import Brand
from shop.lib.statements import Statement
from tests.factories.catalog import BrandFactory

pytestmark = pytest.mark.django_db


def test_one_statement_serves_any_number_of_values(django_assert_num_queries):
    brands = [BrandFactory(name=name) for name in ("Bosch", "TRW", "Sachs")]
    names = Statement(lambda ids: Brand.objects.filter(pk__any_of=ids).order_by("name").values_list("name"))

    with django_assert_num_queries(3):
        assert names(ids=[]) == []
        assert names(ids=[brands[0].pk]) == [("Bosch",)]
        assert names(ids=[brand.pk for brand in brands]) == [("Bosch",), ("Sachs",), ("TRW",)]


def test_values_of_other_kinds_stand_where_the_queryset_has_them():
    BrandFactory(name="Bosch")
    found = Statement(lambda name: Brand.objects.filter(name=name).values_list("name"))

    assert found(name="Bosch") == [("Bosch",)]
    assert found(name="' or true --") == []
