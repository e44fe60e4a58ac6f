"""A promise of our own pieces to an order line; ``StockItem.reserved`` is the sum of open holds."""

from collections import Counter
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order, OrderLine
from shop.offers.models import StockItem


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self) -> "HoldQuerySet":
        return self.filter(state=Hold.State.OPEN)

    def of(self, order: Order) -> "HoldQuerySet":
        return self.filter(line__order=order)

    def ended_by(self, moment: datetime) -> "HoldQuerySet":
        return self.open().filter(ends_at__lte=moment)

    def pieces_by_item(self) -> Counter[int]:
        """Stock item id to the pieces these holds promise of it."""
        pieces: Counter[int] = Counter()
        for item_id, count in self.values_list("stock_item_id", "pieces"):
            pieces[item_id] += count
        return pieces


class Hold(models.Model):
    """``pieces`` of a stock item promised to a line. Ends by being shipped or released, never by deletion.

    ``ends_at`` is empty while the order waits for its confirmation or cancellation (paid on delivery).
    """

    class State(models.TextChoices):
        OPEN = "open", _("тримаємо")
        SHIPPED = "shipped", _("відправлено")
        RELEASED = "released", _("звільнено")

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="holds")
    stock_item = models.ForeignKey(StockItem, models.PROTECT, related_name="holds")
    pieces = models.PositiveSmallIntegerField(_("штук"))
    state = models.CharField(_("стан"), max_length=8, choices=State.choices, default=State.OPEN)
    taken_at = models.DateTimeField(_("з"), auto_now_add=True)
    ends_at = models.DateTimeField(_("до"), null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("резерв")
        verbose_name_plural = _("резерви")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pieces__gte=1), name="hold_pieces_positive"),
            models.UniqueConstraint(fields=["line", "stock_item"], condition=Q(state="open"), name="hold_open_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_at"], condition=Q(state="open", ends_at__isnull=False), name="hold_ending")
        ]
