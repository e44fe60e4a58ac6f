import pytest

from shop.catalog.analogues import analogue_ids
from shop.catalog.models import CrossReference
from tests.factories import CatalogSourceFactory, CategoryFactory, MakeFactory, OeNumberFactory, PartFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pads():
    return CategoryFactory()


def found(part):
    return analogue_ids(part, list(part.oe_numbers.all()), list(part.cross_references.all()))


def test_the_same_number_of_the_same_make_in_the_same_category_is_an_analogue(pads):
    make = MakeFactory()
    part, same = PartFactory(category=pads), PartFactory(category=pads)
    other_make, other_category = PartFactory(category=pads), PartFactory()
    OeNumberFactory(part=part, make=make, number="5Q0 698 151")
    OeNumberFactory(part=same, make=make, number="5q0698151")
    OeNumberFactory(part=other_make, number="5Q0698151")
    OeNumberFactory(part=other_category, make=make, number="5Q0698151")
    assert found(part) == [same.pk]


def test_a_claim_of_either_side_makes_both_analogues(pads):
    part, replaced = PartFactory(category=pads), PartFactory(category=pads)
    CrossReference.objects.create(
        part=part, brand=replaced.brand, number=replaced.article_number, source=CatalogSourceFactory()
    )
    assert found(part) == [replaced.pk]
    assert found(replaced) == [part.pk]


def test_a_part_without_numbers_has_no_analogues(pads):
    PartFactory(category=pads)
    assert found(PartFactory(category=pads)) == []
