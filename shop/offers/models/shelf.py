"""What lists sort and filter by: one narrow row per part, recomputed set by set when offers change."""

from typing import ClassVar

from django.db import models
from django.db.models import F

from shop.catalog.models import Brand, Category, Part
from shop.lib.money import MoneyField


class PartShelf(models.Model):
    """The best of a part's current offers. ``lead_days`` and ``price`` are empty when nobody offers the part.

    ``price`` is the lowest retail price among offers with pieces, ``lead_days`` that of the soonest. How many pieces
    there are is read fresh where it is shown: a shelf that held them would be rewritten by every price list.
    """

    part = models.OneToOneField(Part, models.DO_NOTHING, primary_key=True, related_name="shelf")
    category = models.ForeignKey(Category, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    brand = models.ForeignKey(Brand, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    price = MoneyField(null=True)
    lead_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index("category", F("lead_days").asc(nulls_last=True), "price", "part", name="shelf_soonest"),
            # Lists of a brand. Prices are in one index only: each one more is written at every change of a price.
            models.Index(fields=["brand"], name="shelf_brand"),
        ]
