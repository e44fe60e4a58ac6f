import pytest
from django.urls import reverse

from orders.models import BasketLine
from shop.catalog.models import Barcode, CrossReference
from shop.catalog.number_list import State, answers, read_lines
from shop.offers.shelf import refresh_shelf
from tests.factories import (
    BrandFactory,
    CatalogSourceFactory,
    CategoryFactory,
    FitmentFactory,
    ModificationFactory,
    PartFactory,
    own_offer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts():
    mann = BrandFactory(slug="mann", name="MANN")
    category = CategoryFactory()
    first = PartFactory(brand=mann, category=category, article_number="W 712/75")
    second = PartFactory(brand__slug="bosch", category=category, article_number="OC 593")
    for part in (first, second):
        own_offer(part=part, pieces=9)
    CrossReference.objects.create(part=second, brand=mann, number="C 25 024", source=CatalogSourceFactory())
    refresh_shelf()
    return first, second


def reviewed(client, text):
    response = client.post(reverse("storefront:number_list"), {"list": text})
    assert response.status_code == 200
    return response.content.decode(), response.context["lines"]


def test_each_line_is_found_replaced_unclear_or_unknown(client, parts):
    PartFactory(brand__slug="knecht", category=parts[0].category, article_number="OC593")
    _page, lines = reviewed(client, "W 712/75 x2\nC25024 - 3 шт\nOC593\nZZ-99999; 4\nпривіт")
    assert [(line.state, line.line.quantity) for line in lines] == [
        ("found", 2),
        ("analogue", 3),
        ("unclear", 1),
        ("unknown", 4),
    ]
    assert [sum(choice.is_chosen for choice in line.choices) for line in lines] == [1, 1, 0, 0]


def test_what_is_not_listed_for_the_chosen_car_is_not_taken_by_itself(client, parts):
    car = ModificationFactory()
    FitmentFactory(part=parts[0], modification=car)
    FitmentFactory(part=parts[1])
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    page, lines = reviewed(client, "W 712/75\nOC 593")
    assert [[choice.is_chosen for choice in line.choices] for line in lines] == [[True], [False]]
    assert "Вашого авто немає в переліку" in page


def test_what_is_chosen_goes_into_the_basket_by_one_press(client, parts):
    _page, lines = reviewed(client, "W712/75\t2\nОС 593 3шт")
    chosen = [(line, choice) for line in lines for choice in line.choices if choice.is_chosen]
    sent = {f"pick-{line.place}": choice.pick for line, choice in chosen}
    sent |= {f"quantity-{line.place}": line.line.quantity for line, _choice in chosen}
    response = client.post(reverse("orders:basket_list"), sent | {"pick-3": "999999.1", "quantity-3": "1"}, follow=True)
    lines = BasketLine.objects.order_by("id")
    assert [(line.part, line.quantity) for line in lines] == [(parts[0], 2), (parts[1], 3)]
    page = response.content.decode()
    assert "У кошик додано 2 позицій" in page or "У кошик додано 2 позиції" in page
    assert "1 позицію не додано" in page


def test_a_pasted_barcode_is_the_part_itself(parts):
    Barcode.objects.create(part=parts[0], gtin=2000123456782)
    lines, _left = read_lines("2000123456782 2\n02000123456782 3\n12345670 1")
    assert [(answer.state, answer.ids) for answer in answers(lines)] == [
        (State.FOUND, [parts[0].pk]),
        (State.FOUND, [parts[0].pk]),
        (State.UNKNOWN, []),
    ]


def test_a_list_that_is_too_long_says_so(client, parts):
    page, lines = reviewed(client, "\n".join(f"W 712/75 x{n % 5 + 1}" for n in range(130)))
    assert len(lines) == 100
    assert "ще 30 " in page


@pytest.mark.parametrize("text", ["", "   ", "слова без чисел", "\x00\x00", "%_\\ '; --", "x" * 20_000, "1\n" * 5000])
def test_odd_lists_get_a_page_with_a_message(client, parts, text):
    page, _lines = reviewed(client, text)
    assert "<textarea" in page


def test_nothing_chosen_adds_nothing(client, parts):
    response = client.post(reverse("orders:basket_list"), {"pick-1": "", "pick-2": "x.y"}, follow=True)
    assert not BasketLine.objects.exists()
    assert response.status_code == 200


@pytest.mark.parametrize("rows", [1, 20])
def test_a_review_takes_as_many_queries_whatever_its_length(client, parts, rows, django_assert_max_num_queries):
    reviewed(client, "W71275")
    with django_assert_max_num_queries(9):
        reviewed(client, "\n".join(["W71275", "OC593"] * rows))
