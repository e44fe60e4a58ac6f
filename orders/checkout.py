"""What a person typed and chose at the checkout, checked and ready to be placed."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.models import BasketLine, DeliveryKind, PaymentKind
from shop.delivery.models import Carrier, PickupPoint, Settlement

# Who carries a parcel of each kind.
CARRIER_OF: dict[str, str] = {
    DeliveryKind.NOVA_POSHTA: Carrier.NOVA_POSHTA,
    DeliveryKind.NOVA_POSHTA_DOOR: Carrier.NOVA_POSHTA,
    DeliveryKind.UKRPOSHTA: "ukrposhta",
    DeliveryKind.MEEST: "meest",
    DeliveryKind.COURIER: "courier",
    DeliveryKind.PICKUP: Carrier.SELF_PICKUP,
}


def lines_hash(lines: Iterable[BasketLine]) -> str:
    """32 hex digits of what a basket shows: each part, where from, for which car, how many, at what price.

    A line taken out and put in again is the same line.
    """
    seen = sorted(
        (line.part_id, line.warehouse_id, line.modification_id or 0, line.quantity, f"{line.price_seen:.2f}")
        for line in lines
    )
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class CheckoutData:
    """``key`` is the basket's placement key and ``shown_lines`` the hash of its lines, both as the form carried them.

    A parcel goes to a ``pickup_point`` (with its carrier and settlement), or to a door: then ``settlement``,
    ``carrier``, street and house are there instead. ``delivery_total`` and ``prepayment`` (hryvnias, taxes included)
    and ``offer_version`` are what the buyer saw and agrees to; without a version the offer in force is meant.
    """

    key: uuid.UUID
    shown_lines: str
    surname: str
    given_name: str
    patronymic: str
    phone: str
    email: str
    delivery_kind: DeliveryKind
    pickup_point: PickupPoint | None
    payment_kind: PaymentKind
    modification_id: int | None = None
    car: str = ""
    vin: str = ""
    comment: str = ""
    language: str = "uk"
    settlement: Settlement | None = None
    carrier: Carrier | None = None
    street: str = ""
    house: str = ""
    flat: str = ""
    wants_fit_check: bool = False
    offer_version: int | None = None
    delivery_total: Decimal = Decimal(0)
    prepayment: Decimal = Decimal(0)
    customer_id: int | None = None

    @property
    def town(self) -> Settlement:
        """Where it goes. Raises ValueError for a parcel that goes nowhere."""
        town = self.pickup_point.settlement if self.pickup_point else self.settlement
        if town is None:
            raise ValueError("neither a pick-up point nor a settlement")
        return town

    @property
    def sent_by(self) -> Carrier:
        """Raises ValueError for a parcel that nobody carries."""
        carrier = self.pickup_point.carrier if self.pickup_point else self.carrier
        if carrier is None:
            raise ValueError("neither a pick-up point nor a carrier")
        return carrier

    def content_hash(self, shown_total: Decimal) -> str:
        """64 hex digits of everything but the key: a second click sends the same, an edited form does not.

        The language is left out: pressing the button again on the English page orders nothing else. So is the account:
        signing in between two presses neither.
        """
        content = [
            self.surname,
            self.given_name,
            self.patronymic,
            self.phone,
            self.email,
            self.delivery_kind,
            self.pickup_point.pk if self.pickup_point else None,
            self.town.pk,
            self.street,
            self.house,
            self.flat,
            self.payment_kind,
            self.car,
            self.vin,
            self.wants_fit_check,
            self.comment,
            self.offer_version,
            f"{self.delivery_total:.2f}",
            f"{self.prepayment:.2f}",
            self.shown_lines,
            f"{shown_total:.2f}",
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def address(self) -> str:
        """Where the parcel goes, in words of the language at hand, to be frozen on the order."""
        town = f"{self.town.name} ({self.town.oblast})"
        if point := self.pickup_point:
            return f"{town}, {point.name}, {point.address_uk}"
        door = f"{town}, {self.street}, {self.house}"
        return door + (_(", кв. %(flat)s") % {"flat": self.flat} if self.flat else "")
