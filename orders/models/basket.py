"""What a visitor wants to order; kept on the server, so it survives a power cut."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.auth import SESSION_KEY as AUTH_KEY
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Least
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shop.catalog.models import Part
from shop.lib.money import MoneyField
from shop.lib.statements import Found
from shop.offers.models import Offer, Warehouse
from vehicles.models import Modification

# A working limit against typing slips; larger needs go to a manager.
MAX_PIECES = 99
# More lines than any car has wear parts; a limit against robots that fill tables.
MAX_LINES = 100
SESSION_KEY = "basket"


class BasketQuerySet(models.QuerySet["Basket"]):
    def for_request(self, request: HttpRequest) -> "Basket | None":
        """The visitor's basket: the one that the session names, for somebody signed in the account's own.

        One query at most, none for a guest who has put nothing in. A basket of an account is nobody else's, whatever a
        session names.
        """
        owner = _signed_in(request)
        pk = request.session.get(SESSION_KEY)
        if pk:
            for basket in _basket(pk=pk):
                if basket.customer_id in (None, owner):
                    return basket
        return self.filter(customer=owner).first() if owner else None

    def locked(self, pk: int) -> "Basket":
        """The basket, which nobody else changes or orders until this transaction ends. Raises DoesNotExist."""
        for basket in _locked(pk=pk):
            return basket
        raise Basket.DoesNotExist

    def for_request_or_new(self, request: HttpRequest) -> "Basket":
        """The visitor's basket; the first part makes one."""
        basket = self.for_request(request)
        if basket is None:
            owner = _signed_in(request)
            # Two tabs may put the first part in at once: an account has one basket.
            basket = self.get_or_create(customer_id=owner)[0] if owner else self.create()
        request.session[SESSION_KEY] = basket.pk
        return basket


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

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(customer__isnull=False), name="basket_one_of_a_customer"
            )
        ]

    def __str__(self) -> str:
        return f"basket {self.pk}"

    def add(self, offer: Offer, *, quantity: int, car: Modification | None) -> None:
        """Put pieces of an offer in; the same part from the same place for the same car adds up, to MAX_PIECES."""
        line, is_new = self.lines.get_or_create(
            part_id=offer.part_id,
            warehouse_id=offer.warehouse_id,
            modification=car,
            defaults={"quantity": quantity, "price_seen": offer.price},
        )
        if not is_new:
            self.lines.filter(pk=line.pk).update(
                quantity=Least(F("quantity") + quantity, Value(MAX_PIECES)), price_seen=offer.price
            )

    def category_ids(self) -> set[int]:
        """Of the parts in it."""
        return set(self.lines.order_by().values_list("part__category_id", flat=True))

    def read_lines(self) -> "list[BasketLine]":
        """Its lines with their names, in the order in which they were put in; one query."""
        return _lines(basket=self.pk)

    def start_over(self) -> None:
        """Empty, under a new placement key: what was in it has become an order."""
        self.lines.all().delete()
        self.placement_key = uuid.uuid4()
        self.save(update_fields=["placement_key", "changed_at"])


class BasketLineQuerySet(models.QuerySet["BasketLine"]):
    def with_names(self) -> "BasketLineQuerySet":
        """With part, brand, category, warehouse and car in the same query, as a line shows them."""
        return self.select_related(
            "part__brand", "part__category", "warehouse", "modification__generation__model__make"
        )


class BasketLine(models.Model):
    """A part from one warehouse, with the price the visitor saw and the car it is for."""

    basket = models.ForeignKey(Basket, models.CASCADE, related_name="lines")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    modification = models.ForeignKey(Modification, models.SET_NULL, null=True, blank=True, related_name="+")
    quantity = models.PositiveSmallIntegerField(_("кількість"), default=1)
    price_seen = MoneyField(_("ціна"))
    added_at = models.DateTimeField(auto_now_add=True)

    objects = BasketLineQuerySet.as_manager()

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


def _signed_in(request: HttpRequest) -> int | None:
    """Whose session it is, without reading the account."""
    pk = request.session.get(AUTH_KEY)
    return int(pk) if pk else None


_basket = Found(lambda pk: Basket.objects.filter(pk=pk))
_locked = Found(lambda pk: Basket.objects.select_for_update().filter(pk=pk))
_lines = Found(lambda basket: BasketLine.objects.with_names().filter(basket=basket))
