"""An order's way in plain words: what is behind, where it stands, what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orders.models import Order, Status

_WAY = [Status.PLACED, Status.CONFIRMED, Status.SHIPPED, Status.COMPLETED]


@dataclass(frozen=True)
class Step:
    """One station; ``happened_at`` is empty while it lies ahead."""

    title: str
    happened_at: datetime | None
    is_current: bool


def timeline(order: Order) -> list[Step]:
    """The stations of ``order`` (with its events at hand); a cancelled one ends where it was cancelled."""
    happened: dict[str, datetime] = {}
    for event in order.events.all():
        happened.setdefault(event.kind, event.happened_at)
    if order.status == Status.CANCELLED:
        way = [status for status in _WAY if status in happened]
        way.append(Status.CANCELLED)
    else:
        way = _WAY
    return [Step(_title(status, order), happened.get(status), status == order.status) for status in way]


def _title(status: Status, order: Order) -> str:
    return {
        Status.PLACED: _("Прийнято"),
        Status.CONFIRMED: _("Підтверджено, збираємо"),
        Status.SHIPPED: _("Можна забирати") if order.is_pickup else _("У дорозі"),
        Status.COMPLETED: _("Отримано"),
        Status.CANCELLED: _("Скасовано"),
    }[status]
