from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from shop.catalog.models import BrandAlias
from shop.catalog.numbers import brand_key
from shop.offers.models import Markup, PriceListVersion
from shop.offers.pricelists.receiving import receive
from shop.offers.pricelists.running import run_version
from tests.factories import BrandFactory, PartFactory, PriceListFactory, WarehouseFactory


@pytest.fixture
def price_list(db):
    """A supplier's list with one warehouse and a markup of 50 % on everything."""
    warehouse = WarehouseFactory(lead_days=3)
    Markup.objects.create(percent=50)
    return PriceListFactory(supplier=warehouse.supplier, name="main")


@pytest.fixture
def bosch(db):
    brand = BrandFactory(name="Bosch")
    BrandAlias.objects.get_or_create(brand=brand, key=brand_key("Bosch"), defaults={"name": "Bosch"})
    return brand


@pytest.fixture
def parts(bosch):
    return [PartFactory(brand=bosch, article_number=f"F 00{number}") for number in range(10)]


def file_of(rows, header="Бренд;Артикул;Назва;Ціна;Залишок"):
    """A price list as suppliers send it; a row is article, price, pieces (of Bosch) or a whole line."""
    lines = [row if isinstance(row, str) else f"Bosch;{row[0]};Фільтр масляний;{row[1]};{row[2]}" for row in rows]
    return "\n".join([header, *lines]).encode()


def load(price_list, rows, *, is_held=False, header="Бренд;Артикул;Назва;Ціна;Залишок", name="prices.csv"):
    """Receive a file and let a worker have it; gives back the version as it stands afterwards."""
    content = rows if isinstance(rows, bytes) else file_of(rows, header)
    version = receive(
        price_list, ContentFile(content), name=name, origin=PriceListVersion.Origin.UPLOAD, is_held=is_held
    )
    run_version(version.pk)
    version.refresh_from_db()
    return version


def prices(price_list):
    """Article → (purchase price, retail price, pieces) of what is in force."""
    return {
        offer.part.article_number: (offer.purchase_price, offer.price, offer.pieces)
        for offer in price_list.offers.select_related("part")
    }


def money(text):
    return Decimal(text)
