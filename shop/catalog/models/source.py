"""Who says so."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.lib.names import in_language


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
