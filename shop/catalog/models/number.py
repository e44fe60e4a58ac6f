"""Numbers of car makers, and what is claimed about numbers of other brands."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
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


class CrossReferenceQuerySet(models.QuerySet["CrossReference"]):
    def affirmed(self) -> "CrossReferenceQuerySet":
        """Claims that two numbers go together, not that they differ."""
        return self.exclude(kind=CrossReference.Kind.DIFFERS)


class CrossReference(models.Model):
    """What ``source`` claims of ``part`` and ``number`` of ``brand``. Directed: the reverse is another claim.

    A number is always read with its brand. Staff sign their claims (``author``) and may say why (``note``).
    """

    class Kind(models.IntegerChoices):
        # The part does the same work as that number.
        REPLACES = 1, _("замінює (аналог)")
        # The same maker now supplies the part instead of that number.
        SUPERSEDES = 2, _("прийшла на зміну номеру")
        # Somebody checked: whatever others say, this is another part.
        DIFFERS = 3, _("не те саме, що")

    part = models.ForeignKey(Part, models.DO_NOTHING, related_name="cross_references")
    kind = models.PositiveSmallIntegerField(
        _("що саме"), choices=Kind.choices, default=Kind.REPLACES, db_default=Kind.REPLACES
    )
    brand = models.ForeignKey(Brand, models.DO_NOTHING, related_name="+", db_index=False, verbose_name=_("бренд"))
    number = models.CharField(_("номер"), max_length=60)
    search_key = models.CharField(max_length=60, editable=False)
    source = models.ForeignKey(CatalogSource, models.DO_NOTHING, related_name="+", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("хто"),
    )
    note = models.CharField(_("примітка"), max_length=200, blank=True, default="", db_default="")

    objects = CrossReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("твердження про номер")
        verbose_name_plural = _("твердження про номери")
        indexes: ClassVar = [
            models.Index(OpClass("search_key", name="text_pattern_ops"), "brand", name="cross_reference_search_key"),
            models.Index(fields=["author"], condition=Q(author__isnull=False), name="cross_reference_by_staff"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_key = search_key(self.number)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
