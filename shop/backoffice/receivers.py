"""What follows an edit in the admin: the shelf of the parts concerned and every cached page."""

from typing import Any

from django.db.models import Model

from shop.catalog.models import Part
from shop.catalog.version import bump_catalogue_version
from shop.offers.models import Offer, StockItem
from shop.offers.shelf import refresh_shelf

# Apps whose rows are shown on storefront pages.
_SHOWN = {"vehicles", "catalog", "offers", "delivery", "privacy"}


def bring_up_to_date(sender: type[Model], pk: int, **_signal: Any) -> None:
    """Hears ``staff_edited``, after the commit. Pages cached before the edit are never read again."""
    if sender is Part:
        refresh_shelf([pk])
    elif sender in (Offer, StockItem):
        refresh_shelf(list(sender._default_manager.filter(pk=pk).values_list("part_id", flat=True)))
    elif sender._meta.label in ("offers.Supplier", "offers.Warehouse"):
        refresh_shelf()
    if sender._meta.app_label in _SHOWN:
        bump_catalogue_version()
