"""What a person typed and chose at the checkout, checked and ready to be placed."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from decimal import Decimal

from orders.models import DeliveryKind, PaymentKind
from shop.delivery.models import PickupPoint


@dataclass(frozen=True)
class CheckoutData:
    """``key`` is the basket's placement key as the form carried it; ``pickup_point`` has its carrier and settlement."""

    key: uuid.UUID
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
            str(shown_total),
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def address(self) -> str:
        """Where the parcel goes, in words of the language at hand, to be frozen on the order."""
        point = self.pickup_point
        settlement = point.settlement
        return f"{settlement.name} ({settlement.oblast}), {point.name}, {point.address_uk}"
