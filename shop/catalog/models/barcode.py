"""Numbers under the barcodes of a part's packings."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalog.gtin import LONGEST, spelled
from shop.catalog.models.part import Part


class Barcode(models.Model):
    """A GTIN of the part, as ``shop.catalog.gtin`` reads it. If two parts claim one, both are found."""

    part = models.ForeignKey(Part, models.DO_NOTHING, related_name="barcodes", db_index=False)
    gtin = models.BigIntegerField(_("штрихкод (EAN)"), db_index=True)

    class Meta:
        verbose_name = _("штрихкод")
        verbose_name_plural = _("штрихкоди")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "gtin"], name="barcode_once_for_part"),
            models.CheckConstraint(condition=Q(gtin__gt=0, gtin__lt=10**LONGEST), name="barcode_has_fourteen_digits"),
        ]

    def __str__(self) -> str:
        return spelled(self.gtin)
