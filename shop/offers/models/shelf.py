"""What lists sort and filter by: one narrow row per part, recomputed set by set when offers change."""

from typing import ClassVar

from django.db import models
from django.db.models import F

from shop.catalog.models import Brand, Category, Part
from shop.lib.money import MoneyField


class PartShelf(models.Model):
    """The best of a part's current offers. ``lead_days`` and ``price`` are empty when nobody offers the part.

    ``pieces`` is the sum over offers; ``price`` is the lowest retail price among offers with pieces. Arrival
    dates are computed when shown, because they depend on the hour.
    """

    part = models.OneToOneField(Part, models.DO_NOTHING, primary_key=True, related_name="shelf")
    category = models.ForeignKey(Category, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    brand = models.ForeignKey(Brand, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    price = MoneyField(null=True)
    pieces = models.PositiveIntegerField(default=0)
    lead_days = models.PositiveSmallIntegerField(null=True)
    is_in_own_stock = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index("category", F("lead_days").asc(nulls_last=True), "price", "part", name="shelf_soonest"),
            # Lists of a brand. Prices are in one index only: each one more is written at every change of a price.
            models.Index(fields=["brand"], name="shelf_brand"),
        ]
