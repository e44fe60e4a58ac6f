from collections.abc import Callable

import pytest
from django.db import connection, transaction

from shop.catalog.loading.offered_numbers import NumbersAdded, add_offered_numbers, source_of_supplier
from shop.catalog.models import BrandAlias, CatalogSource, CrossReference, OeNumber
from shop.catalog.numbers import brand_key
from tests.factories import (
    BrandFactory,
    CategoryFactory,
    CrossReferenceFactory,
    MakeFactory,
    OeNumberFactory,
    PartFactory,
)

pytestmark = pytest.mark.django_db
type Add = Callable[..., NumbersAdded]


@pytest.fixture
def add() -> Add:
    def add(part: object, *, numbers: list[str] | None = None, crosses: list[str] | None = None) -> NumbersAdded:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS offered_numbers")
            cursor.execute("CREATE TEMP TABLE offered_numbers (part_id bigint, numbers text[], crosses text[])")
            cursor.execute("INSERT INTO offered_numbers VALUES (%s, %s, %s)", [part.pk, numbers, crosses])
            return add_offered_numbers(cursor, source_id=source_of_supplier("omega", "Омега"))

    return add


def _brand(name: str) -> object:
    brand = BrandFactory.create(name=name)
    BrandAlias.objects.create(brand=brand, name=name, key=brand_key(name))
    return brand


def test_numbers_that_name_their_owner_are_added_with_the_supplier_as_source(add: Add) -> None:
    part, make, maxgear = PartFactory.create(), MakeFactory.create(name="Volkswagen", aliases=["VW"]), _brand("Maxgear")
    assert add(part, numbers=["VW 1K0 615 301 AA"], crosses=["MAXGEAR 90-8939", "VW 1K0 615 302"]) == NumbersAdded(2, 1)
    assert {*OeNumber.objects.values_list("part", "make", "number", "search_key")} == {
        (part.pk, make.pk, "1K0 615 301 AA", "1K0615301AA"),
        (part.pk, make.pk, "1K0 615 302", "1K0615302"),
    }
    claim = CrossReference.objects.get()
    assert (claim.part, claim.brand, claim.number, claim.search_key) == (part, maxgear, "90-8939", "908939")
    assert claim.source == CatalogSource.objects.get(code="supplier-omega", name_uk="Омега")


def test_the_same_list_adds_nothing_the_second_time(add: Add) -> None:
    part = PartFactory.create()
    MakeFactory.create(name="Volkswagen")
    _brand("Maxgear")
    first = add(part, numbers=["Volkswagen 1K0615301AA"], crosses=["Maxgear 90-8939"])
    assert (first, add(part, numbers=["Volkswagen 1K0615301AA"], crosses=["Maxgear 90-8939"])) == (
        NumbersAdded(1, 1),
        NumbersAdded(),
    )


def test_a_bare_original_takes_the_makers_known_for_the_same_work_only(add: Add) -> None:
    brakes, filters = CategoryFactory.create(), CategoryFactory.create()
    known = OeNumberFactory.create(part__category=brakes, number="1K0 615 301 AA")
    same, other = PartFactory.create(category=brakes), PartFactory.create(category=filters)
    assert add(same, numbers=["1K0615301AA", "99999999"]) == NumbersAdded(1, 0, 1)
    assert OeNumber.objects.get(part=same).make == known.make
    assert add(other, numbers=["1K0615301AA"]) == NumbersAdded(0, 0, 1)


def test_a_bare_cross_is_taken_where_one_part_alone_has_the_number(add: Add) -> None:
    brakes = CategoryFactory.create()
    part, other = PartFactory.create(category=brakes), PartFactory.create(category=brakes, article_number="GDB 1550")
    assert add(part, crosses=["GDB1550"]) == NumbersAdded(0, 1)
    assert CrossReference.objects.get().brand == other.brand
    PartFactory.create(category=brakes, article_number="GDB-1550")
    third = PartFactory.create(category=brakes)
    assert add(third, crosses=["GDB1550"]) == NumbersAdded(0, 0, 1)


def test_nothing_is_added_against_the_word_of_our_staff_nor_for_a_part_itself(add: Add) -> None:
    trw = _brand("TRW")
    part = PartFactory.create(brand=trw, article_number="GDB1550")
    CrossReferenceFactory.create(part=part, brand=trw, number="GDB1551", kind=CrossReference.Kind.DIFFERS)
    assert add(part, crosses=["TRW GDB1551", "TRW GDB 1550"]) == NumbersAdded()


def test_words_that_are_no_number_are_left_out(add: Add) -> None:
    assert add(PartFactory.create(), numbers=["немає", "-", "1"], crosses=["див. опис"]) == NumbersAdded()
