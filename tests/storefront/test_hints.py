import pytest
from django.urls import reverse

from shop.catalog.models import Barcode, BrandAlias
from shop.catalog.numbers import brand_key
from shop.lib.version import bump_catalogue_version
from tests.factories import BrandFactory, CategoryFactory, GenerationFactory, PartFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue():
    brand = BrandFactory(slug="bosch", name="Bosch")
    BrandAlias.objects.create(brand=brand, name="Bosch", key=brand_key("Bosch"))
    category = CategoryFactory(
        slug="brake-pads", name_uk="Гальмівні колодки", synonyms=["колодки", "тормозные колодки"]
    )
    part = PartFactory(brand=brand, category=category, article_number="0 986 494 001")
    GenerationFactory(
        model__name="Octavia", model__slug="octavia", model__make__slug="skoda", model__make__name="Skoda"
    )
    bump_catalogue_version()
    return part


def hinted(client, text):
    response = client.get(reverse("storefront:search_hints"), {"q": text})
    assert response.status_code == 200
    return {group.name: [hint.address for hint in group.hints] for group in response.context["groups"]}


@pytest.mark.parametrize("text", ["кол", "гальм", "колодки", "rjkjl", "kolod", "тормозн кол"])
def test_an_unfinished_word_offers_its_category(client, catalogue, text):
    assert hinted(client, text)["Категорії"] == ["/c/brake-pads/"]


def test_the_beginning_of_a_number_offers_parts(client, catalogue):
    assert hinted(client, "0 986-4")["Номери"] == ["/p/bosch/0986494001/"]


@pytest.mark.parametrize("text", ["bos", "бош"])
def test_brands_are_offered_by_spelling_and_by_sound(client, catalogue, text):
    assert hinted(client, text)["Бренди"] == ["/b/bosch/"]


@pytest.mark.parametrize("text", ["окта", "octav"])
def test_cars_are_offered_in_any_alphabet(client, catalogue, text):
    assert any(address.startswith("/cars/skoda/octavia/") for address in hinted(client, text)["Автомобілі"])


@pytest.mark.parametrize("text", ["", "a", "%_\\", "\x00", "я" * 5000, "🚗🚗", "' & | !", "((((", "\u202eкол"])
def test_whatever_is_typed_gets_rows_or_nothing(client, catalogue, text):
    assert sum(map(len, hinted(client, text).values())) <= 8


def test_the_field_says_where_its_rows_come_from(client, catalogue):
    page = client.get("/").content.decode()
    assert 'hx-get="/search/hints/"' in page
    assert 'role="listbox"' in page


def test_a_whole_barcode_offers_its_part(client, catalogue):
    Barcode.objects.create(part=catalogue, gtin=2000123456782)
    assert hinted(client, "2 000123 456782")["Номери"] == ["/p/bosch/0986494001/"]
