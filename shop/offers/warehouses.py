"""Warehouses in memory: a handful of rows that every price on every page needs."""

from shop.lib.version import PerVersion
from shop.offers.models import Warehouse


def _read() -> dict[int, Warehouse]:
    return {warehouse.pk: warehouse for warehouse in Warehouse.objects.filter(is_active=True)}


active_warehouses = PerVersion(_read)
