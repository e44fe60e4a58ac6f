"""Papers of an order as PDF: invoice, delivery note for each parcel, picking list.

``data`` takes them from the order's rows, ``templates`` lay them out, ``rendering`` sets them by typst.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from orders.models import Order, Shipment, Status
from orders.papers.data import delivery_note_data, invoice_data, parcels_of, picking_data
from orders.papers.rendering import render

INVOICE, PICKING_LIST = "invoice", "picking-list"
_NOTE = "delivery-note-"


@dataclass(frozen=True)
class PaperLink:
    """A paper and the address where it is made."""

    kind: str
    label: str
    url: str


def available_papers(order: Order) -> list[PaperLink]:
    """What the customer can fetch now: the invoice while the order can be paid by one, a note for each sent parcel."""
    return [
        PaperLink(kind, label, reverse("orders:order_paper", args=[order.number, order.secret, kind]))
        for kind, label in _kinds(order, order.shipments.all(), is_invoice_shown=order.is_by_invoice)
    ]


def papers_for_staff(order: Order, shipments: Iterable[Shipment]) -> list[PaperLink]:
    """All of them, whatever way the order is paid, and the picking list while something has to leave."""
    kinds = _kinds(order, shipments, is_invoice_shown=True)
    if order.status in (Status.PLACED, Status.CONFIRMED):
        kinds.append((PICKING_LIST, _("Лист комплектації")))
    return [PaperLink(kind, label, reverse("admin:orders_order_paper", args=[order.pk, kind])) for kind, label in kinds]


def paper(order: Order, kind: str) -> bytes | None:
    """The PDF; None when the order has no such paper."""
    if kind == INVOICE and order.status != Status.CANCELLED:
        return render("invoice", invoice_data(order))
    if kind == PICKING_LIST:
        return picking_lists([order])
    parcels = parcels_of(order.shipments.all())
    for (name, _label), parcel in zip(_notes(parcels), parcels, strict=True):
        if name == kind:
            return render("delivery-note", delivery_note_data(order, parcel))
    return None


def picking_lists(orders: Sequence[Order]) -> bytes:
    """One PDF for many orders, each a block that is not torn apart."""
    return render("picking-list", picking_data(orders, printed=localtime(now()).strftime("%d.%m.%Y %H:%M")))


def _kinds(order: Order, shipments: Iterable[Shipment], *, is_invoice_shown: bool) -> list[tuple[str, str]]:
    invoice = [(INVOICE, _("Рахунок на оплату"))] if is_invoice_shown and order.status != Status.CANCELLED else []
    return invoice + _notes(parcels_of(shipments))


def _notes(parcels: Sequence[Shipment]) -> list[tuple[str, str]]:
    if len(parcels) == 1:
        return [(f"{_NOTE}1", _("Видаткова накладна"))]
    return [
        (f"{_NOTE}{place}", _("Видаткова накладна, посилка %(place)d") % {"place": place})
        for place in range(1, len(parcels) + 1)
    ]
