import pytest
from django.urls import reverse

from tests.factories import CategoryFactory, FitmentFactory, MakeFactory, ModificationFactory, PartFactory

pytestmark = pytest.mark.django_db


def choose(client, car):
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})


def test_home_offers_popular_makes_in_their_order_and_leaves_out_the_rest(client):
    MakeFactory(name="Skoda", slug="skoda", position=2)
    MakeFactory(name="Volkswagen", slug="volkswagen", position=1)
    MakeFactory(name="Lancia", slug="lancia")
    MakeFactory(name="Daewoo", slug="daewoo", position=3, is_active=False)
    page = client.get("/").text
    assert page.index("/cars/volkswagen/") < page.index("/cars/skoda/")
    assert "/cars/lancia/" not in page
    assert "/cars/daewoo/" not in page


def test_home_shows_each_root_with_its_second_level(client):
    brakes = CategoryFactory(slug="brakes", name_uk="Гальмівна система")
    pads = CategoryFactory(slug="brake-pads", name_uk="Гальмівні колодки", parent=brakes)
    CategoryFactory(slug="brake-pads-front", name_uk="Колодки дискові передні", parent=pads)
    page = client.get("/").text
    assert 'href="/c/brakes/"' in page
    assert 'href="/c/brake-pads/"' in page
    assert "Колодки дискові передні" not in page
    assert "parts.svg#brake-disc" in page


def test_home_for_a_car_keeps_only_categories_with_parts_for_it_and_counts_them(client):
    brakes = CategoryFactory(slug="brakes")
    pads = CategoryFactory(slug="brake-pads-front", parent=brakes)
    CategoryFactory(slug="engine")
    car = ModificationFactory()
    part = PartFactory(category=pads)
    FitmentFactory(part=part, modification=car, position=1)
    FitmentFactory(part=part, modification=car, position=2)
    FitmentFactory(part=PartFactory(category=pads, article_number="X 2"), modification=car)
    FitmentFactory(part=PartFactory(category=pads, article_number="X 3", is_active=False), modification=car)
    choose(client, car)
    page = client.get("/").text
    assert '<a href="/c/brake-pads-front/">' in page
    assert '<span class="department__count">2</span>' in page
    assert "/c/engine/" not in page


@pytest.mark.parametrize("rows", [1, 20])
def test_home_asks_as_many_questions_for_one_make_as_for_twenty(client, rows, django_assert_max_num_queries):
    for place in range(rows):
        MakeFactory(position=place)
        CategoryFactory()
    with django_assert_max_num_queries(10):
        client.get("/")
