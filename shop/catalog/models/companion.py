"""What is needed along with a part, and repairs that need several parts."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.catalog.models.category import Category
from shop.catalog.models.fitment import Fitment
from shop.lib.names import in_language


class Companion(models.Model):
    """Whoever buys a part of ``category`` will also need one of ``needed``; ``why`` tells the reason."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="companions", verbose_name=_("до деталей"))
    needed = models.ForeignKey(Category, models.CASCADE, related_name="+", verbose_name=_("потрібні також"))
    why_uk = models.CharField(_("навіщо"), max_length=160)
    why_en = models.CharField(_("англійською"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    is_active = models.BooleanField(_("показувати"), default=True)
    in_reference = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("супутня категорія")
        verbose_name_plural = _("супутні категорії")
        ordering: ClassVar = ["category", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "needed"], name="companion_once"),
            models.CheckConstraint(condition=~Q(category=F("needed")), name="companion_is_another_category"),
        ]

    def __str__(self) -> str:
        return f"{self.category} → {self.needed}"

    @property
    def why(self) -> str:
        return in_language(self, "why")


class RepairJob(models.Model):
    """A repair as people name it (``передні гальма``): for a car it becomes a list of parts."""

    slug = models.SlugField(_("адреса"), unique=True)
    name_uk = models.CharField(_("назва"), max_length=80)
    name_en = models.CharField(_("англійською"), max_length=80, blank=True)
    about_uk = models.CharField(_("пояснення"), max_length=300, blank=True)
    about_en = models.CharField(_("пояснення англійською"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    is_active = models.BooleanField(_("показувати"), default=True)
    in_reference = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("ремонт")
        verbose_name_plural = _("ремонти")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("storefront:job", args=[self.slug])

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def about(self) -> str:
        return in_language(self, "about")


class RepairJobLine(models.Model):
    """So many pieces of one category; parts with another place on the car than ``place`` do not count."""

    job = models.ForeignKey(RepairJob, models.CASCADE, related_name="lines")
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", verbose_name=_("категорія"))
    place = models.PositiveSmallIntegerField(
        _("місце на авто"), choices=Fitment.Position.choices, default=Fitment.Position.ANY
    )
    quantity = models.PositiveSmallIntegerField(
        _("штук"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    is_optional = models.BooleanField(_("за потреби"), default=False)
    note_uk = models.CharField(_("примітка"), max_length=160, blank=True)
    note_en = models.CharField(_("примітка англійською"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    is_active = models.BooleanField(_("показувати"), default=True)
    in_reference = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("деталь для ремонту")
        verbose_name_plural = _("деталі для ремонту")
        ordering: ClassVar = ["job", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "category", "place"], name="repair_job_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=20), name="repair_job_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} × {self.quantity}"

    @property
    def note(self) -> str:
        return in_language(self, "note")
