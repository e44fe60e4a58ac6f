import pytest
from django.urls import reverse

from shop.catalog.models import BrandAlias, CrossReference
from shop.catalog.numbers import brand_key
from shop.catalog.version import bump_catalogue_version
from shop.offers.shelf import refresh_shelf
from tests.factories import (
    BrandFactory,
    CatalogSourceFactory,
    CategoryFactory,
    FitmentFactory,
    MakeFactory,
    ModificationFactory,
    OeNumberFactory,
    OfferFactory,
    PartFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def filter_part():
    mann = BrandFactory(slug="mann-filter", name="MANN-FILTER")
    for name in ("MANN-FILTER", "Mann"):
        BrandAlias.objects.create(brand=mann, name=name, key=brand_key(name))
    category = CategoryFactory(slug="oil-filters", name_uk="Фільтри масляні", synonyms=["фильтр масляный", "масляник"])
    return PartFactory(brand=mann, category=category, article_number="W 712/75", name_uk="Фільтр масляний")


def found(client, text, **query):
    refresh_shelf()
    bump_catalogue_version()
    response = client.get(reverse("storefront:search"), {"q": text, **query})
    assert response.status_code == 200
    page = response.content.decode()
    return page, [piece.split('"')[0] for piece in page.split('data-part="')[1:]]


@pytest.mark.parametrize(
    "text", ["W 712/75", "w71275", "W-712-75", "  w 712 / 75 ", "W71275\t", "mann w 712/75", "W712/75 MANN", "W71"]
)
def test_a_number_is_found_in_any_spelling(client, filter_part, text):
    assert found(client, text)[1] == ["mann-filter/W71275"]


def test_look_alike_cyrillic_letters_are_the_latin_ones(client, filter_part):
    PartFactory(brand__slug="bosch", category=filter_part.category, article_number="OC 593")
    assert found(client, "ОС 593")[1] == ["bosch/OC593"]


def test_original_and_replaced_numbers_lead_to_the_part_after_the_article_itself(client, filter_part):
    OeNumberFactory(part=filter_part, make=MakeFactory(), number="04E 115 561")
    CrossReference.objects.create(
        part=filter_part, brand=BrandFactory(), number="F 026 407 143", source=CatalogSourceFactory()
    )
    PartFactory(brand__slug="bosch", category=filter_part.category, article_number="F 026 407 143")
    assert found(client, "04e115561")[1] == ["mann-filter/W71275"]
    assert found(client, "F026407143")[1] == ["bosch/F026407143", "mann-filter/W71275"]


@pytest.mark.parametrize("text", ["масляний фільтр", "фильтры масляные", "Фільтра масляного Mann", "масляник", "mann"])
def test_words_in_any_case_find_the_category_and_its_parts(client, filter_part, text):
    page, parts = found(client, text)
    assert parts == ["mann-filter/W71275"]
    if text != "mann":
        assert 'data-category="oil-filters" href="/c/oil-filters/"' in " ".join(page.split())


def test_a_brand_and_words_are_both_heeded(client, filter_part):
    PartFactory(brand__slug="bosch", category=filter_part.category)
    assert found(client, "масляний фільтр mann")[1] == ["mann-filter/W71275"]
    assert len(found(client, "масляний фільтр")[1]) == 2


def test_words_of_part_names_are_found_where_no_category_has_them(client, filter_part):
    filter_part.name_uk = "Фільтр масляний посилений"
    filter_part.save()
    PartFactory(category=filter_part.category)
    assert found(client, "посиленого фільтра")[1] == ["mann-filter/W71275"]


def test_words_nobody_knows_are_named_and_the_rest_is_shown(client, filter_part):
    page, parts = found(client, "масляний фільтр бульбулятор")
    assert parts == ["mann-filter/W71275"]
    assert "Не знайшли: бульбулятор" in page


def test_words_are_about_the_chosen_car_unless_it_has_none_of_these(client, filter_part):
    car = ModificationFactory()
    other = PartFactory(brand__slug="bosch", category=filter_part.category, article_number="F1")
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    page, parts = found(client, "масляний фільтр")
    assert (len(parts), "Показуємо для всіх авто" in page) == (2, True)
    FitmentFactory(part=other, modification=car)
    assert found(client, "масляний фільтр")[1] == ["bosch/F1"]
    assert len(found(client, "масляний фільтр", all_cars="1")[1]) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Пошук запчастин"),
        ("...---", "Введіть літери або цифри"),
        ("я" * 201, "Запит задовгий"),
        ("W" + "7" * 5000, "Запит задовгий"),
        ("хрупамзик", "Нічого не знайшли"),
        ("\x00\x01", "Пошук запчастин"),
        ("' OR 1=1 --", "Нічого не знайшли"),
        ("<script>alert(1)</script>", "Нічого не знайшли"),
        ("%%%W71275_", "W71275"),
        ("\\' & | ! ( ) :* <->", "Введіть літери або цифри"),
    ],
)
def test_hostile_and_empty_texts_get_a_friendly_page(client, filter_part, text, message):
    page, _parts = found(client, text)
    assert message in page
    assert "<script>alert" not in page


def test_nothing_found_is_no_dead_end(client, filter_part):
    page, parts = found(client, "хрупамзик буркотун")
    assert parts == []
    assert 'data-category="oil-filters"' in page
    assert "/about/contacts/" in page


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "1e9", "²"])
def test_a_wrong_page_shows_parts_all_the_same(client, filter_part, page):
    assert found(client, "масляник", page=page)[1] == ["mann-filter/W71275"]


@pytest.mark.parametrize(("text", "queries"), [("W712", 5), ("масляник", 4), ("посилений", 5)])
@pytest.mark.parametrize("rows", [1, 20])
def test_results_take_as_many_queries_whatever_their_number(
    client, filter_part, rows, text, queries, django_assert_num_queries
):
    for number in range(rows):
        OfferFactory(
            part__brand=filter_part.brand,
            part__category=filter_part.category,
            part__article_number=f"W712-A{number}",
            part__name_uk="Фільтр посилений",
        )
    found(client, "масляник")
    client.get("/search/", {"q": "щось"})
    with django_assert_num_queries(queries):
        client.get("/search/", {"q": text, "page": "1"})
