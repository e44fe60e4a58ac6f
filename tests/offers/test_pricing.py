from datetime import date
from decimal import Decimal

import pytest

from shop.offers.models import Currency, ExchangeRate, Markup, PartShelf
from shop.offers.pricing import reprice
from shop.offers.tasks import bring_offers_up_to_date
from tests.factories import OfferFactory

TODAY = date(2026, 11, 22)


def price_of(offer):
    offer.refresh_from_db()
    return offer.price


@pytest.fixture
def offer(db):
    offer = OfferFactory(purchase_price=Decimal("10.01"), currency=Currency.EUR, price=Decimal(1))
    ExchangeRate.objects.create(currency="EUR", valid_on=date(2026, 11, 20), rate=Decimal("50"))
    ExchangeRate.objects.create(currency="EUR", valid_on=date(2026, 11, 23), rate=Decimal("60"))
    Markup.objects.create(supplier=offer.warehouse.supplier, price_from=0, percent=30)
    Markup.objects.create(supplier=offer.warehouse.supplier, price_from=500, percent=Decimal("20.5"))
    return offer


def test_the_price_is_purchase_price_times_rate_of_the_day_plus_the_markup_of_its_band(offer):
    assert reprice(TODAY) == 1
    # 10.01 × 50 = 500.50 falls into the band from 500; 500.50 × 1.205 = 603.1025.
    assert price_of(offer) == Decimal("603.10")
    assert reprice(date(2026, 11, 23)) == 1
    assert price_of(offer) == Decimal("723.72")  # 600.60 × 1.205 = 723.723


def test_a_second_run_writes_nothing(offer):
    reprice(TODAY)
    assert reprice(TODAY) == 0


@pytest.mark.parametrize("missing", [ExchangeRate, Markup])
def test_an_offer_without_rate_or_markup_keeps_its_price(offer, missing):
    missing.objects.all().delete()
    assert reprice(TODAY) == 0
    assert price_of(offer) == Decimal(1)


def test_halves_of_a_kopeck_are_rounded_up(db):
    offer = OfferFactory(purchase_price=Decimal("0.10"), currency=Currency.UAH)
    Markup.objects.create(supplier=offer.warehouse.supplier, price_from=0, percent=5)
    reprice(TODAY)
    assert price_of(offer) == Decimal("0.11")  # 0.105


def test_the_task_carries_new_prices_to_the_shelf(offer):
    bring_offers_up_to_date()
    assert PartShelf.objects.get(part=offer.part).price == price_of(offer) != Decimal(1)
