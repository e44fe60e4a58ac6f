"""Before placing: Basket. After: Order with its lines, holds, events and parcel."""

from orders.models.basket import Basket, BasketLine, BasketQuerySet
from orders.models.hold import Hold, HoldQuerySet
from orders.models.order import DeliveryKind, Order, OrderEvent, OrderLine, OrderQuerySet, PaymentKind, Status
from orders.models.shipment import Shipment

__all__ = [
    "Basket",
    "BasketLine",
    "BasketQuerySet",
    "DeliveryKind",
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
