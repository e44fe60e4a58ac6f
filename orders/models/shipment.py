"""Parcels on their way."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.errors import WrongStatus
from orders.models.order import Order, OrderLine
from shop.delivery.models import Carrier
from shop.delivery.states import ParcelState
from shop.lib.money import MoneyField

# From which states a state may be reached; a carrier's news out of order changes nothing.
PARCEL_MOVES: dict[ParcelState, frozenset[ParcelState]] = {
    ParcelState.IN_TRANSIT: frozenset({ParcelState.LABELLED, ParcelState.PROBLEM}),
    ParcelState.OUT_FOR_DELIVERY: frozenset({ParcelState.LABELLED, ParcelState.IN_TRANSIT, ParcelState.PROBLEM}),
    ParcelState.READY: frozenset(
        {ParcelState.LABELLED, ParcelState.IN_TRANSIT, ParcelState.OUT_FOR_DELIVERY, ParcelState.PROBLEM}
    ),
    ParcelState.PROBLEM: frozenset(
        {ParcelState.LABELLED, ParcelState.IN_TRANSIT, ParcelState.OUT_FOR_DELIVERY, ParcelState.READY}
    ),
    ParcelState.DELIVERED: frozenset(
        {
            ParcelState.LABELLED,
            ParcelState.IN_TRANSIT,
            ParcelState.OUT_FOR_DELIVERY,
            ParcelState.READY,
            ParcelState.PROBLEM,
        }
    ),
    ParcelState.RETURNING: frozenset(
        {
            ParcelState.LABELLED,
            ParcelState.IN_TRANSIT,
            ParcelState.OUT_FOR_DELIVERY,
            ParcelState.READY,
            ParcelState.PROBLEM,
        }
    ),
    ParcelState.RETURNED: frozenset({ParcelState.RETURNING, ParcelState.READY, ParcelState.PROBLEM}),
    ParcelState.CANCELLED: frozenset({ParcelState.LABELLED}),
}


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def on_the_way(self) -> "ShipmentQuerySet":
        return self.filter(state__in=ParcelState.moving())


class Shipment(models.Model):
    """One parcel with one tracking number; pick-up has none.

    ``waybill_ref`` is the carrier's own key of the waybill, needed to delete it. ``state_code`` is what the carrier
    said last, as it said it. A waybill that was asked for and whose answer was lost has ``waybill_asked_at`` and no
    number: it is looked up by ``our_number``, never asked for again blindly. ``ask_at`` is when the carrier is spoken
    to next: to make the waybill while there is no number, to hear where the parcel is afterwards. ``return_number`` is
    the waybill under which a refused parcel comes back to us.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipments")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="+", verbose_name=_("перевізник"))
    state = models.CharField(_("стан"), max_length=16, choices=ParcelState.choices, default=ParcelState.LABELLED)
    waybill_number = models.CharField(_("номер накладної"), max_length=40, blank=True)
    waybill_ref = models.CharField(max_length=60, blank=True, editable=False)
    waybill_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    return_number = models.CharField(
        _("номер повернення"), max_length=40, blank=True, db_default="", default="", editable=False
    )
    weight_kg = models.DecimalField(_("вага, кг"), max_digits=8, decimal_places=3, null=True, blank=True)
    length_cm = models.PositiveSmallIntegerField(_("довжина, см"), null=True, blank=True)
    width_cm = models.PositiveSmallIntegerField(_("ширина, см"), null=True, blank=True)
    height_cm = models.PositiveSmallIntegerField(_("висота, см"), null=True, blank=True)
    declared_value = MoneyField(_("оголошена вартість"), null=True, blank=True)
    cash_on_delivery = MoneyField(_("отримати з покупця"), default=0)
    carrier_price = MoneyField(_("ціна перевізника"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("хто")
    )
    shipped_at = models.DateTimeField(_("відправлено"), auto_now_add=True)
    expected_on = models.DateField(_("очікується"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("прибуло"), null=True, blank=True)
    storage_ends_on = models.DateField(_("безкоштовне зберігання до"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("отримано"), null=True, blank=True)
    state_code = models.CharField(max_length=20, blank=True, editable=False)
    state_text = models.CharField(_("слова перевізника"), max_length=200, blank=True, editable=False)
    state_at = models.DateTimeField(_("стан від"), null=True, blank=True, editable=False)
    ask_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_times = models.PositiveSmallIntegerField(default=0, editable=False)
    needs_person_since = models.DateTimeField(_("чекає на людину з"), null=True, blank=True)
    needs_person_reason = models.CharField(_("чому"), max_length=200, blank=True)

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("відправлення")
        verbose_name_plural = _("відправлення")
        ordering: ClassVar = ["-shipped_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["carrier", "waybill_number"],
                condition=~Q(waybill_number=""),
                name="shipment_waybill_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="shipment_to_be_asked"),
            models.Index(
                fields=["needs_person_since"],
                condition=Q(needs_person_since__isnull=False),
                name="shipment_needs_person",
            ),
        ]

    def __str__(self) -> str:
        return self.waybill_number or "—"

    @property
    def our_number(self) -> str:
        """How the carrier's books call this parcel in our words; no other parcel has it."""
        return f"{self.order.number}-{self.pk}"

    @property
    def number_to_track(self) -> str:
        return self.return_number or self.waybill_number

    def ask_a_person(self, reason: str) -> None:
        """Put the parcel on the attention list; the clock of an earlier reason keeps running."""
        Shipment.objects.filter(pk=self.pk).update(
            needs_person_since=Coalesce("needs_person_since", timezone.now()), needs_person_reason=reason[:200]
        )

    def move_to(self, state: ParcelState, **fields: object) -> None:
        """Change the state, and ``fields`` with it, if the table of moves allows it. Raises WrongStatus."""
        moved = Shipment.objects.filter(pk=self.pk, state__in=PARCEL_MOVES[state]).update(state=state, **fields)
        if not moved:
            self.refresh_from_db(fields=["state"])
            raise WrongStatus(self.get_state_display())
        self.state = state
        for name, value in fields.items():
            setattr(self, name, value)


class ShipmentLine(models.Model):
    """Pieces of one order line in one parcel."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="shipped_in")
    pieces = models.PositiveSmallIntegerField(_("штук"))

    class Meta:
        verbose_name = _("рядок відправлення")
        verbose_name_plural = _("рядки відправлення")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pieces__gte=1), name="shipment_line_pieces"),
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} × {self.pieces}"
