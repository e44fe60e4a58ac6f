import pytest

from shop.catalog.analogues import chain_of, related_parts, successors_of
from shop.catalog.claims import numbers_of
from shop.catalog.models import CrossReference
from tests.factories import (
    BrandFactory,
    CatalogSourceFactory,
    CategoryFactory,
    CrossReferenceFactory,
    MakeFactory,
    OeNumberFactory,
    PartFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pads():
    return CategoryFactory()


def found(part):
    return related_parts(part, numbers_of(part.pk)).analogues


def superseding(new, old):
    return CrossReferenceFactory(part=new, other=old, kind=CrossReference.Kind.SUPERSEDES)


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


def test_two_parts_that_replace_one_number_are_analogues_and_no_further_step_is_made(pads):
    part, other, third = PartFactory.create_batch(3, category=pads)
    brand = BrandFactory()
    CrossReferenceFactory(part=part, brand=brand, number="A 1")
    CrossReferenceFactory(part=other, brand=brand, number="A-1")
    CrossReferenceFactory(part=other, brand=brand, number="B 2")
    CrossReferenceFactory(part=third, brand=brand, number="B 2")
    assert found(part) == [other.pk]


def test_the_same_number_of_another_brand_joins_nothing(pads):
    part, other = PartFactory.create_batch(2, category=pads)
    CrossReferenceFactory(part=part, brand=BrandFactory(), number="A 1")
    CrossReferenceFactory(part=other, brand=BrandFactory(), number="A 1")
    assert found(part) == []


def test_what_staff_say_differs_is_no_analogue_on_either_page(pads):
    make = MakeFactory()
    part, other = PartFactory.create_batch(2, category=pads)
    for each in (part, other):
        OeNumberFactory(part=each, make=make, number="5Q0698151")
    assert found(part) == [other.pk]
    CrossReferenceFactory(part=part, other=other, kind=CrossReference.Kind.DIFFERS)
    assert found(part) == []
    assert found(other) == []


def test_a_chain_of_successors_is_followed_to_its_end_and_a_circle_ends(pads):
    first, second, third = PartFactory.create_batch(3, category=pads)
    superseding(second, first)
    superseding(third, second)
    related = related_parts(first, numbers_of(first.pk))
    assert (related.successors, related.analogues) == ([second.pk], [])
    assert chain_of(first, related.successors) == [second.pk, third.pk]
    superseding(first, third)
    assert chain_of(first, related.successors) == [second.pk, third.pk]
    assert related_parts(second, numbers_of(second.pk)).predecessors == [first.pk]
    numbers = {part.pk: (part.brand_id, part.article_number) for part in (first, second)}
    assert successors_of(numbers) == {first.pk: [second.pk], second.pk: [third.pk]}


def test_related_parts_take_one_query(pads, django_assert_num_queries):
    part = PartFactory(category=pads)
    OeNumberFactory(part=part)
    for kind in CrossReference.Kind:
        CrossReferenceFactory(part=part, kind=kind)
    claims = numbers_of(part.pk)
    with django_assert_num_queries(1):
        related_parts(part, claims)
