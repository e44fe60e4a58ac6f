from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q

from shop.catalog.conditions import CONDITIONS
from shop.catalog.gtin import read_gtin
from shop.catalog.models import (
    AttributeValue,
    Barcode,
    Brand,
    Category,
    CrossReference,
    FitCheck,
    Fitment,
    FitmentCondition,
    FitSales,
    OeNumber,
    Part,
)
from shop.lib.money import round_money
from shop.local.demo.loading import TABLES
from shop.offers.models import ExchangeRate, Markup, Offer, PriceList, StockItem
from tests.factories import PartFactory

pytestmark = pytest.mark.django_db
OCTAVIA = "skoda-octavia-iii-a7-1-6-tdi-77kw"


def load(**options):
    call_command("load_demo", parts=400, quiet=True, verbosity=0, **options)


@pytest.fixture
def reference():
    call_command("load_reference", verbosity=0)


def checksum():
    """Of all rows; ids of rows nobody refers to and times do not count."""
    with connection.cursor() as cursor:
        sums = {}
        for table in TABLES:
            row = "to_jsonb(t) - 'id' - 'moved_at' - 'since'" if table != "catalog_part" else "to_jsonb(t)"
            cursor.execute(
                f"SELECT count(*), md5(string_agg(({row})::text, '|' ORDER BY ({row})::text)) FROM {table} t"
            )
            sums[table] = cursor.fetchone()
        return sums


def definitions():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        )
        keys = cursor.fetchall()
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        return keys, cursor.fetchall()


def test_same_size_and_seed_make_the_same_catalogue_and_leave_every_index_and_key(reference):
    before = definitions()
    load(seed=7)
    first = checksum()
    assert first["catalog_part"][0] == 400
    load(seed=7, replace=True)
    assert checksum() == first
    assert definitions() == before
    load(seed=8, replace=True)
    assert checksum() != first


def test_the_catalogue_has_the_structure_of_a_real_one(reference):
    load()
    leaves = Category.objects.filter(numchild=0)
    assert not leaves.exclude(Exists(Part.objects.filter(category=OuterRef("pk")))).exists()
    of_cars = Part.objects.filter(category__fitment_kind="vehicle")
    assert not of_cars.exclude(Exists(Fitment.objects.filter(part=OuterRef("pk")))).exists()
    assert not Fitment.objects.filter(category__fitment_kind="universal").exists()
    assert not of_cars.exclude(Exists(OeNumber.objects.filter(part=OuterRef("pk")))).exists()
    out_of_range = Q(number__lt=F("attribute__min_value")) | Q(number__gt=F("attribute__max_value"))
    assert not AttributeValue.objects.filter(out_of_range).exists()
    # A cross reference names another part of the same category, by a brand and number that exist.
    claims = CrossReference.objects.exclude(kind=CrossReference.Kind.SUPERSEDES)
    for reference_row in claims.select_related("part")[:50]:
        other = Part.objects.get(brand=reference_row.brand, search_key=reference_row.search_key)
        assert (other.category_id, other != reference_row.part) == (reference_row.part.category_id, True)
    assert all(set(condition.rules) <= set(CONDITIONS) for condition in FitmentCondition.objects.all())
    assert Brand.objects.filter(parts__isnull=False).distinct().count() > 100


def test_most_parts_have_a_barcode_of_nobody_else(reference):
    load()
    codes = [str(code) for code in Barcode.objects.all()]
    assert all(len(code) == 13 and code[0] == "2" and read_gtin(code) == int(code) for code in codes)
    assert len(set(codes)) == len(codes)
    having = Barcode.objects.values("part").distinct().count()
    assert 340 < having < len(codes) < 420


def test_the_showcase_car_finds_front_brake_pads_to_buy(reference):
    load()
    fitments = Fitment.objects.filter(modification__code=OCTAVIA, category__slug="brake-pads-front")
    parts = Part.objects.filter(pk__in=fitments.values("part")).annotate(offer_count=Count("offers"))
    assert parts.count() >= 4
    assert fitments.filter(condition__isnull=False).exists()
    assert fitments.filter(condition__isnull=True).exists()
    assert StockItem.objects.filter(part__in=parts).exists()
    assert max(part.offer_count for part in parts) >= 4


def test_the_showcase_car_shows_checks_sales_and_older_numbers(reference):
    load()
    car = {"modification__code": OCTAVIA, "part__category__slug": "brake-pads-front"}
    assert set(FitCheck.objects.filter(**car).values_list("fits", flat=True)) == {True, False}
    assert FitSales.objects.filter(**car).exists()
    superseded = CrossReference.objects.filter(kind=CrossReference.Kind.SUPERSEDES).select_related("part")
    assert superseded
    for claim in superseded:
        assert (claim.brand_id, claim.search_key != claim.part.search_key) == (claim.part.brand_id, True)


def test_prices_come_from_purchase_price_rate_and_markup(reference):
    load()
    rates = dict(ExchangeRate.objects.values_list("currency", "rate"))
    markups = list(Markup.objects.order_by("-price_from"))
    for offer in Offer.objects.select_related("price_list"):
        purchase = offer.purchase_price * rates.get(offer.currency, Decimal(1))
        percent = next(
            markup.percent
            for markup in markups
            if markup.supplier_id == offer.price_list.supplier_id and markup.price_from <= purchase
        )
        assert offer.price == round_money(purchase * (100 + percent) / 100)
    assert PriceList.objects.count() == 5
    assert set(Offer.objects.values_list("currency", flat=True)) == {"UAH", "USD", "EUR", "PLN"}
    assert StockItem.objects.count() == Offer.objects.filter(warehouse__supplier=None).count()
    assert Part.objects.filter(offers__isnull=True).exists()


def test_parts_of_others_are_not_thrown_away_unasked():
    part = PartFactory()
    with pytest.raises(CommandError, match="--replace"):
        load()
    assert Part.objects.get() == part
