"""Companies that sell to us, and the places goods come from."""

from datetime import time
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.lib.names import in_language
from shop.offers.models.pricing import Currency


class Supplier(models.Model):
    """A company whose price lists we sell from."""

    code = models.SlugField(_("код"), unique=True)
    name = models.CharField(_("назва"), max_length=100)
    currency = models.CharField(_("валюта"), max_length=3, choices=Currency.choices, default=Currency.UAH)
    min_margin_percent = models.DecimalField(
        _("найменша націнка, %"),
        max_digits=5,
        decimal_places=2,
        default=0,
        help_text=_("Нижче за закупівлю з цією націнкою ціна не опускається за жодними правилами."),
    )
    is_active = models.BooleanField(_("працюємо"), default=True)

    class Meta:
        verbose_name = _("постачальник")
        verbose_name_plural = _("постачальники")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(min_margin_percent__gte=0), name="supplier_min_margin_not_negative")
        ]

    def __str__(self) -> str:
        return self.name


class Warehouse(models.Model):
    """A place goods leave from: a supplier's, or ours when it has no supplier.

    Customers see ``public_name``; whose warehouse it is stays our business.
    """

    supplier = models.ForeignKey(
        Supplier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="warehouses",
        verbose_name=_("постачальник"),
        help_text=_("Порожнє — наш склад."),
    )
    code = models.SlugField(_("код"), unique=True)
    public_name_uk = models.CharField(_("назва для покупця"), max_length=60)
    public_name_en = models.CharField(_("назва для покупця англійською"), max_length=60, blank=True)
    lead_days = models.PositiveSmallIntegerField(_("днів до відправлення"), default=0)
    cut_off = models.TimeField(_("відправляємо того ж дня до"), default=time(15, 0))
    is_active = models.BooleanField(_("працює"), default=True)

    class Meta:
        verbose_name = _("склад")
        verbose_name_plural = _("склади")
        ordering: ClassVar = ["lead_days", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(lead_days__lte=120), name="warehouse_lead_days_sane"),
        ]

    def __str__(self) -> str:
        return self.public_name

    @property
    def public_name(self) -> str:
        return in_language(self, "public_name")

    @property
    def is_ours(self) -> bool:
        return self.supplier_id is None
