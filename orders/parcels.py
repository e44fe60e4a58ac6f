"""The parcels of an order as its page shows them: where each is, where it waits and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

from orders.models import Order, OrderLine, Shipment, Status
from shop.delivery.models import Carrier
from shop.delivery.states import ParcelState

# The carriers' own pages for whoever has the number; not their programs' addresses.
_TRACKING_PAGES = {
    Carrier.NOVA_POSHTA: "https://novaposhta.ua/tracking/",
    Carrier.UKRPOSHTA: "https://track.ukrposhta.ua/tracking_UA.html?barcode=",
    Carrier.MEEST: "https://ua.meest.com/parcel-track?parcel_number=",
}


@dataclass(frozen=True)
class Parcel:
    """One parcel; ``place`` of ``count`` counts those that were not taken apart again.

    ``goods`` are pairs of line and pieces. ``tracking_page`` is empty without a number or with a carrier that has none.
    """

    shipment: Shipment
    place: int
    count: int
    goods: list[tuple[OrderLine, int]]
    tracking_page: str

    is_order_completed: bool

    @property
    def state(self) -> ParcelState:
        """A completed order was received, also where no carrier has said so of its parcels."""
        state = ParcelState(self.shipment.state)
        return ParcelState.DELIVERED if self.is_order_completed and not state.is_final else state

    @property
    def to_pay(self) -> Decimal:
        """What the receiver pays for it, until it is received."""
        is_over = self.state.is_final or self.state == ParcelState.RETURNING
        return Decimal(0) if is_over else self.shipment.cash_on_delivery

    @property
    def state_since(self) -> datetime | None:
        """When the parcel came into its state, as far as the carrier has said so."""
        times = {ParcelState.DELIVERED: self.shipment.delivered_at, ParcelState.READY: self.shipment.arrived_at}
        return times.get(self.state) or self.shipment.state_at

    @property
    def waits_until(self) -> date | None:
        """The last day of free storage, while the parcel waits for its receiver."""
        return self.shipment.storage_ends_on if self.state == ParcelState.READY else None

    @property
    def expected_on(self) -> date | None:
        moving = (ParcelState.LABELLED, ParcelState.IN_TRANSIT, ParcelState.OUT_FOR_DELIVERY)
        return self.shipment.expected_on if self.state in moving else None


def parcels_of(order: Order) -> list[Parcel]:
    """Of an order read with its parcels, their carriers and their lines; the first sent comes first."""
    packed = [each for each in order.shipments.all() if each.state != ParcelState.CANCELLED]
    packed.sort(key=lambda shipment: (shipment.shipped_at, shipment.pk))
    return [
        Parcel(
            shipment=shipment,
            place=place,
            count=len(packed),
            goods=[(each.line, each.pieces) for each in shipment.lines.all()],
            tracking_page=_tracking_page(shipment),
            is_order_completed=order.status == Status.COMPLETED,
        )
        for place, shipment in enumerate(packed, start=1)
    ]


def _tracking_page(shipment: Shipment) -> str:
    page = _TRACKING_PAGES.get(shipment.carrier.code, "")
    return f"{page}{quote(shipment.waybill_number, safe='')}" if page and shipment.waybill_number else ""
