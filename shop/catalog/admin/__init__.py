"""The catalogue in the admin. A million parts: search by indexed keys, counts by estimate, no select boxes."""

from shop.catalog.admin.brand import BrandAdmin, CatalogSourceAdmin, CustomerGroupAdmin
from shop.catalog.admin.category import AttributeAdmin, CategoryAdmin
from shop.catalog.admin.part import PartAdmin

__all__ = ["AttributeAdmin", "BrandAdmin", "CatalogSourceAdmin", "CategoryAdmin", "CustomerGroupAdmin", "PartAdmin"]
