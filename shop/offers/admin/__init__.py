"""Suppliers, offers, prices and own stock in the admin."""

from shop.offers.admin.exchange_rate import ExchangeRateAdmin
from shop.offers.admin.offer import OfferAdmin
from shop.offers.admin.placing import UnknownBrandAdmin, UnplacedPartAdmin
from shop.offers.admin.price_list import PriceListAdmin
from shop.offers.admin.price_list_version import PriceListVersionAdmin
from shop.offers.admin.pricing import MarkupAdmin, PriceRoundingAdmin
from shop.offers.admin.source import PriceListSourceAdmin
from shop.offers.admin.stock import StockItemAdmin, StockMovementAdmin
from shop.offers.admin.supplier import SupplierAdmin, WarehouseAdmin

__all__ = [
    "ExchangeRateAdmin",
    "MarkupAdmin",
    "OfferAdmin",
    "PriceListAdmin",
    "PriceListSourceAdmin",
    "PriceListVersionAdmin",
    "PriceRoundingAdmin",
    "StockItemAdmin",
    "StockMovementAdmin",
    "SupplierAdmin",
    "UnknownBrandAdmin",
    "UnplacedPartAdmin",
    "WarehouseAdmin",
]
