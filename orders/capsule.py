"""Everything about one order that its secret page shows, put together in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min

from orders.changes import Change, changes_of
from orders.fits import OrderedLine, ordered_lines
from orders.models import Hold, Order, OrderNote, Status
from orders.papers import PaperLink, available_papers
from orders.parcels import Parcel, parcels_of
from orders.payments.overview import PaymentOverview, payment_overview
from orders.timeline import Happened, Step, history, leaves_on, timeline
from orders.told import Told, told


@dataclass(frozen=True)
class Capsule:
    """``held_until`` is when the pieces are free for others unless the money comes; ``talk`` is without staff's own."""

    goods: Sequence[OrderedLine]
    steps: Sequence[Step]
    history: Sequence[Happened]
    changes: Sequence[Change]
    parcels: Sequence[Parcel]
    papers: Sequence[PaperLink]
    money: PaymentOverview
    told: Sequence[Told]
    talk: Sequence[OrderNote]
    held_until: datetime | None
    leaves_on: date | None
    is_cancellable: bool
    waits_for_fit_check: bool


def capsule_of(order: Order) -> Capsule:
    """Of an order read ``with_page_rows``."""
    money = payment_overview(order)
    parcels = parcels_of(order)
    return Capsule(
        goods=ordered_lines(order),
        steps=timeline(order, parcels),
        history=history(order),
        changes=changes_of(order),
        parcels=parcels,
        papers=available_papers(order),
        money=money,
        told=told(order),
        talk=[note for note in order.notes.all() if not note.is_internal],
        held_until=_held_until(order) if money.to_pay and order.status == Status.PLACED else None,
        leaves_on=leaves_on(order) if order.status in (Status.PLACED, Status.CONFIRMED) else None,
        # As cancel_order() sees it: what has left cannot be called back.
        is_cancellable=order.is_cancellable and not parcels,
        waits_for_fit_check=order.wants_fit_check
        and order.fit_checked_at is None
        and order.status in (Status.PLACED, Status.CONFIRMED),
    )


def _held_until(order: Order) -> datetime | None:
    first: datetime | None = Hold.objects.of(order).open().aggregate(first=Min("ends_at"))["first"]
    return first
