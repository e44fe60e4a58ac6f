"""Before placing: Basket. After: Order with its lines, holds, events and parcel."""

from orders.models.basket import MAX_LINES, MAX_PIECES, Basket, BasketLine, BasketLineQuerySet, BasketQuerySet
from orders.models.enquiry import Enquiry, EnquiryQuerySet
from orders.models.hold import Hold, HoldQuerySet
from orders.models.link import SharedBasket
from orders.models.order import (
    MOVES,
    ONLINE,
    TO_THE_DOOR,
    DeliveryKind,
    Order,
    OrderEvent,
    OrderLine,
    OrderQuerySet,
    PaymentKind,
    Status,
)
from orders.models.payment import (
    PAYMENT_MOVES,
    FiscalReceipt,
    Payment,
    PaymentQuerySet,
    PaymentRule,
    PaymentStatus,
    Refund,
    paid_for,
)
from orders.models.revision import OrderNote, OrderRevision
from orders.models.shipment import PARCEL_MOVES, Shipment, ShipmentLine

__all__ = [
    "MAX_LINES",
    "MAX_PIECES",
    "MOVES",
    "ONLINE",
    "PARCEL_MOVES",
    "PAYMENT_MOVES",
    "TO_THE_DOOR",
    "Basket",
    "BasketLine",
    "BasketLineQuerySet",
    "BasketQuerySet",
    "DeliveryKind",
    "Enquiry",
    "EnquiryQuerySet",
    "FiscalReceipt",
    "Hold",
    "HoldQuerySet",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderNote",
    "OrderQuerySet",
    "OrderRevision",
    "Payment",
    "PaymentKind",
    "PaymentQuerySet",
    "PaymentRule",
    "PaymentStatus",
    "Refund",
    "SharedBasket",
    "Shipment",
    "ShipmentLine",
    "Status",
    "paid_for",
]
