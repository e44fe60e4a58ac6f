"""Before placing: Basket. After: Order with its lines, holds, events and parcel."""

from orders.models.basket import MAX_LINES, MAX_PIECES, Basket, BasketLine, BasketLineQuerySet, BasketQuerySet
from orders.models.enquiry import Enquiry, EnquiryQuerySet
from orders.models.hold import Hold, HoldQuerySet
from orders.models.order import MOVES, DeliveryKind, Order, OrderEvent, OrderLine, OrderQuerySet, PaymentKind, Status
from orders.models.shipment import Shipment

__all__ = [
    "MAX_LINES",
    "MAX_PIECES",
    "MOVES",
    "Basket",
    "BasketLine",
    "BasketLineQuerySet",
    "BasketQuerySet",
    "DeliveryKind",
    "Enquiry",
    "EnquiryQuerySet",
    "Hold",
    "HoldQuerySet",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderQuerySet",
    "PaymentKind",
    "Shipment",
    "Status",
]
