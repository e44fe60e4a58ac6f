import pytest
from django.db import connection
from django.urls import reverse

from shop.catalog.models import Barcode, BrandAlias, CrossReference
from shop.catalog.numbers import brand_key
from shop.catalog.search import by_number
from shop.lib.version import bump_catalogue_version
from shop.offers.shelf import refresh_shelf
from tests.factories import (
    BrandFactory,
    CatalogSourceFactory,
    CategoryFactory,
    CrossReferenceFactory,
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


@pytest.mark.parametrize(
    "text", ["2000123456782", "2 000123 456782", "2000-12345-678-2", "02000123456782", "2000123456782\t"]
)
def test_a_barcode_is_found_in_any_spelling(client, filter_part, text):
    Barcode.objects.create(part=filter_part, gtin=2000123456782)
    assert found(client, text)[1] == ["mann-filter/W71275"]


@pytest.mark.parametrize(
    ("text", "is_found"), [("012345678905", True), ("0012345678905", True), ("12345678905", False)]
)
def test_a_upc_has_its_leading_zero_or_is_no_barcode(filter_part, text, is_found):
    Barcode.objects.create(part=filter_part, gtin=12345678905)
    assert by_number(text).ids == ([filter_part.pk] if is_found else [])


def test_a_barcode_that_two_parts_claim_finds_both_in_one_query(filter_part, django_assert_num_queries):
    other = PartFactory(brand__slug="bosch", category=filter_part.category, article_number="OC 593")
    Barcode.objects.bulk_create([Barcode(part=part, gtin=2000123456782) for part in (filter_part, other)])
    by_number("OC 593")  # names of brands are remembered
    with django_assert_num_queries(1):
        assert by_number("2000123456782").ids == [filter_part.pk, other.pk]


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


@pytest.mark.parametrize(("text", "queries"), [("W712", 6), ("масляник", 3), ("посилений", 5)])
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


HOSTILE = [
    "a" * 10_000, "я" * 10_000, "1" * 10_000, "\x00", "W712\x0075", "%_\\", "___", "\\' & | ! ( ) :* <->", "a:*b:*",
    "'колодки':* & !диски", "(a+)+$" * 20, "[a-z]+", "😀🚗", "\u202eкидолок\u202c", "مكابح עברית", "e\u0301" * 99,
    "²³¹½", "İ" * 100, "1 " * 100, "a1 " * 60, "1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a", "0", "k1", "bmw " * 40, "2.0 " * 40,
    "' ' ' 10л '",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_answered_in_time(client, filter_part, text):
    found(client, "масляник")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '200ms'")
    for name in ("storefront:search", "storefront:search_hints", "storefront:number_list"):
        assert client.get(reverse(name), {"q": text}).status_code < 400


@pytest.mark.parametrize("text", ["tmb zzz5E-1F0123456", "nze121-0123456"])
def test_a_vin_goes_to_its_own_page_and_leaves_the_address(client, filter_part, text):
    response = client.get(reverse("storefront:search"), {"q": text})
    assert (response.status_code, response.url) == (302, reverse("storefront:vin"))


def test_a_number_that_looks_like_a_vin_is_a_number_where_the_shop_knows_it(client, filter_part):
    brand = BrandFactory(slug="meyle", name="Meyle")
    BrandAlias.objects.create(brand=brand, name="MEYLE HD", key=brand_key("MEYLE HD"))
    PartFactory(brand=brand, category=filter_part.category, article_number="052 521 1950")
    assert found(client, "MEYLE HD 052 521 1950")[1] == ["meyle/0525211950"]


def test_a_column_of_numbers_goes_to_the_review_of_lists(client, filter_part):
    response = client.get(reverse("storefront:search"), {"q": "W71275 x2\nOC593"}, follow=True)
    assert [line.line.quantity for line in response.context["lines"]] == [2, 1]


def test_numbers_side_by_side_offer_to_check_them_together(client, filter_part):
    page, _parts = found(client, "W71275A OC59300 F02640")
    assert 'href="/search/list/?q=' in page


def test_a_car_in_the_query_narrows_the_parts_and_is_offered(client, filter_part):
    car = ModificationFactory(
        name="2.0 TDI",
        displacement_cc=1968,
        generation__name="III A7 (5E3)",
        generation__slug="iii-a7",
        generation__model__name="Octavia",
        generation__model__slug="octavia",
        generation__model__make__slug="skoda",
        generation__model__make__name="Skoda",
    )
    other = PartFactory(brand__slug="bosch", category=filter_part.category, article_number="F1")
    FitmentFactory(part=other, modification=car)
    page, parts = found(client, "масляний фільтр октавія а7 2.0")
    assert parts == ["bosch/F1"]
    assert 'data-car="skoda/octavia/iii-a7"' in page
    assert "Обрати це авто" in page


def test_words_typed_on_the_other_layout_are_read_and_said(client, filter_part):
    page, parts = found(client, "vfckzybq askmnh")
    assert parts == ["mann-filter/W71275"]
    assert "Шукаємо: масляний фільтр" in page


def test_measures_narrow_the_parts_of_a_category(client, filter_part):
    PartFactory(category=filter_part.category, name_uk="Фільтр масляний, 76 × 61 мм, M24x1.5", article_number="X1")
    _page, parts = found(client, "масляний фільтр 76мм")
    assert [part.split("/")[1] for part in parts] == ["X1"]


def test_an_old_number_names_what_took_its_place(client):
    old = PartFactory(article_number="W 712/75")
    newer = PartFactory(brand=old.brand, article_number="W 712/95")
    CrossReferenceFactory(part=newer, other=old, kind=CrossReference.Kind.SUPERSEDES)
    refresh_shelf()
    bump_catalogue_version()
    page = client.get("/search/", {"q": "w71275"}).content.decode()
    assert "Виробник замінив цей номер на" in page
    assert f'href="/p/{newer.brand.slug}/{newer.article_key}/">{newer.brand.name} W 712/95' in page


def test_a_number_that_staff_say_is_another_part_finds_nothing_by_that_claim(client):
    part = PartFactory(article_number="AAA 111")
    CrossReferenceFactory(part=part, brand=BrandFactory(), number="W 712/75", kind=CrossReference.Kind.DIFFERS)
    refresh_shelf()
    bump_catalogue_version()
    assert part.article_key not in client.get("/search/", {"q": "w71275"}).content.decode()
