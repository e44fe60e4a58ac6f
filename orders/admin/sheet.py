"""Everything the page of one order shows, fetched in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.models import Hold, Order, OrderEvent, OrderLine, OrderNote, OrderRevision, Payment, Shipment
from orders.payments.balance import Balance, order_balance
from shop.catalog.fitment import Fit
from shop.lib.phones import mask_phone
from shop.messaging.models import DeliveryEvent, Message
from shop.messaging.placeholders import cover
from shop.messaging.repeating import may_be_repeated
from shop.messaging.repeating_admin import REPEAT
from shop.offers.models import Offer, StockItem

SEE_CONTACTS = "orders.view_contacts"
SEE_VIN = "orders.view_vin"
SEE_COSTS = "offers.view_purchase_price"
OPEN_CUSTOMER_PAGE = "orders.open_customer_page"


@dataclass(frozen=True)
class LineRow:
    """A frozen line, where its pieces are now, and what its offer says today.

    ``fit`` is the answer that the buyer saw; ``cost`` is what we pay today, in words, empty for those who may not see
    it; ``offer_note`` says what changed.
    """

    line: OrderLine
    source: str
    state: str
    cost: str
    fit: str
    offer_note: str
    is_late: bool


@dataclass(frozen=True)
class Version:
    """An edit with the lines it took out and put in."""

    revision: OrderRevision
    out: list[OrderLine] = field(default_factory=list)
    put_in: list[OrderLine] = field(default_factory=list)


@dataclass(frozen=True)
class MessageRow:
    """What the customer was told; ``text`` is None for those who may only know that it was sent."""

    message: Message
    receiver: str
    text: str | None
    news: list[DeliveryEvent]
    may_repeat: bool


@dataclass(frozen=True)
class OrderSheet:
    order: Order
    lines: list[LineRow]
    versions: list[Version]
    events: list[OrderEvent]
    notes: list[OrderNote]
    shipments: list[Shipment]
    payments: list[Payment] | None
    balance: Balance
    messages: list[MessageRow]
    phone: str
    email: str
    vin: str
    customer_page: str | None
    may_see_contacts: bool
    sees_costs: bool


def sheet_of(order: Order, person: AbstractBaseUser | AnonymousUser) -> OrderSheet:
    """The page of ``order`` as ``person`` may see it."""
    may: Any = getattr(person, "has_perm", lambda right: False)
    sees_contacts = may(SEE_CONTACTS)
    sees_texts = may("messaging.view_message")
    lines = list(
        order.lines.select_related("part__brand", "warehouse__supplier").prefetch_related(
            Prefetch("holds", Hold.objects.order_by("pk")), "shipped_in__shipment"
        )
    )
    return OrderSheet(
        order=order,
        lines=_rows([line for line in lines if line.removed_in_id is None], sees_costs=may(SEE_COSTS)),
        versions=_versions(order, lines),
        events=list(order.events.select_related("author")),
        notes=list(order.notes.select_related("author")),
        shipments=list(order.shipments.select_related("carrier", "order").prefetch_related("lines__line")),
        payments=_payments(order) if may("orders.view_payment") else None,
        balance=order_balance(order),
        messages=[
            MessageRow(
                message,
                receiver=message.receiver if sees_contacts else "",
                text=cover(message.text) if sees_texts else None,
                news=list(message.delivery_events.all()),
                may_repeat=may(REPEAT) and may_be_repeated(message),
            )
            for message in order.messages.defer("html", "sealed")
            .select_related("written_by")
            .prefetch_related("delivery_events")
            .order_by("created_at")
        ],
        phone=str(order.phone) if sees_contacts else mask_phone(str(order.phone)),
        email=order.email if sees_contacts else "",
        vin=order.vin if may(SEE_VIN) else mask_vin(order.vin),
        customer_page=order.get_absolute_url() if may(OPEN_CUSTOMER_PAGE) else None,
        may_see_contacts=sees_contacts,
        sees_costs=may(SEE_COSTS),
    )


def mask_vin(vin: str) -> str:
    """``WVW••••••••••4321``: the maker and the last digits, as insurers print it."""
    return f"{vin[:3]}{'•' * (len(vin) - 7)}{vin[-4:]}" if len(vin) > 7 else "•" * len(vin)


def _payments(order: Order) -> list[Payment]:
    return list(order.payments.select_related("receipt", "author").prefetch_related("refunds"))


def _versions(order: Order, lines: list[OrderLine]) -> list[Version]:
    return [
        Version(
            revision,
            [line for line in lines if line.removed_in_id == revision.pk],
            [line for line in lines if line.added_in_id == revision.pk],
        )
        for revision in order.revisions.select_related("author").order_by("-number")
    ]


def _rows(lines: list[OrderLine], *, sees_costs: bool) -> list[LineRow]:
    parts = {line.part_id for line in lines}
    pieces = {(item.part_id, item.warehouse_id): item for item in StockItem.objects.filter(part__in=parts)}
    where = Q(pk__in=[])
    for line in lines:
        where |= Q(part=line.part_id, warehouse=line.warehouse_id)
    offers = {
        (offer.part_id, offer.warehouse_id): offer for offer in Offer.objects.current().filter(where).order_by("-price")
    }
    today = timezone.localdate()
    return [
        _row(line, pieces, offers.get((line.part_id, line.warehouse_id)), today, sees_costs=sees_costs)
        for line in lines
    ]


def _row(
    line: OrderLine,
    pieces: Mapping[tuple[int, int], StockItem],
    offer: Offer | None,
    today: date,
    *,
    sees_costs: bool,
) -> LineRow:
    sent = sum(packed.pieces for packed in line.shipped_in.all() if packed.shipment.state != "cancelled")
    words = [_state(line, pieces)] if sent < line.quantity else []
    if sent:
        words.insert(0, _("відправлено %(sent)d з %(all)d") % {"sent": sent, "all": line.quantity})
    return LineRow(
        line,
        source=_source(line),
        state="; ".join(words),
        cost=f"{number_format(offer.purchase_price)} {offer.currency}" if sees_costs and offer else "",
        fit=Fit(line.fit).word if line.fit else "",
        offer_note=_offer_note(line, offer) if sent < line.quantity else "",
        is_late=bool(line.ready_on and line.ready_on < today and sent < line.quantity),
    )


def _offer_note(line: OrderLine, offer: Offer | None) -> str:
    """What is different today from what was sold; nothing for own goods, which are held."""
    if line.warehouse.is_ours:
        return ""
    if offer is None or not offer.pieces:
        return _("зараз цієї пропозиції немає")
    if offer.price > line.price:
        return _("подорожчало на %(sum)s ₴") % {"sum": Decimal(offer.price - line.price)}
    if offer.pieces < line.quantity:
        return _("у постачальника лишилося %(count)d") % {"count": offer.pieces}
    return ""


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
        last = next((hold for hold in holds if hold.state == Hold.State.OPEN), holds[-1])
        held = ngettext("%(state)s %(count)d штуку", "%(state)s %(count)d штук", last.pieces)
        words.append(held % {"state": last.get_state_display(), "count": last.pieces})
    else:
        words.append(_("без резерву"))
    if item := pieces.get((line.part_id, line.warehouse_id)):
        words.append(_("на полиці %(on_hand)d, вільно %(free)d") % {"on_hand": item.on_hand, "free": item.free})
    return "; ".join(words)
