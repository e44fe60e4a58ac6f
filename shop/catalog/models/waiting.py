"""Rows of fitment files that wait for a person to say which car they mean."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.catalog.models.catalog_file import CarText, CatalogFile
from shop.catalog.models.fitment import Fitment, FitmentCondition
from shop.catalog.models.part import Part


class WaitingFitment(models.Model):
    """A claim of a file in force whose car is only words yet. It stays after the answer, which may change."""

    file = models.ForeignKey(CatalogFile, models.DB_CASCADE, related_name="waiting")
    text = models.ForeignKey(CarText, models.DB_CASCADE, related_name="waiting")
    part = models.ForeignKey(Part, models.DO_NOTHING, related_name="+", db_index=False)
    condition = models.ForeignKey(
        FitmentCondition, models.DO_NOTHING, related_name="+", null=True, blank=True, db_index=False
    )
    position = models.PositiveSmallIntegerField(_("місце"), choices=Fitment.Position.choices)

    class Meta:
        verbose_name = _("рядок чекає на авто")
        verbose_name_plural = _("рядки чекають на авто")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["file", "text", "part", "condition", "position"],
                name="waiting_fitment_once",
                nulls_distinct=False,
            )
        ]
