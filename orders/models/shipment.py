"""A parcel on its way."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from shop.delivery.models import Carrier


class Shipment(models.Model):
    """One parcel with one tracking number; pick-up has none."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipments")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="+", verbose_name=_("перевізник"))
    waybill_number = models.CharField(_("номер накладної"), max_length=40, blank=True)
    shipped_at = models.DateTimeField(_("відправлено"), auto_now_add=True)

    class Meta:
        verbose_name = _("відправлення")
        verbose_name_plural = _("відправлення")
        ordering: ClassVar = ["-shipped_at"]

    def __str__(self) -> str:
        return self.waybill_number or "—"
