"""Parts, what they are called, and which cars they fit.

Bulk tables (numbers, fitments, attribute values) keep real foreign keys in the database but ``DO_NOTHING`` in
Python: parts and cars are deactivated, never deleted, and nobody loads a million rows to check that.
"""

from shop.catalog.models.attribute import Attribute, AttributeChoice, AttributeValue
from shop.catalog.models.barcode import Barcode
from shop.catalog.models.brand import Brand, BrandAlias
from shop.catalog.models.catalog_file import (
    CarText,
    CatalogFile,
    CatalogFileClaims,
    CatalogFileRemoval,
    CatalogFileRow,
)
from shop.catalog.models.category import Category
from shop.catalog.models.companion import Companion, RepairJob, RepairJobLine
from shop.catalog.models.customer_group import CustomerGroup
from shop.catalog.models.fit_record import FitCheck, FitSales
from shop.catalog.models.fitment import Fitment, FitmentCondition
from shop.catalog.models.number import CrossReference, OeNumber
from shop.catalog.models.part import Part, PartQuerySet
from shop.catalog.models.source import CatalogSource
from shop.catalog.models.waiting import WaitingFitment

__all__ = [
    "Attribute",
    "AttributeChoice",
    "AttributeValue",
    "Barcode",
    "Brand",
    "BrandAlias",
    "CarText",
    "CatalogFile",
    "CatalogFileClaims",
    "CatalogFileRemoval",
    "CatalogFileRow",
    "CatalogSource",
    "Category",
    "Companion",
    "CrossReference",
    "CustomerGroup",
    "FitCheck",
    "FitSales",
    "Fitment",
    "FitmentCondition",
    "OeNumber",
    "Part",
    "PartQuerySet",
    "RepairJob",
    "RepairJobLine",
    "WaitingFitment",
]
