"""One article of one brand."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shop.catalog.models.brand import Brand
from shop.catalog.models.category import Category
from shop.catalog.numbers import article_key, search_key
from shop.catalog.words import words_literal
from shop.lib.addresses import address_of


class PartQuerySet(models.QuerySet["Part"]):
    def active(self) -> "PartQuerySet":
        return self.filter(is_active=True)

    def with_names(self) -> "PartQuerySet":
        """With brand and category in the same query, as a part's name and address need."""
        return self.select_related("brand", "category")


class Part(models.Model):
    """One article of one brand. ``(brand, article_key)`` is its identity and its address."""

    class SoldAs(models.TextChoices):
        PIECE = "piece", _("шт.")
        PAIR = "pair", _("пара")
        SET = "set", _("комплект")

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="parts", verbose_name=_("бренд"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="parts", verbose_name=_("категорія"))
    article_number = models.CharField(_("артикул"), max_length=60, help_text=_("Як надруковано на упаковці."))
    article_key = models.CharField(max_length=60, editable=False)
    search_key = models.CharField(max_length=60, editable=False)
    name_uk = models.CharField(_("назва"), max_length=200)
    name_en = models.CharField(_("англійською"), max_length=200, blank=True)
    words = SearchVectorField(null=True, editable=False)
    sold_as = models.CharField(_("продається як"), max_length=5, choices=SoldAs.choices, default=SoldAs.PIECE)
    weight_kg = models.DecimalField(_("вага, кг"), max_digits=8, decimal_places=3, null=True, blank=True)
    warranty_months = models.PositiveSmallIntegerField(_("гарантія, міс."), default=12)
    is_active = models.BooleanField(_("показувати"), default=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("деталь")
        verbose_name_plural = _("деталі")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "article_key"], name="part_number_of_brand"),
            # Fitment copies the category; the pair makes the copy a foreign key that cannot drift.
            models.UniqueConstraint(fields=["id", "category"], name="part_in_category"),
        ]
        indexes: ClassVar = [
            models.Index(OpClass("search_key", name="text_pattern_ops"), name="part_search_key_prefix"),
            models.Index(fields=["category", "brand"], name="part_category_brand"),
            GinIndex(fields=["words"], name="part_words", fastupdate=False),
            # Few, and subtracted where thousands of parts are counted by another index alone.
            models.Index(fields=["id"], name="part_inactive", condition=Q(is_active=False)),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.article_number}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.article_key = article_key(self.article_number)
        self.search_key = search_key(self.article_number)
        self.words = words_literal([self.name_uk, self.name_en, *self.category.search_texts(), self.brand.name])
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return address_of("storefront:part", self.brand.slug, self.article_key)

    @property
    def name(self) -> str:
        """The part's own name; on English pages its English name or, without one, its category's."""
        if (get_language() or "uk").startswith("en"):
            return self.name_en or self.category.name
        return self.name_uk
