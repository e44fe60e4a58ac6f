"""Rows for tests. ``PartFactory(offered=True)`` and the like are traits; everything else has a plain default."""

from tests.factories.accounts import CustomerFactory
from tests.factories.catalog import (
    BrandFactory,
    CatalogSourceFactory,
    CategoryFactory,
    CrossReferenceFactory,
    FitCheckFactory,
    FitmentFactory,
    OeNumberFactory,
    PartFactory,
)
from tests.factories.delivery import CarrierFactory, PickupPointFactory, SettlementFactory
from tests.factories.offers import (
    OfferFactory,
    PriceListFactory,
    PriceListVersionFactory,
    StockItemFactory,
    SupplierFactory,
    WarehouseFactory,
)
from tests.factories.orders import BasketFactory, BasketLineFactory, OrderFactory, OrderLineFactory, own_offer
from tests.factories.privacy import LegalDocumentFactory
from tests.factories.vehicles import GenerationFactory, MakeFactory, ModelFactory, ModificationFactory

__all__ = [
    "BasketFactory",
    "BasketLineFactory",
    "BrandFactory",
    "CarrierFactory",
    "CatalogSourceFactory",
    "CategoryFactory",
    "CrossReferenceFactory",
    "CustomerFactory",
    "FitCheckFactory",
    "FitmentFactory",
    "GenerationFactory",
    "LegalDocumentFactory",
    "MakeFactory",
    "ModelFactory",
    "ModificationFactory",
    "OeNumberFactory",
    "OfferFactory",
    "OrderFactory",
    "OrderLineFactory",
    "PartFactory",
    "PickupPointFactory",
    "PriceListFactory",
    "PriceListVersionFactory",
    "SettlementFactory",
    "StockItemFactory",
    "SupplierFactory",
    "WarehouseFactory",
    "own_offer",
]
