"""Suppliers, their price lists and offers, our own stock, and the shelf that lists sort by."""

from shop.offers.models.offer import Offer, OfferQuerySet, PastPrice
from shop.offers.models.price_list import (
    PriceList,
    PriceListVersion,
    RejectedRow,
    UnknownBrand,
    UnplacedPart,
    VersionOffers,
)
from shop.offers.models.pricing import Currency, ExchangeRate, Markup, PriceRounding
from shop.offers.models.shelf import PartShelf
from shop.offers.models.source import PriceListSource, TakenFile
from shop.offers.models.stock import StockItem, StockItemQuerySet, StockMovement
from shop.offers.models.supplier import Supplier, Warehouse

__all__ = [
    "Currency",
    "ExchangeRate",
    "Markup",
    "Offer",
    "OfferQuerySet",
    "PartShelf",
    "PastPrice",
    "PriceList",
    "PriceListSource",
    "PriceListVersion",
    "PriceRounding",
    "RejectedRow",
    "StockItem",
    "StockItemQuerySet",
    "StockMovement",
    "Supplier",
    "TakenFile",
    "UnknownBrand",
    "UnplacedPart",
    "VersionOffers",
    "Warehouse",
]
