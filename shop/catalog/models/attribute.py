"""Properties of the parts of a category, and their values."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.catalog.models.category import Category
from shop.catalog.models.part import Part
from shop.lib.names import in_language


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
