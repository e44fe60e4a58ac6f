"""How a purchase price becomes a retail price."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.catalog.models import Brand, Category


class Currency(models.TextChoices):
    """Currencies that suppliers quote in; customers see hryvnias only."""

    UAH = "UAH", "UAH"
    USD = "USD", "USD"
    EUR = "EUR", "EUR"
    PLN = "PLN", "PLN"


class ExchangeRate(models.Model):
    """Hryvnias for one unit of ``currency`` from a day on. A locked rate holds, whatever the bank says.

    A rate that waits for a person (it jumped) is not in force until somebody takes it.
    """

    class Source(models.TextChoices):
        NBU = "nbu", _("Національний банк")
        MANUAL = "manual", _("вручну")

    currency = models.CharField(_("валюта"), max_length=3, choices=Currency.choices)
    valid_on = models.DateField(_("на дату"))
    rate = models.DecimalField(_("курс, ₴"), max_digits=12, decimal_places=6)
    source = models.CharField(_("джерело"), max_length=6, choices=Source.choices, default=Source.MANUAL)
    is_locked = models.BooleanField(
        _("зафіксовано"),
        default=False,
        help_text=_("Діє для цієї валюти, поки позначку не знято, хоч би який курс надійшов."),
    )
    lock_reason = models.CharField(_("чому зафіксовано"), max_length=200, blank=True)
    needs_person_since = models.DateTimeField(_("чекає на рішення з"), null=True, blank=True, editable=False)
    needs_person_reason = models.CharField(_("чому"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("курс валюти")
        verbose_name_plural = _("курси валют")
        ordering: ClassVar = ["-valid_on", "currency"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["currency", "valid_on", "source"], name="exchange_rate_once_a_day"),
            models.UniqueConstraint(fields=["currency"], condition=Q(is_locked=True), name="exchange_rate_one_locked"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(condition=~Q(currency="UAH"), name="exchange_rate_of_foreign_money"),
            models.CheckConstraint(
                condition=Q(is_locked=False) | Q(needs_person_since__isnull=True),
                name="exchange_rate_locked_is_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.rate} ({self.valid_on})"


class Markup(models.Model):
    """Percent put on the purchase price in hryvnias, from ``price_from`` up.

    The rule with the narrowest scope wins: brand with category, category (the deeper one), brand, supplier, all; at
    the same scope one that names the supplier beats one that does not, then the highest band that fits applies.
    """

    supplier = models.ForeignKey(
        "offers.Supplier",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="markups",
        verbose_name=_("постачальник"),
        help_text=_("Порожнє — усі, також власний склад."),
    )
    brand = models.ForeignKey(
        Brand,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("бренд"),
        help_text=_("Порожнє — усі."),
    )
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("категорія"),
        help_text=_("Разом з усіма підкатегоріями. Порожнє — усі."),
    )
    price_from = models.DecimalField(_("від ціни, ₴"), max_digits=12, decimal_places=2, default=Decimal(0))
    percent = models.DecimalField(_("націнка, %"), max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = _("націнка")
        verbose_name_plural = _("націнки")
        ordering: ClassVar = ["supplier", "brand", "category", "price_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "brand", "category", "price_from"], name="markup_band_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(percent__gte=0), name="markup_not_negative"),
        ]


class PriceRounding(models.Model):
    """Retail prices from ``price_from`` on are rounded up to a multiple of ``step``, less ``minus`` (10 less 1: …9)."""

    price_from = models.DecimalField(_("від ціни, ₴"), max_digits=12, decimal_places=2, default=Decimal(0), unique=True)
    step = models.DecimalField(_("крок, ₴"), max_digits=8, decimal_places=2, default=Decimal("0.01"))
    minus = models.DecimalField(_("мінус, ₴"), max_digits=8, decimal_places=2, default=Decimal(0))

    class Meta:
        verbose_name = _("округлення ціни")
        verbose_name_plural = _("округлення цін")
        ordering: ClassVar = ["price_from"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(step__gt=0), name="price_rounding_step_positive"),
            models.CheckConstraint(condition=Q(minus__gte=0, minus__lt=F("step")), name="price_rounding_minus_in_step"),
        ]

    def __str__(self) -> str:
        return f"{self.price_from}: {self.step} − {self.minus}"
