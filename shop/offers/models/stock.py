"""Our own pieces: how many we have, how many are promised, and why that changed."""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.catalog.models import Part
from shop.offers.errors import OutOfStock
from shop.offers.models.supplier import Warehouse


class StockItemQuerySet(models.QuerySet["StockItem"]):
    def reserve(self, pieces: Mapping[int, int]) -> None:
        """Promise pieces to an order; ``pieces`` maps stock item id to a count. Raises OutOfStock.

        Call it in a transaction. Rows go in id order, so two orders for the same parts cannot deadlock.
        """
        for pk, count in sorted(pieces.items()):
            free = self.filter(pk=pk, on_hand__gte=F("reserved") + count)
            if not free.update(reserved=F("reserved") + count):
                raise OutOfStock(pk)

    def release(self, pieces: Mapping[int, int]) -> None:
        """Take promises back; the counterpart of ``reserve``, in the same order of rows."""
        for pk, count in sorted(pieces.items()):
            self.filter(pk=pk).update(reserved=F("reserved") - count)

    def take_out(self, pieces: Mapping[int, int]) -> None:
        """Promised pieces leave the house: both counts go down together."""
        for pk, count in sorted(pieces.items()):
            self.filter(pk=pk).update(reserved=F("reserved") - count, on_hand=F("on_hand") - count)


class StockItem(models.Model):
    """Pieces of one part in one of our warehouses; ``on_hand - reserved`` can be sold."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="stock_items", verbose_name=_("деталь"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="stock_items", verbose_name=_("склад"))
    on_hand = models.PositiveIntegerField(_("на полиці"), default=0)
    reserved = models.PositiveIntegerField(_("у замовленнях"), default=0, editable=False)

    objects = StockItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("залишок")
        verbose_name_plural = _("залишки")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "warehouse"], name="stock_item_unique_place"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="stock_item_reserved_on_hand"),
        ]

    def __str__(self) -> str:
        return f"{self.part} · {self.warehouse}"

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


class StockMovement(models.Model):
    """Why ``on_hand`` changed. Added to, never edited: a trigger refuses UPDATE and DELETE."""

    class Reason(models.TextChoices):
        SHIPPED = "shipped", _("відправлено")
        COUNTED = "counted", _("перелічено")
        RECEIVED = "received", _("надійшло")

    stock_item = models.ForeignKey(StockItem, models.PROTECT, related_name="movements", verbose_name=_("залишок"))
    pieces = models.IntegerField(_("зміна"))
    reason = models.CharField(_("причина"), max_length=10, choices=Reason.choices)
    reference = models.CharField(_("документ"), max_length=60, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("хто")
    )
    moved_at = models.DateTimeField(_("коли"), auto_now_add=True)

    class Meta:
        verbose_name = _("рух залишку")
        verbose_name_plural = _("рух залишків")
        ordering: ClassVar = ["-moved_at"]
