"""Everything the page of one order shows, fetched in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.models import Hold, Order, OrderEvent, OrderLine, Shipment
from shop.lib.phones import mask_phone
from shop.messaging.models import Message
from shop.messaging.placeholders import cover
from shop.offers.models import StockItem

SEE_CONTACTS = "orders.view_contacts"
SEE_VIN = "orders.view_vin"
OPEN_CUSTOMER_PAGE = "orders.open_customer_page"


@dataclass(frozen=True)
class LineRow:
    """A frozen line and where its pieces are now."""

    line: OrderLine
    source: str
    state: str


@dataclass(frozen=True)
class MessageRow:
    """What the customer was told; ``text`` is None for those who may only know that it was sent."""

    message: Message
    receiver: str
    text: str | None


@dataclass(frozen=True)
class OrderSheet:
    order: Order
    lines: list[LineRow]
    events: list[OrderEvent]
    shipments: list[Shipment]
    messages: list[MessageRow]
    phone: str
    email: str
    vin: str
    customer_page: str | None
    may_see_contacts: bool


def sheet_of(order: Order, person: AbstractBaseUser | AnonymousUser) -> OrderSheet:
    """The page of ``order`` as ``person`` may see it; read the order through ``for_sheet`` first."""
    may: Any = getattr(person, "has_perm", lambda right: False)
    sees_contacts = may(SEE_CONTACTS)
    sees_texts = may("messaging.view_message")
    return OrderSheet(
        order=order,
        lines=_lines(order),
        events=list(order.events.select_related("author")),
        shipments=list(order.shipments.select_related("carrier")),
        messages=[
            MessageRow(
                message,
                receiver=message.receiver if sees_contacts else "",
                text=cover(message.text) if sees_texts else None,
            )
            for message in order.messages.defer("html", "sealed").order_by("created_at")
        ],
        phone=str(order.phone) if sees_contacts else mask_phone(str(order.phone)),
        email=order.email if sees_contacts else "",
        vin=order.vin if may(SEE_VIN) else mask_vin(order.vin),
        customer_page=order.get_absolute_url() if may(OPEN_CUSTOMER_PAGE) else None,
        may_see_contacts=sees_contacts,
    )


def mask_vin(vin: str) -> str:
    """``WVW••••••••••4321``: the maker and the last digits, as insurers print it."""
    return f"{vin[:3]}{'•' * (len(vin) - 7)}{vin[-4:]}" if len(vin) > 7 else "•" * len(vin)


def _lines(order: Order) -> list[LineRow]:
    lines = order.lines.select_related("part__brand", "warehouse__supplier").prefetch_related(
        Prefetch("holds", Hold.objects.order_by("pk"))
    )
    pieces = {
        (item.part_id, item.warehouse_id): item
        for item in StockItem.objects.filter(part_id__in=order.lines.values("part_id"))
    }
    return [LineRow(line, _source(line), _state(line, pieces)) for line in lines]


def _source(line: OrderLine) -> str:
    warehouse = line.warehouse
    if warehouse.supplier is None:
        return _("наш склад «%(name)s»") % {"name": warehouse.public_name_uk}
    return _("постачальник %(name)s") % {"name": warehouse.supplier.name}


def _state(line: OrderLine, pieces: Mapping[tuple[int, int], StockItem]) -> str:
    if not line.warehouse.is_ours:
        return _("замовити в постачальника")
    words: list[str] = []
    holds = list(line.holds.all())
    if holds:
        last = holds[-1]
        held = ngettext("%(state)s %(count)d штуку", "%(state)s %(count)d штук", last.pieces)
        words.append(held % {"state": last.get_state_display(), "count": last.pieces})
    else:
        words.append(_("без резерву"))
    if item := pieces.get((line.part_id, line.warehouse_id)):
        words.append(_("на полиці %(on_hand)d, вільно %(free)d") % {"on_hand": item.on_hand, "free": item.free})
    return "; ".join(words)
