"""How a purchase price becomes a retail price."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Currency(models.TextChoices):
    """Currencies that suppliers quote in; customers see hryvnias only."""

    UAH = "UAH", "UAH"
    USD = "USD", "USD"
    EUR = "EUR", "EUR"
    PLN = "PLN", "PLN"


class ExchangeRate(models.Model):
    """Hryvnias for one unit of ``currency`` on a day."""

    currency = models.CharField(_("валюта"), max_length=3, choices=Currency.choices)
    valid_on = models.DateField(_("на дату"))
    rate = models.DecimalField(_("курс, ₴"), max_digits=12, decimal_places=6)

    class Meta:
        verbose_name = _("курс валюти")
        verbose_name_plural = _("курси валют")
        ordering: ClassVar = ["-valid_on", "currency"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["currency", "valid_on"], name="exchange_rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.rate} ({self.valid_on})"


class Markup(models.Model):
    """Percent put on the purchase price in hryvnias, from ``price_from`` up; the highest band that fits applies."""

    supplier = models.ForeignKey(
        "offers.Supplier",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="markups",
        verbose_name=_("постачальник"),
        help_text=_("Порожнє — власний склад."),
    )
    price_from = models.DecimalField(_("від ціни, ₴"), max_digits=12, decimal_places=2, default=Decimal(0))
    percent = models.DecimalField(_("націнка, %"), max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = _("націнка")
        verbose_name_plural = _("націнки")
        ordering: ClassVar = ["supplier", "price_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["supplier", "price_from"], name="markup_band_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(percent__gte=0), name="markup_not_negative"),
        ]
