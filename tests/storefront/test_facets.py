import re
from decimal import Decimal
from itertools import count

import pytest
from django.urls import reverse

from shop.catalog.models import Attribute, AttributeChoice, AttributeValue, Fitment
from shop.lib.version import bump_catalogue_version
from shop.offers.shelf import refresh_shelf
from tests.factories import (
    BrandFactory,
    CategoryFactory,
    FitmentFactory,
    ModificationFactory,
    OfferFactory,
    PartFactory,
)

pytestmark = pytest.mark.django_db
_number = count(1)


@pytest.fixture
def filters():
    return CategoryFactory(slug="oil-filters", name_uk="Фільтри оливи")


@pytest.fixture
def thread(filters):
    return Attribute.objects.create(category=filters, code="thread", name_uk="Різь", kind="choice", position=1)


@pytest.fixture
def height(filters):
    return Attribute.objects.create(
        category=filters, code="height", name_uk="Висота", unit="mm", kind="number", position=2
    )


@pytest.fixture
def valve(filters):
    return Attribute.objects.create(category=filters, code="valve", name_uk="Клапан", kind="bool", position=3)


def make_part(category, brand, **values):
    part = PartFactory(category=category, brand=brand, article_number=f"F{next(_number)}")
    for attribute, value in values.pop("values", {}).items():
        if attribute.kind == Attribute.Kind.CHOICE:
            choice, _made = AttributeChoice.objects.get_or_create(attribute=attribute, name_uk=value)
            AttributeValue.objects.create(part=part, attribute=attribute, choice=choice)
        else:
            AttributeValue.objects.create(part=part, attribute=attribute, number=Decimal(value))
    OfferFactory(part=part, **values)
    return part


def page_of(client, path="/c/oil-filters/", **query):
    refresh_shelf()
    bump_catalogue_version()
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def parts_on(page):
    return [piece.split('"')[0].split("/")[1] for piece in page.split('data-part="')[1:]]


def counts(page, name):
    """Value and number of each choice of a filter, as the page shows them."""
    found = re.findall(
        rf'name="{name}" value="([^"]*)"(?: checked)?> <span>[^<]* <span class="muted small">(\d+)</span>', page
    )
    return {value: int(number) for value, number in found}


def test_numbers_beside_values_count_all_other_filters(client, filters, thread):
    mann, bosch = BrandFactory(slug="mann"), BrandFactory(slug="bosch")
    for brand, value in ((mann, "M20"), (mann, "M22"), (bosch, "M20")):
        make_part(filters, brand, values={thread: value})
    m20, m22 = AttributeChoice.objects.order_by("name_uk").values_list("pk", flat=True)

    assert counts(page_of(client), "brand") == {"mann": 2, "bosch": 1}
    assert counts(page_of(client), "a_thread") == {str(m20): 2, str(m22): 1}
    # A value of the same filter does not stand in the way; one of another does.
    pressed = page_of(client, brand="bosch")
    assert counts(pressed, "brand") == {"mann": 2, "bosch": 1}
    assert counts(pressed, "a_thread") == {str(m20): 1}
    assert len(parts_on(page_of(client, brand="mann", a_thread=str(m20)))) == 1
    assert len(parts_on(page_of(client, a_thread=[str(m20), str(m22)]))) == 3


def test_numbers_are_filtered_by_their_ends(client, filters, height):
    brand = BrandFactory()
    low, middle, high = (make_part(filters, brand, values={height: value}) for value in ("60", "76.5", "120"))

    page = page_of(client)
    assert 'placeholder="60"' in page
    assert 'placeholder="120"' in page
    assert parts_on(page_of(client, a_height_from="60,5", a_height_to="76,5")) == [middle.article_key]
    assert set(parts_on(page_of(client, a_height_from="76.5"))) == {middle.article_key, high.article_key}
    assert parts_on(page_of(client, a_height_to="75")) == [low.article_key]
    assert "Висота від 76,5\u00a0мм" in page_of(client, a_height_from="76.5")


def test_yes_is_a_value_of_its_own(client, filters, valve):
    brand = BrandFactory()
    with_valve = make_part(filters, brand, values={valve: 1})
    make_part(filters, brand, values={valve: 0})

    assert counts(page_of(client), "a_valve") == {"1": 1}
    assert parts_on(page_of(client, a_valve="1")) == [with_valve.article_key]
    assert "Клапан: так" in page_of(client, a_valve="1")


def test_arrival_leaves_what_is_sent_in_time(client, filters):
    brand = BrandFactory()
    today, later, late = (make_part(filters, brand, lead_days=days) for days in (0, 2, 9))

    assert counts(page_of(client), "arrival") == {"": 3, "0": 1, "2": 2}
    assert parts_on(page_of(client, arrival="0")) == [today.article_key]
    assert parts_on(page_of(client, arrival="2")) == [today.article_key, later.article_key]
    assert late.article_key in parts_on(page_of(client))


def test_places_on_the_car_are_offered_where_they_tell_parts_apart(client, filters):
    car, brand = ModificationFactory(), BrandFactory()
    front, rear = make_part(filters, brand), make_part(filters, brand)
    FitmentFactory(part=front, modification=car, position=Fitment.Position.FRONT_LEFT)
    FitmentFactory(part=rear, modification=car, position=Fitment.Position.REAR)
    assert counts(page_of(client), "place") == {}

    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    assert counts(page_of(client), "place") == {"front": 1, "rear": 1, "left": 1}
    assert parts_on(page_of(client, place="rear")) == [rear.article_key]


def test_a_chip_takes_one_filter_away(client, filters, thread):
    make_part(filters, BrandFactory(slug="mann", name="MANN"), values={thread: "M20"})
    choice = AttributeChoice.objects.get().pk
    page = page_of(client, brand="mann", a_thread=str(choice), page="1")

    assert re.search(rf'class="tag"\s+href="\?a_thread={choice}"', page)
    assert re.search(r'class="tag"\s+href="\?brand=mann"', page)
    assert "Різь: M20" in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"a_thread": "999999"}, "Такого значення немає."),
        ({"a_thread": "x" * 400}, "Такого значення немає."),
        ({"a_height_from": "високий"}, "Потрібне число, наприклад 76."),
        ({"a_height_from": "-1"}, "Число не може бути від’ємним."),
        ({"a_height_to": "Infinity"}, "Такого великого числа тут не буває."),
        ({"a_height_from": "1.23456"}, "Не більше трьох знаків після коми."),
        ({"a_height_from": "9", "a_height_to": "5"}, "«Від» більше за «до»: поміняйте їх місцями."),
        ({"arrival": "'--"}, "Такого строку немає."),
        ({"place": "roof"}, "Такого місця на авто немає."),
        ({"category": "nothing"}, "Такої категорії немає."),
    ],
)
def test_a_wrong_value_gets_its_message_and_the_list_stays(client, filters, thread, height, query, message):
    make_part(filters, BrandFactory(), values={thread: "M20", height: "70"})
    page = page_of(client, **query)

    assert message in page
    if "a_height_to" not in query or "a_height_from" not in query:
        assert len(parts_on(page)) == 1


def test_the_last_page_of_a_long_list_holds_what_is_left(client, filters):
    brand = BrandFactory()
    parts = PartFactory.create_batch(45, category=filters, brand=brand)
    for part in parts[:30]:
        OfferFactory(part=part)

    for sort in ("soonest", "cheapest", "dearest"):
        seen = [key for page in "123" for key in parts_on(page_of(client, sort=sort, page=page))]
        assert sorted(seen) == sorted(part.article_key for part in parts)
        assert set(seen[:30]) == {part.article_key for part in parts[:30]}


def test_a_brand_shows_its_parts_by_category(client, filters):
    brakes = CategoryFactory(slug="brake-discs", name_uk="Диски")
    mann = BrandFactory(slug="mann", name="MANN")
    oil, disc = make_part(filters, mann), make_part(brakes, mann)
    make_part(filters, BrandFactory(slug="bosch"))

    page = page_of(client, "/b/mann/")
    assert set(parts_on(page)) == {oil.article_key, disc.article_key}
    assert counts(page, "category") == {"oil-filters": 1, "brake-discs": 1}
    assert parts_on(page_of(client, "/b/mann/", category="brake-discs")) == [disc.article_key]
    assert client.get("/b/nobody/").status_code == 404
    assert 'href="/b/mann/"' in page_of(client, "/b/")


def test_with_a_car_a_brand_shows_what_fits_and_what_belongs_to_no_car(client, filters):
    oils = CategoryFactory(slug="oils", fitment_kind="universal")
    mann, car = BrandFactory(slug="mann"), ModificationFactory()
    fitting, other, oil = make_part(filters, mann), make_part(filters, mann), make_part(oils, mann)
    FitmentFactory(part=fitting, modification=car)
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})

    assert set(parts_on(page_of(client, "/b/mann/"))) == {fitting.article_key, oil.article_key}
    assert other.article_key in parts_on(page_of(client, "/b/mann/", all_cars="1"))


@pytest.mark.parametrize("rows", [1, 20])
def test_a_list_of_a_brand_takes_as_many_queries_whatever_its_length(client, filters, rows, django_assert_num_queries):
    mann, car = BrandFactory(slug="mann"), ModificationFactory()
    for _row in range(rows):
        FitmentFactory(part=make_part(filters, mann), modification=car)
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    page_of(client, "/b/mann/")
    with django_assert_num_queries(5):
        assert len(parts_on(client.get("/b/mann/", {"in_stock": "1"}).content.decode())) == rows
