"""What a person typed and chose at the checkout, checked and ready to be placed."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from orders.models import BasketLine, DeliveryKind, PaymentKind
from shop.delivery.models import PickupPoint


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
    """``key`` is the basket's placement key and ``shown_lines`` the hash of its lines, both as the form carried them;
    ``pickup_point`` has its carrier and settlement.
    """

    key: uuid.UUID
    shown_lines: str
    surname: str
    given_name: str
    patronymic: str
    phone: str
    email: str
    delivery_kind: DeliveryKind
    pickup_point: PickupPoint
    payment_kind: PaymentKind
    modification_id: int | None = None
    car: str = ""
    vin: str = ""
    comment: str = ""
    language: str = "uk"

    def content_hash(self, shown_total: Decimal) -> str:
        """64 hex digits of everything but the key: a second click sends the same, an edited form does not.

        The language is left out: pressing the button again on the English page orders nothing else.
        """
        content = [
            self.surname,
            self.given_name,
            self.patronymic,
            self.phone,
            self.email,
            self.delivery_kind,
            self.pickup_point.pk,
            self.payment_kind,
            self.car,
            self.vin,
            self.comment,
            self.shown_lines,
            str(shown_total),
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def address(self) -> str:
        """Where the parcel goes, in words of the language at hand, to be frozen on the order."""
        point = self.pickup_point
        settlement = point.settlement
        return f"{settlement.name} ({settlement.oblast}), {point.name}, {point.address_uk}"
