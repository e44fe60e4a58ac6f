"""What follows an edit in the admin: the shelf of the parts concerned and every cached page."""

from typing import Any

from django.db.models import Model

from shop.catalog.models import Part
from shop.lib.publishing import publish
from shop.lib.version import bump_catalogue_version, bump_offers_version
from shop.offers.models import ExchangeRate, Markup, Offer, PriceList, PriceRounding, StockItem, Supplier, Warehouse
from shop.offers.shelf import refresh_shelf
from shop.offers.tasks import bring_offers_up_to_date

# Apps whose rows are shown on storefront pages.
_PRICES = {Offer, StockItem, PriceList, Markup, PriceRounding, ExchangeRate}
_SHOWN = {"vehicles", "catalog", "offers", "delivery", "privacy"}


def bring_up_to_date(sender: type[Model], pk: int, **_signal: Any) -> None:
    """Hears ``staff_edited``, after the commit. Pages cached before the edit are never read again."""
    if sender is Part:
        refresh_shelf([pk])
    elif sender in (Offer, StockItem):
        refresh_shelf(list(sender._default_manager.filter(pk=pk).values_list("part_id", flat=True)))
    elif sender in (Supplier, Warehouse, PriceList, Markup, PriceRounding, ExchangeRate):
        # All offers may be concerned: a worker's job. The nightly run does it should the broker be away.
        publish(bring_offers_up_to_date, expires=3600)
    if sender in _PRICES:
        bump_offers_version()
    elif sender._meta.app_label in _SHOWN:
        bump_catalogue_version()
