from decimal import Decimal

import pytest
from django.urls import reverse

from shop.catalog.models import Attribute, AttributeValue
from shop.lib.version import bump_catalogue_version
from tests.factories import (
    BrandFactory,
    CategoryFactory,
    FitmentFactory,
    ModificationFactory,
    PartFactory,
    own_offer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def discs():
    category = CategoryFactory()
    attributes = [
        Attribute.objects.create(category=category, code=code, name_uk=name, unit="mm", kind="number", position=place)
        for place, (code, name) in enumerate([("diameter", "Діаметр"), ("thickness", "Товщина")])
    ]
    parts = []
    for number, thickness in (("A-1", 22), ("B 2", 25)):
        part = PartFactory(brand=BrandFactory(slug=f"maker-{thickness}"), category=category, article_number=number)
        for attribute, value in zip(attributes, (288, thickness), strict=True):
            AttributeValue.objects.create(part=part, attribute=attribute, number=value)
        parts.append(part)
    return parts


def page_of(client, *named):
    bump_catalogue_version()
    response = client.get(reverse("storefront:compare"), {"part": named})
    assert response.status_code == 200
    return response.content.decode()


def test_two_parts_stand_side_by_side_and_what_differs_is_marked(client, discs):
    own_offer(part=discs[0], price=Decimal("320.00"))
    FitmentFactory(part=discs[0], modification=(car := ModificationFactory()))
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    page = page_of(client, "maker-22/A1", "maker-25/b-2")
    assert page.count('class="compare__part"') == 2
    assert "320\u00a0₴" in page
    assert "fit--fits" in page
    same, differs = page.split("Товщина")
    assert 'class="compare__line--same"' in same.rpartition("Діаметр")[0][-80:]
    assert 'class="compare__line--differs"' in same[-80:]
    assert "22\u00a0мм" in differs
    assert 'href="?part=maker-25%2Fb-2"' in page


@pytest.mark.parametrize("named", [(), ("nobody/1",), ("maker-22",), ("maker-22/%00",), ("'--/x",), ("/",)])
def test_nothing_to_compare_says_how_to_begin(client, discs, named):
    assert "Порівнювати поки нічого" in page_of(client, *named)


def test_a_fifth_part_is_left_out_and_said_so(client, discs):
    brand = BrandFactory(slug="maker")
    parts = PartFactory.create_batch(5, brand=brand, category=discs[0].category)
    page = page_of(client, *[f"maker/{part.article_key}" for part in parts])
    assert page.count('class="compare__part"') == 4
    assert "щонайбільше 4 деталі" in page


def test_four_parts_cost_as_many_queries_as_two(client, discs, django_assert_max_num_queries):
    brand = BrandFactory(slug="maker")
    parts = PartFactory.create_batch(4, brand=brand, category=discs[0].category)
    named = [f"maker/{part.article_key}" for part in parts]
    page_of(client, *named)
    bump_catalogue_version()
    page_of(client, named[0])
    for some in (named[:2], named):
        with django_assert_max_num_queries(5):
            client.get(reverse("storefront:compare"), {"part": some})
