from decimal import Decimal

import factory
from django.utils import timezone

from shop.offers.models import Currency, Offer, PriceList, PriceListVersion, StockItem, Supplier, Warehouse
from tests.factories.catalog import PartFactory


class SupplierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Supplier

    code = factory.Sequence(lambda n: f"supplier-{n}")
    name = factory.Sequence(lambda n: f"Постачальник {n}")


class WarehouseFactory(factory.django.DjangoModelFactory):
    """A supplier's; ``ours=True`` makes it our own."""

    class Meta:
        model = Warehouse

    supplier = factory.SubFactory(SupplierFactory)
    code = factory.Sequence(lambda n: f"warehouse-{n}")
    public_name_uk = factory.Sequence(lambda n: f"Склад {n}")
    lead_days = 2

    class Params:
        ours = factory.Trait(supplier=None, lead_days=0)


class PriceListFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriceList

    supplier = factory.SubFactory(SupplierFactory)
    name = factory.Sequence(lambda n: f"list-{n}")


class PriceListVersionFactory(factory.django.DjangoModelFactory):
    """A version that nobody has read yet; ``waiting=True`` waits for a person."""

    class Meta:
        model = PriceListVersion

    price_list = factory.SubFactory(PriceListFactory)
    number = factory.Sequence(lambda n: n + 1)
    file_name = "prices.csv"

    class Params:
        waiting = factory.Trait(
            status=PriceListVersion.Status.WAITING,
            needs_person_since=factory.LazyFunction(timezone.now),
            needs_person_reason="Прайс-лист чекає на перегляд.",
        )


class OfferFactory(factory.django.DjangoModelFactory):
    """A supplier's offer of five pieces; ``ours=True`` offers from our own warehouse (give it a StockItem too)."""

    class Meta:
        model = Offer

    part = factory.SubFactory(PartFactory)
    warehouse = factory.SubFactory(WarehouseFactory)
    price_list = factory.LazyAttribute(lambda offer: PriceListFactory(supplier=offer.warehouse.supplier))
    purchase_price = Decimal("100.00")
    currency = Currency.UAH
    price = Decimal("150.00")
    pieces = 5
    lead_days = factory.LazyAttribute(lambda offer: offer.warehouse.lead_days)

    class Params:
        ours = factory.Trait(warehouse=factory.SubFactory(WarehouseFactory, ours=True), pieces=None)


class StockItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StockItem

    part = factory.SubFactory(PartFactory)
    warehouse = factory.SubFactory(WarehouseFactory, ours=True)
    on_hand = 5
