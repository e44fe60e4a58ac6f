import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from shop.catalog.models import Barcode, Companion, CrossReference, FitmentCondition
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
    own_offer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tuesday_noon():
    with time_machine.travel(datetime(2026, 11, 24, 10, 0, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def part():
    return PartFactory(
        brand=BrandFactory(slug="mann-filter", name="MANN-FILTER"),
        category=CategoryFactory(slug="oil-filters", name_uk="Фільтри масляні"),
        article_number="W 712/75",
        name_uk="Фільтр масляний",
    )


def page_of(client, part):
    refresh_shelf()
    bump_catalogue_version()
    response = client.get(f"/p/{part.brand.slug}/{part.article_key}/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("typed", ["w71275", "W%20712/75", "w-712-75", "W71275%20"])
def test_any_spelling_of_the_number_leads_to_the_one_address(client, part, typed):
    response = client.get(f"/p/mann-filter/{typed}/")
    assert (response.status_code, response.headers["Location"]) == (301, "/p/mann-filter/W71275/")
    assert client.get("/p/MANN-Filter/W71275/").headers["Location"] == "/p/mann-filter/W71275/"


@pytest.mark.parametrize(
    "address", ["/p/nobody/W71275/", "/p/mann-filter/W71276/", "/p/mann-filter/%00/", "/p/mann-filter/'--/"]
)
def test_unknown_parts_are_not_found(client, part, address):
    assert client.get(address).status_code == 404


def test_a_withdrawn_part_is_not_found(client, part):
    part.is_active = False
    part.save()
    assert client.get("/p/mann-filter/W71275/").status_code == 404


def test_each_offer_says_when_for_how_much_and_until_what_hour(client, part):
    own_offer(part=part, price=Decimal("320.00"), pieces=3)
    OfferFactory(part=part, price=Decimal("290.50"), pieces=12, lead_days=2, warehouse__public_name_uk="Склад Львів")
    OfferFactory(part=part, price=Decimal("1.00"), pieces=0)
    page = page_of(client, part)
    assert page.count('name="warehouse"') == 2
    assert page.index("320\u00a0₴") < page.index("290,50\u00a0₴")
    assert "Відправимо сьогодні" in page
    assert "якщо замовите до 15:00" in page
    assert "Відправимо чт, 26 листопада" in page
    assert "Склад Львів" in page
    assert "понад 10 шт." in page
    assert "1\u00a0₴" not in page


def test_the_answer_about_the_car_tells_conditions_and_source(client, part):
    car = ModificationFactory()
    condition = FitmentCondition.objects.create(rules={"with": "start-stop"})
    source = CatalogSourceFactory(code="staff-check", name_uk="Перевірив менеджер")
    FitmentFactory(part=part, modification=car, condition=condition, source=source)
    assert "Чи підійде вашому авто?" in page_of(client, part)
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    page = page_of(client, part)
    assert "лише якщо є: система старт-стоп" in page
    assert "Перевірив менеджер" in page


def test_numbers_analogues_and_cars_are_on_the_page(client, part):
    make = MakeFactory(name="Skoda")
    OeNumberFactory(part=part, make=make, number="04E 115 561")
    bosch = PartFactory(brand__slug="bosch", category=part.category, article_number="F 026 407 143")
    OeNumberFactory(part=bosch, make=make, number="04E115561")
    replaced = PartFactory(brand__slug="mahle", brand__name="MAHLE", category=part.category, article_number="OC 593/4")
    CrossReference.objects.create(part=part, brand=replaced.brand, number="OC 593/4", source=CatalogSourceFactory())
    FitmentFactory(part=part, modification__generation__model__name="Octavia")
    page = page_of(client, part)
    assert "04E 115 561" in page
    assert 'data-part="bosch/F026407143"' in page
    assert 'data-part="mahle/OC5934"' in page
    assert "Octavia" in page


def test_barcodes_are_on_the_page_and_in_its_data(client, part):
    Barcode.objects.bulk_create([Barcode(part=part, gtin=gtin) for gtin in (12345670, 2000123456782)])
    page = page_of(client, part)
    assert "Штрихкод (EAN)" in page
    assert "2000123456782, 12345670" in page
    assert '"gtin13": "2000123456782"' in page


def test_an_old_number_leads_to_what_the_maker_supplies_now(client, part):
    newer = PartFactory(brand=part.brand, category=part.category, article_number="W 712/95")
    CrossReferenceFactory(part=newer, other=part, kind=CrossReference.Kind.SUPERSEDES)
    page = page_of(client, part)
    assert "Виробник замінив цей номер" in page
    assert page.count('data-part="mann-filter/W71295"') == 1
    page = page_of(client, newer)
    assert "Попередні номери цієї деталі" in page
    assert "W 712/75" in page


def test_what_staff_say_of_a_number_is_told_and_takes_the_analogue_away(client, part):
    other = PartFactory(brand__name="MAHLE", category=part.category, article_number="OC 593/4")
    make = MakeFactory()
    for each in (part, other):
        OeNumberFactory(part=each, make=make, number="04E115561")
    kind = CrossReference.Kind.DIFFERS
    assert 'data-part="' + other.brand.slug in page_of(client, part)
    CrossReferenceFactory(part=part, other=other, kind=kind, note="Інша різьба")
    page = page_of(client, part)
    assert "Не те саме, що" in page
    assert "Інша різьба" in page
    assert 'data-part="' + other.brand.slug not in page


def test_structured_data_is_json_that_no_name_can_break_out_of(client, part):
    part.name_uk = "Фільтр </script><b>"
    part.save()
    own_offer(part=part, price=Decimal("320.00"))
    page = page_of(client, part)
    data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["name"] == "Фільтр </script><b> MANN-FILTER W 712/75"
    assert data["offers"]["lowPrice"] == "320.00"


@pytest.mark.parametrize("analogues", [1, 20])
def test_a_part_page_takes_as_many_queries_whatever_is_on_it(client, part, analogues, django_assert_num_queries):
    car, make = ModificationFactory(), MakeFactory()
    OeNumberFactory(part=part, make=make, number="1")
    own_offer(part=part)
    sensor = OfferFactory().part
    FitmentFactory(part=sensor, modification=car)
    Companion.objects.create(category=part.category, needed=sensor.category, why_uk="Ламається")
    for other in PartFactory.create_batch(analogues, brand=BrandFactory(), category=part.category):
        OeNumberFactory(part=other, make=make, number="1")
        FitmentFactory(part=other, modification=car)
        OfferFactory(part=other)
    FitmentFactory(part=part, modification=car)
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    page_of(client, part)
    # Part, its numbers, related parts, the soonest of them, their rows, fits, offers, values, fitted cars; what else is
    # needed and its row.
    with django_assert_num_queries(11):
        client.get("/p/mann-filter/W71275/?cars=all")
