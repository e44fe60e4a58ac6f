"""The tree of part kinds."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from shop.lib.addresses import address_of
from shop.lib.names import in_language


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
        return address_of("storefront:category", self.slug)
