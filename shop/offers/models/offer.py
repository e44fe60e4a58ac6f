"""Price lists and the offers in them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from shop.catalog.models import Part
from shop.lib.money import MoneyField
from shop.offers.models.pricing import Currency
from shop.offers.models.supplier import Supplier, Warehouse


class PriceList(models.Model):
    """One version of a supplier's named list (of our own list when it has no supplier); at most one is active."""

    class Status(models.TextChoices):
        STAGED = "staged", _("перевіряється")
        ACTIVE = "active", _("діє")
        SUPERSEDED = "superseded", _("замінений")

    # DO_NOTHING: a chain that ends in DB_CASCADE may not have Python's on_delete in it. The constraint is real.
    supplier = models.ForeignKey(
        Supplier, models.DO_NOTHING, null=True, blank=True, related_name="price_lists", verbose_name=_("постачальник")
    )
    name = models.CharField(_("прайс"), max_length=60, default="main")
    version = models.PositiveIntegerField(_("версія"))
    status = models.CharField(_("стан"), max_length=10, choices=Status.choices, default=Status.STAGED)
    loaded_at = models.DateTimeField(_("завантажено"), auto_now_add=True)

    class Meta:
        verbose_name = _("прайс-лист")
        verbose_name_plural = _("прайс-листи")
        ordering: ClassVar = ["-loaded_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "name", "version"], name="price_list_version_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["supplier", "name"],
                condition=Q(status="active"),
                name="price_list_one_active",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier or _('Наш склад')} · {self.name} · {self.version}"


class OfferQuerySet(models.QuerySet["Offer"]):
    def current(self) -> "OfferQuerySet":
        """Offers of active list versions, from warehouses and suppliers we work with."""
        return self.filter(
            Q(price_list__supplier__isnull=True) | Q(price_list__supplier__is_active=True),
            price_list__status=PriceList.Status.ACTIVE,
            warehouse__is_active=True,
        )

    def with_pieces(self) -> "OfferQuerySet":
        """Annotate ``free_pieces``: own stock that is not promised, or what a supplier's list says (0 when silent)."""
        return self.annotate(
            free_pieces=models.Case(
                models.When(
                    warehouse__supplier__isnull=True,
                    then=Coalesce(models.Subquery(_free_own_pieces()), 0),
                ),
                default=Coalesce(F("pieces"), 0),
                output_field=models.IntegerField(),
            )
        )

    def in_stock(self) -> "OfferQuerySet":
        return self.with_pieces().filter(free_pieces__gt=0)  # type: ignore[misc]  # the annotation above

    def for_part(self, part: Part) -> "OfferQuerySet":
        return self.filter(part=part)

    def soonest_first(self) -> "OfferQuerySet":
        return self.select_related("warehouse").order_by("lead_days", "price", "id")

    def cheapest_first(self) -> "OfferQuerySet":
        return self.select_related("warehouse").order_by("price", "lead_days", "id")


def _free_own_pieces() -> models.QuerySet:  # type: ignore[type-arg]
    from shop.offers.models.stock import StockItem

    return StockItem.objects.filter(
        part=models.OuterRef("part_id"), warehouse=models.OuterRef("warehouse_id")
    ).values_list(F("on_hand") - F("reserved"))[:1]


class Offer(models.Model):
    """A price, a quantity and a lead time for a part, in one version of a list.

    Nothing refers to a row of this table: baskets and orders keep part, warehouse and the price seen.
    ``price`` is what a retail customer pays in UAH, taxes included, computed from ``purchase_price``.
    """

    price_list = models.ForeignKey(PriceList, models.DB_CASCADE, related_name="offers", verbose_name=_("прайс-лист"))
    part = models.ForeignKey(Part, models.DO_NOTHING, related_name="offers", verbose_name=_("деталь"))
    warehouse = models.ForeignKey(
        Warehouse, models.DO_NOTHING, related_name="+", db_index=False, verbose_name=_("склад")
    )
    purchase_price = models.DecimalField(_("закупівельна ціна"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("валюта"), max_length=3, choices=Currency.choices)
    price = MoneyField(_("ціна, ₴"))
    pieces = models.PositiveIntegerField(
        _("кількість"), null=True, blank=True, help_text=_("Для нашого складу — порожнє: кількість дає залишок.")
    )
    is_at_least = models.BooleanField(_("або більше"), default=False)
    lead_days = models.PositiveSmallIntegerField(_("днів до відправлення"))

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("пропозиція")
        verbose_name_plural = _("пропозиції")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["price_list", "part", "warehouse"], name="offer_once_in_list"),
            models.CheckConstraint(condition=Q(price__gt=0), name="offer_price_positive"),
            models.CheckConstraint(condition=Q(purchase_price__gt=0), name="offer_purchase_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} · {self.price}"
