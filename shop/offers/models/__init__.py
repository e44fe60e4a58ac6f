"""Suppliers and their offers, our own stock, and the shelf that lists sort by."""

from shop.offers.models.offer import Offer, OfferQuerySet, PriceList
from shop.offers.models.pricing import Currency, ExchangeRate, Markup
from shop.offers.models.shelf import PartShelf
from shop.offers.models.stock import StockItem, StockItemQuerySet, StockMovement
from shop.offers.models.supplier import Supplier, Warehouse

__all__ = [
    "Currency",
    "ExchangeRate",
    "Markup",
    "Offer",
    "OfferQuerySet",
    "PartShelf",
    "PriceList",
    "StockItem",
    "StockItemQuerySet",
    "StockMovement",
    "Supplier",
    "Warehouse",
]
