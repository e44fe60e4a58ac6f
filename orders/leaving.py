"""How many pieces of each line are in parcels, and how many have still to leave."""

from collections import Counter

from orders.models import Order, OrderLine, ShipmentLine
from shop.delivery.states import ParcelState


def pieces_sent(order: Order) -> Counter[int]:
    """Line id to the pieces of it in parcels; a parcel that was taken apart holds none. One query."""
    sent: Counter[int] = Counter()
    in_parcels = ShipmentLine.objects.filter(shipment__order=order).exclude(shipment__state=ParcelState.CANCELLED)
    for line_id, pieces in in_parcels.values_list("line_id", "pieces"):
        sent[line_id] += pieces
    return sent


def lines_left(order: Order) -> dict[OrderLine, int]:
    """The lines that have not left in full, each with the pieces to send."""
    sent = pieces_sent(order)
    lines = order.lines.current().select_related("part", "warehouse")
    return {line: line.quantity - sent[line.pk] for line in lines if line.quantity > sent[line.pk]}


def has_parcels(order: Order) -> bool:
    """Whether anything has been packed or sent."""
    return order.shipments.exclude(state=ParcelState.CANCELLED).exists()
