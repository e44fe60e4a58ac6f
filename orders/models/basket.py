"""What a visitor wants to order; kept on the server, so it survives a power cut."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalog.models import Part
from shop.lib.money import MoneyField
from shop.offers.models import Warehouse
from vehicles.models import Modification

# A working limit against typing slips; larger needs go to a manager.
MAX_PIECES = 99


class BasketQuerySet(models.QuerySet["Basket"]):
    pass


class Basket(models.Model):
    """Lines of one visitor; a guest's basket is named by ``session["basket"]`` and nobody else can reach it.

    ``placement_key`` goes into the checkout form and changes when an order is placed: a second click on the
    old form finds the order, a new order needs a new form.
    """

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="baskets"
    )
    placement_key = models.UUIDField(default=uuid.uuid4, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = BasketQuerySet.as_manager()

    def __str__(self) -> str:
        return f"basket {self.pk}"


class BasketLine(models.Model):
    """A part from one warehouse, with the price the visitor saw and the car it is for."""

    basket = models.ForeignKey(Basket, models.CASCADE, related_name="lines")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    modification = models.ForeignKey(Modification, models.SET_NULL, null=True, blank=True, related_name="+")
    quantity = models.PositiveSmallIntegerField(_("кількість"), default=1)
    price_seen = MoneyField(_("ціна"))
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["added_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["basket", "part", "warehouse", "modification"], name="basket_line_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=MAX_PIECES), name="basket_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} × {self.quantity}"

    @property
    def total(self) -> Decimal:
        total: Decimal = self.price_seen * self.quantity
        return total
