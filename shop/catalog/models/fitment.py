"""Which cars a part fits, and under which conditions."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.catalog.models.category import Category
from shop.catalog.models.part import Part
from shop.catalog.models.source import CatalogSource
from vehicles.models import Modification


class FitmentCondition(models.Model):
    """A set of conditions shared by many fitments, such as ``{"brake_system": "TRW", "disc_mm": 288}``.

    Keys are listed in ``shop.catalog.conditions.CONDITIONS``; each set is stored once.
    """

    rules = models.JSONField(_("умови"), unique=True)

    class Meta:
        verbose_name = _("умова придатності")
        verbose_name_plural = _("умови придатності")


class Fitment(models.Model):
    """A source says that the part fits the modification, under conditions. No row means "not listed"."""

    class Position(models.IntegerChoices):
        ANY = 0, _("будь-де")
        FRONT = 1, _("спереду")
        REAR = 2, _("ззаду")
        LEFT = 3, _("ліворуч")
        RIGHT = 4, _("праворуч")
        FRONT_LEFT = 5, _("спереду ліворуч")
        FRONT_RIGHT = 6, _("спереду праворуч")
        REAR_LEFT = 7, _("ззаду ліворуч")
        REAR_RIGHT = 8, _("ззаду праворуч")

    # The migration adds one foreign key (part, category) with ON UPDATE CASCADE in place of two simple ones.
    part = models.ForeignKey(Part, models.DO_NOTHING, related_name="fitments", db_constraint=False)
    modification = models.ForeignKey(Modification, models.DO_NOTHING, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    condition = models.ForeignKey(
        FitmentCondition, models.DO_NOTHING, related_name="+", null=True, blank=True, db_index=False
    )
    source = models.ForeignKey(CatalogSource, models.DO_NOTHING, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField(_("місце"), choices=Position.choices, default=Position.ANY)

    class Meta:
        verbose_name = _("придатність")
        verbose_name_plural = _("придатність")
        indexes: ClassVar = [models.Index(fields=["modification", "category", "part"], name="fitment_car_category")]
