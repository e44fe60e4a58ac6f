"""The catalogue in the admin. A million parts: search by indexed keys, counts by estimate, no select boxes."""

from shop.catalog.admin.brand import BrandAdmin, CatalogSourceAdmin, CustomerGroupAdmin
from shop.catalog.admin.car_text import CarTextAdmin
from shop.catalog.admin.catalog_file import CatalogFileAdmin
from shop.catalog.admin.category import AttributeAdmin, CategoryAdmin
from shop.catalog.admin.fit_check import FitCheckAdmin
from shop.catalog.admin.part import PartAdmin
from shop.catalog.admin.repair import CompanionAdmin, RepairJobAdmin

__all__ = [
    "AttributeAdmin",
    "BrandAdmin",
    "CarTextAdmin",
    "CatalogFileAdmin",
    "CatalogSourceAdmin",
    "CategoryAdmin",
    "CompanionAdmin",
    "CustomerGroupAdmin",
    "FitCheckAdmin",
    "PartAdmin",
    "RepairJobAdmin",
]
