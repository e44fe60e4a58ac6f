"""What we can sell now, and for how much it was offered before."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalog.models import Part
from shop.lib.money import MoneyField
from shop.offers.models.price_list import PriceList
from shop.offers.models.pricing import Currency
from shop.offers.models.supplier import Warehouse


class OfferQuerySet(models.QuerySet["Offer"]):
    def current(self) -> "OfferQuerySet":
        """Offers of lists that are not too old, from warehouses and suppliers we work with."""
        return self.filter(
            Q(price_list__supplier__isnull=True) | Q(price_list__supplier__is_active=True),
            Q(price_list__fresh_until__isnull=True) | Q(price_list__fresh_until__gt=Now()),
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
    """A price, a quantity and a lead time for a part, by the version of its list that is in force.

    Nothing refers to a row of this table: baskets and orders keep part, warehouse and the price seen.
    ``price`` is what a retail customer pays in UAH, taxes included, computed from ``purchase_price``;
    it holds ``since``.
    """

    # No index of its own: the constraint below begins with it.
    price_list = models.ForeignKey(
        PriceList, models.DB_CASCADE, related_name="offers", db_index=False, verbose_name=_("прайс-лист")
    )
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
    since = models.DateTimeField(_("ціна діє з"), db_default=Now(), editable=False)

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

    def end_price(self) -> datetime:
        """Write down that the price held until this moment, and give the moment back. Call it under the row's lock."""
        until = max(self.since, timezone.now())
        PastPrice.objects.create(
            price_list_id=self.price_list_id,
            part_id=self.part_id,
            warehouse_id=self.warehouse_id,
            purchase_price=self.purchase_price,
            currency=self.currency,
            price=self.price,
            since=self.since,
            until=until,
        )
        return until


class PastPrice(models.Model):
    """A retail price that held from ``since`` to ``until``, and what we paid then; written when it ends."""

    price_list = models.ForeignKey(PriceList, models.DB_CASCADE, related_name="+", db_index=False)
    part = models.ForeignKey(Part, models.DO_NOTHING, related_name="+", verbose_name=_("деталь"), db_index=False)
    warehouse = models.ForeignKey(
        Warehouse, models.DO_NOTHING, related_name="+", db_index=False, verbose_name=_("склад")
    )
    purchase_price = models.DecimalField(_("закупівельна ціна"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("валюта"), max_length=3, choices=Currency.choices)
    price = MoneyField(_("ціна, ₴"))
    since = models.DateTimeField(_("від"))
    until = models.DateTimeField(_("до"))

    class Meta:
        verbose_name = _("колишня ціна")
        verbose_name_plural = _("колишні ціни")
        ordering: ClassVar = ["-until"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="past_price_since_until")
        ]
        indexes: ClassVar = [models.Index(fields=["part", "warehouse", "until"], name="past_price_of_part")]
