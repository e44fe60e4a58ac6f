from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from shop.catalog.models import Category, FitmentCondition
from shop.lib.version import bump_catalogue_version
from shop.offers.shelf import refresh_shelf
from tests.factories import (
    BrandFactory,
    CategoryFactory,
    FitmentFactory,
    ModificationFactory,
    OfferFactory,
    PartFactory,
    own_offer,
)

pytestmark = pytest.mark.django_db
# A Tuesday noon in Kyiv.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def pads():
    return CategoryFactory(slug="brake-pads", name_uk="Колодки гальмівні")


def choose(client, car):
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})


def page_of(client, category, **query):
    refresh_shelf()
    bump_catalogue_version()
    response = client.get(reverse("storefront:category", args=[category.slug]), query)
    assert response.status_code == 200
    return response.content.decode()


def parts_on(page):
    return [piece.split('"')[0] for piece in page.split('data-part="')[1:]]


def test_a_category_with_branches_shows_doors_to_them_and_beyond(client):
    root = CategoryFactory(slug="brakes", name_uk="Гальма")
    child = CategoryFactory(slug="disc-brakes", name_uk="Дискові гальма", parent=root)
    CategoryFactory(slug="discs", name_uk="Диски", parent=child)
    page = page_of(client, root)
    assert 'href="/c/disc-brakes/"' in page
    assert 'href="/c/discs/"' in page


def test_an_inactive_category_and_what_is_under_it_is_not_found(client):
    root = CategoryFactory(slug="brakes", is_active=False)
    CategoryFactory(slug="discs", parent=root)
    assert client.get("/c/brakes/").status_code == 404
    assert client.get("/c/discs/").status_code == 404


def test_a_row_says_price_arrival_and_pieces_of_the_offer_it_adds(client, pads):
    part = PartFactory(category=pads, brand__name="ATE", brand__slug="ate", article_number="13.0460-2782")
    offer = own_offer(part=part, price=Decimal("1480.00"), pieces=3)
    page = page_of(client, pads)
    assert parts_on(page) == ["ate/13046027 82".replace(" ", "")]
    assert "1\u00a0480\u00a0₴" in page
    assert "сьогодні" in page
    assert "3 шт." in page
    assert f'name="warehouse" value="{offer.warehouse_id}"' in page


def test_lists_are_sorted_by_arrival_then_price_unless_asked_otherwise(client, pads):
    for key, lead_days, price in (("A1", 3, "10.00"), ("B2", 1, "30.00"), ("C3", 1, "20.00")):
        part = PartFactory(category=pads, brand__slug=f"brand-of-{key.lower()}", article_number=key)
        OfferFactory(part=part, price=Decimal(price), lead_days=lead_days)
    PartFactory(category=pads, brand__slug="nobody", article_number="D4")
    keys = [part.split("/")[1] for part in parts_on(page_of(client, pads))]
    assert keys == ["C3", "B2", "A1", "D4"]
    assert [part.split("/")[1] for part in parts_on(page_of(client, pads, sort="cheapest"))] == ["A1", "C3", "B2", "D4"]
    assert [part.split("/")[1] for part in parts_on(page_of(client, pads, sort="dearest"))] == ["B2", "C3", "A1", "D4"]


def test_filters_by_brand_price_and_stock_leave_what_was_asked_for(client, pads):
    ate, trw = BrandFactory(slug="ate", name="ATE"), BrandFactory(slug="trw", name="TRW")
    OfferFactory(part=PartFactory(category=pads, brand=ate, article_number="A1"), price=Decimal("100.00"))
    OfferFactory(part=PartFactory(category=pads, brand=ate, article_number="A2"), price=Decimal("300.00"))
    PartFactory(category=pads, brand=trw, article_number="T1")
    assert parts_on(page_of(client, pads, brand="trw")) == ["trw/T1"]
    assert parts_on(page_of(client, pads, price_from="150,5")) == ["ate/A2"]
    assert parts_on(page_of(client, pads, price_to="150")) == ["ate/A1"]
    assert parts_on(page_of(client, pads, in_stock="1")) == ["ate/A1", "ate/A2"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"price_from": "дорого"}, "Ціна — це число, наприклад 450."),
        ({"price_from": "NaN"}, "Ціна — це число, наприклад 450."),
        ({"price_to": "-5"}, "Ціна не може бути від’ємною."),
        ({"price_to": "1e400"}, "Такої великої ціни не буває."),
        ({"price_from": "9", "price_to": "5"}, "«Від» більше за «до»: поміняйте їх місцями."),
        ({"brand": "<script>"}, "Такого бренда в нас немає."),
        ({"sort": "'; DROP TABLE"}, "Такого впорядкування немає."),
        ({"page": "0"}, "Такої сторінки немає, ось перша."),
        ({"page": "x" * 300}, "Такої сторінки немає, ось перша."),
    ],
)
def test_a_wrong_filter_gets_its_message_and_the_page_stays_useful(client, pads, query, message):
    PartFactory(category=pads)
    page = page_of(client, pads, **query)
    assert message in page
    assert "<script>" not in page.replace('<script type="module"', "")
    if "price_to" not in query or "price_from" not in query:
        assert len(parts_on(page)) == 1


def test_a_page_past_the_end_is_the_last_one(client, pads):
    PartFactory.create_batch(21, category=pads, brand=BrandFactory())
    page = page_of(client, pads, page="9")
    assert len(parts_on(page)) == 1
    assert 'rel="prev"' in page
    assert 'rel="next"' not in page


def test_with_a_car_only_its_parts_are_shown_and_one_press_shows_all(client, pads):
    car = ModificationFactory()
    fitting = FitmentFactory(part__category=pads, modification=car).part
    condition = FitmentCondition.objects.create(rules={"brake_system": "TRW"})
    FitmentFactory(part__category=pads, modification=car, condition=condition)
    PartFactory(category=pads)
    choose(client, car)
    page = page_of(client, pads)
    assert len(parts_on(page)) == 2
    assert f"{fitting.brand.slug}/{fitting.article_key}" in parts_on(page)
    assert "Підходить" in page
    assert "гальмівна система TRW" in page
    assert len(parts_on(page_of(client, pads, all_cars="1"))) == 3


def test_a_universal_category_is_not_cut_down_to_the_car(client):
    oils = CategoryFactory(slug="oils", fitment_kind=Category.FitmentKind.UNIVERSAL)
    PartFactory(category=oils)
    choose(client, ModificationFactory())
    page = page_of(client, oils)
    assert len(parts_on(page)) == 1


def test_an_empty_list_says_why_and_offers_ways_out(client, pads):
    part = PartFactory(category=pads)
    page = page_of(client, pads, in_stock="1")
    assert "За цими фільтрами нічого немає" in page
    choose(client, ModificationFactory())
    page = page_of(client, pads)
    assert "деталей не знайшли" in page
    assert "Показати для всіх авто" in page
    part.is_active = False
    part.save()
    assert "Тут поки порожньо" in page_of(client, pads, all_cars="1")


def test_htmx_gets_the_list_alone(client, pads):
    PartFactory(category=pads)
    refresh_shelf()
    response = client.get("/c/brake-pads/", headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert len(parts_on(response.content.decode())) == 1
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize("rows", [1, 20])
def test_a_list_takes_as_many_queries_whatever_its_length(client, pads, rows, django_assert_num_queries):
    car = ModificationFactory()
    brand = BrandFactory()
    for part in PartFactory.create_batch(rows, category=pads, brand=brand):
        OfferFactory(part=part)
        FitmentFactory(part=part, modification=car)
    choose(client, car)
    page_of(client, pads)
    refresh_shelf()
    client.get("/c/brake-pads/", {"sort": "dearest"})
    # Parts listed for the car, their rows, fitments, offers, values; the index is in memory.
    with django_assert_num_queries(5):
        assert len(parts_on(client.get("/c/brake-pads/", {"in_stock": "1"}).content.decode())) == rows
