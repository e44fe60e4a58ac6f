"""Numbers of car makers, and numbers of other brands that a part replaces."""

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.catalog.models.brand import Brand
from shop.catalog.models.part import Part
from shop.catalog.models.source import CatalogSource
from shop.catalog.numbers import search_key
from vehicles.models import VehicleMake


class OeNumber(models.Model):
    """The number that a vehicle maker gives to the original of this part."""

    part = models.ForeignKey(Part, models.DO_NOTHING, related_name="oe_numbers")
    make = models.ForeignKey(VehicleMake, models.DO_NOTHING, related_name="+", db_index=False)
    number = models.CharField(_("номер"), max_length=40)
    search_key = models.CharField(max_length=40, editable=False)

    class Meta:
        verbose_name = _("оригінальний номер")
        verbose_name_plural = _("оригінальні номери")
        indexes: ClassVar = [
            models.Index(OpClass("search_key", name="text_pattern_ops"), "make", name="oe_number_search_key")
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_key = search_key(self.number)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class CrossReference(models.Model):
    """``part`` replaces ``number`` of ``brand``, says ``source``. Directed: the reverse is another claim."""

    part = models.ForeignKey(Part, models.DO_NOTHING, related_name="cross_references")
    brand = models.ForeignKey(Brand, models.DO_NOTHING, related_name="+", db_index=False)
    number = models.CharField(_("номер"), max_length=60)
    search_key = models.CharField(max_length=60, editable=False)
    source = models.ForeignKey(CatalogSource, models.DO_NOTHING, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("замінник")
        verbose_name_plural = _("замінники")
        indexes: ClassVar = [
            models.Index(OpClass("search_key", name="text_pattern_ops"), "brand", name="cross_reference_search_key")
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_key = search_key(self.number)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
