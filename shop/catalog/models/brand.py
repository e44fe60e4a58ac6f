"""Brands: the name on the box, and how people spell it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.lib.addresses import address_of


class Brand(models.Model):
    """The name on the box."""

    class Tier(models.TextChoices):
        ORIGINAL = "original", _("оригінал")
        OE = "oe", _("постачає на конвеєр")
        PREMIUM = "premium", _("преміум")
        STANDARD = "standard", _("стандарт")
        BUDGET = "budget", _("бюджет")

    slug = models.SlugField(_("адреса"), unique=True)
    name = models.CharField(_("назва"), max_length=60)
    name_sort = models.CharField(max_length=200, editable=False, db_collation="C")
    country = models.CharField(_("країна"), max_length=2, blank=True)
    tier = models.CharField(_("рівень"), max_length=10, choices=Tier.choices, default=Tier.STANDARD)
    is_active = models.BooleanField(_("показувати"), default=True)
    in_reference = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("бренд")
        verbose_name_plural = _("бренди")
        ordering: ClassVar = ["name_sort"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("storefront:brand", self.slug)


class BrandAlias(models.Model):
    """A spelling of a brand's name in price lists and searches, its own name included; ``key`` decides."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="aliases", verbose_name=_("бренд"))
    name = models.CharField(_("написання"), max_length=60)
    key = models.CharField(max_length=60, unique=True, editable=False)

    class Meta:
        verbose_name = _("написання бренда")
        verbose_name_plural = _("написання брендів")

    def __str__(self) -> str:
        return self.name
