"""Parts, what they are called, and which cars they fit.

Bulk tables (numbers, fitments, attribute values) keep real foreign keys in the database but ``DO_NOTHING`` in
Python: parts and cars are deactivated, never deleted, and nobody loads a million rows to check that.
"""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from shop.catalog.numbers import article_key, search_key
from shop.catalog.words import words_literal
from shop.lib.names import in_language
from vehicles.models import Modification, VehicleMake


class Brand(models.Model):
    """The name on the box."""

    class Tier(models.TextChoices):
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


class Category(MP_Node):
    """A node of the tree of part kinds, at most three levels. Parts belong to leaves."""

    class FitmentKind(models.TextChoices):
        VEHICLE = "vehicle", _("підходить певним авто")
        UNIVERSAL = "universal", _("універсальне")

    slug = models.SlugField(_("адреса"), max_length=80, unique=True)
    name_uk = models.CharField(_("назва"), max_length=100)
    name_en = models.CharField(_("англійською"), max_length=100, blank=True)
    synonyms = ArrayField(
        models.CharField(max_length=100), default=list, blank=True, verbose_name=_("слова для пошуку")
    )
    google_product_category = models.PositiveIntegerField(_("категорія Google"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    fitment_kind = models.CharField(_("придатність"), max_length=10, choices=FitmentKind.choices)
    is_active = models.BooleanField(_("показувати"), default=True)
    in_reference = models.BooleanField(default=False, editable=False)

    node_order_by: ClassVar = ["position"]

    class Meta:
        verbose_name = _("категорія")
        verbose_name_plural = _("категорії")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def is_universal(self) -> bool:
        return self.fitment_kind == self.FitmentKind.UNIVERSAL

    def search_texts(self) -> list[str]:
        """What people may call its parts: both names and every synonym."""
        return [self.name_uk, self.name_en, *self.synonyms]

    def get_absolute_url(self) -> str:
        return reverse("storefront:category", args=[self.slug])


class Attribute(models.Model):
    """A property of the parts of one leaf category; its kind says which column of a value is filled."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("число")
        CHOICE = "choice", _("вибір")
        BOOL = "bool", _("так чи ні")

    category = models.ForeignKey(Category, models.CASCADE, related_name="attributes", verbose_name=_("категорія"))
    code = models.SlugField(_("код"))
    name_uk = models.CharField(_("назва"), max_length=100)
    name_en = models.CharField(_("англійською"), max_length=100, blank=True)
    unit = models.CharField(_("одиниця"), max_length=10, blank=True)
    kind = models.CharField(_("вид"), max_length=6, choices=Kind.choices)
    min_value = models.DecimalField(_("від"), max_digits=12, decimal_places=3, null=True, blank=True)
    max_value = models.DecimalField(_("до"), max_digits=12, decimal_places=3, null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)

    class Meta:
        verbose_name = _("властивість")
        verbose_name_plural = _("властивості")
        ordering: ClassVar = ["category", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "code"], name="attribute_code_in_category"),
            models.CheckConstraint(condition=Q(min_value__lte=F("max_value")), name="attribute_min_before_max"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")


class AttributeChoice(models.Model):
    """One allowed value of a choice attribute."""

    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="choices", verbose_name=_("властивість"))
    name_uk = models.CharField(_("значення"), max_length=100)
    name_en = models.CharField(_("англійською"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)

    class Meta:
        verbose_name = _("значення властивості")
        verbose_name_plural = _("значення властивостей")
        ordering: ClassVar = ["attribute", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["attribute", "name_uk"], name="attribute_choice_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")


class PartQuerySet(models.QuerySet["Part"]):
    def active(self) -> "PartQuerySet":
        return self.filter(is_active=True)

    def with_names(self) -> "PartQuerySet":
        """With brand and category in the same query, as a part's name and address need."""
        return self.select_related("brand", "category")

    def fitting(self, modification: Modification) -> "PartQuerySet":
        """Parts that some source lists for this modification, with or without conditions."""
        return self.filter(id__in=Fitment.objects.filter(modification=modification).values("part_id"))


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
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.article_number}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.article_key = article_key(self.article_number)
        self.search_key = search_key(self.article_number)
        self.words = words_literal([self.name_uk, self.name_en, *self.category.search_texts(), self.brand.name])
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("storefront:part", args=[self.brand.slug, self.article_key])

    @property
    def name(self) -> str:
        """The part's own name; on English pages its English name or, without one, its category's."""
        if (get_language() or "uk").startswith("en"):
            return self.name_en or self.category.name
        return self.name_uk


class AttributeValue(models.Model):
    """One property of one part: a choice, or a number (a yes is 1, a no is 0)."""

    part = models.ForeignKey(Part, models.DO_NOTHING, related_name="attribute_values")
    attribute = models.ForeignKey(Attribute, models.DO_NOTHING, related_name="values", db_index=False)
    choice = models.ForeignKey(AttributeChoice, models.DO_NOTHING, null=True, blank=True, db_index=False)
    number = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "attribute"], name="attribute_value_once"),
            models.CheckConstraint(
                condition=Q(choice__isnull=False, number__isnull=True) | Q(choice__isnull=True, number__isnull=False),
                name="attribute_value_choice_or_number",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["attribute", "choice"], name="attribute_value_by_choice")]


class CatalogSource(models.Model):
    """Who says that a part fits or replaces a number."""

    class Kind(models.TextChoices):
        SUPPLIER = "supplier", _("дані постачальника")
        STAFF = "staff", _("перевірив менеджер")

    code = models.SlugField(unique=True)
    name_uk = models.CharField(_("назва"), max_length=100)
    name_en = models.CharField(_("англійською"), max_length=100, blank=True)
    kind = models.CharField(_("вид"), max_length=10, choices=Kind.choices)

    class Meta:
        verbose_name = _("джерело даних")
        verbose_name_plural = _("джерела даних")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")


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


class FitmentCondition(models.Model):
    """A set of conditions shared by many fitments, such as ``{"brake_system": "TRW", "disc_mm": 288}``.

    Keys are listed in ``shop.catalog.fitment.CONDITIONS``; each set is stored once.
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


class CustomerGroup(models.Model):
    """Customers who pay retail × ``factor``, never below ``min_margin_percent`` over the purchase price."""

    name_uk = models.CharField(_("назва"), max_length=60, unique=True)
    factor = models.DecimalField(_("множник ціни"), max_digits=5, decimal_places=4, default=Decimal(1))
    min_margin_percent = models.DecimalField(
        _("найменша націнка, %"), max_digits=5, decimal_places=2, default=Decimal(0)
    )

    class Meta:
        verbose_name = _("група покупців")
        verbose_name_plural = _("групи покупців")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(factor__gt=0, factor__lte=1), name="customer_group_factor_is_discount")
        ]

    def __str__(self) -> str:
        return self.name_uk
