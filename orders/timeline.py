"""An order's way in plain words: what is behind, where it stands, what comes next and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from orders.models import Order, OrderEvent, Status
from orders.parcels import Parcel

_WAY = [Status.PLACED, Status.CONFIRMED, Status.SHIPPED, Status.COMPLETED]


@dataclass(frozen=True)
class Step:
    """One station; ``happened_at`` is empty while it lies ahead, ``expected_on`` is what we promise of it."""

    title: str
    happened_at: datetime | None
    is_current: bool
    expected_on: date | None = None


@dataclass(frozen=True)
class Happened:
    """One thing that happened, in the customer's words."""

    words: str
    at: datetime


def timeline(order: Order, parcels: Sequence[Parcel] = ()) -> list[Step]:
    """The stations of ``order`` (with its events and lines at hand); a cancelled one ends where it was cancelled."""
    happened: dict[str, datetime] = {}
    for event in order.events.all():
        happened.setdefault(event.kind, event.happened_at)
    if order.status == Status.CANCELLED:
        way = [status for status in _WAY if status in happened]
        way.append(Status.CANCELLED)
    else:
        way = _WAY
    ahead = {Status.SHIPPED: leaves_on(order), Status.COMPLETED: _arrives_on(parcels)} if order.is_open else {}
    return [
        Step(
            title=_title(status, order),
            happened_at=happened.get(status),
            is_current=status == order.status,
            expected_on=None if status in happened else ahead.get(status),
        )
        for status in way
    ]


def history(order: Order) -> list[Happened]:
    """What happened between the stations too, the newest first.

    Notes of events stay with staff: they hold reasons that were never meant for the customer.
    """
    events = [event for event in order.events.all() if event.kind in _words(order)]
    return [Happened(_words(order)[event.kind], event.happened_at) for event in reversed(events)]


def leaves_on(order: Order) -> date | None:
    """The day on which the last of its goods is ready, as promised when it was placed."""
    days = [line.ready_on for line in order.lines.all() if line.removed_in_id is None and line.ready_on]
    return max(days, default=None)


def _arrives_on(parcels: Sequence[Parcel]) -> date | None:
    days = [parcel.expected_on for parcel in parcels if parcel.expected_on]
    return max(days, default=None)


def _title(status: Status, order: Order) -> str:
    return {
        Status.PLACED: _("Прийнято"),
        Status.CONFIRMED: _("Підтверджено, збираємо"),
        Status.SHIPPED: _("Можна забирати") if order.is_pickup else _("У дорозі"),
        Status.COMPLETED: _("Отримано"),
        Status.CANCELLED: _("Скасовано"),
    }[status]


def _words(order: Order) -> dict[str, str]:
    """Kinds of events that a customer reads; talk and parcels have places of their own on the page."""
    kind = OrderEvent.Kind
    return {
        kind.PLACED: _("Замовлення прийнято"),
        kind.CONFIRMED: _("Замовлення підтверджено"),
        kind.EDITED: _("Замовлення змінено"),
        kind.PAID: _("Надійшла оплата"),
        kind.REFUNDED: _("Гроші повернуто"),
        kind.FIT_CHECKED: _("Сумісність за VIN перевірено"),
        kind.SHIPPED: _("Усе можна забирати") if order.is_pickup else _("Усе відправлено"),
        kind.COMPLETED: _("Замовлення виконано"),
        kind.CANCELLED: _("Замовлення скасовано"),
        kind.CLAIMED: _("Замовлення додано до кабінету"),
    }
