"""What can be bought now: the offers of some parts as pages show them, read in one query."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from shop.lib.statements import Statement
from shop.offers.arrival import order_by, ready_on
from shop.offers.models import Offer, Warehouse
from shop.offers.warehouses import active_warehouses


class CurrentOffer(NamedTuple):
    """One price of one part in one warehouse, with pieces. ``price`` is retail in UAH, taxes included."""

    ready_on: date
    price: Decimal
    pieces: int
    is_at_least: bool
    order_by: time | None
    part_id: int
    warehouse: Warehouse

    @property
    def is_here(self) -> bool:
        """On our own shelf: what the colour of stock is for."""
        return self.warehouse.is_ours


_COLUMNS: tuple[str, ...] = ("part_id", "warehouse_id", "price", "free_pieces", "is_at_least", "lead_days")

# ``free_pieces`` comes from ``with_pieces``. Those without are left out below, where it is cheaper than in a condition.
_offers = Statement(
    lambda parts: (
        Offer.objects.current().with_pieces().filter(part__any_of=parts).order_by("price", "id").values_list(*_COLUMNS)
    )
)


def current_offers(part_ids: Collection[int], *, now: datetime | None = None) -> dict[int, list[CurrentOffer]]:
    """Offers with free pieces by part, soonest first. One per warehouse: the cheaper one, as the basket takes it."""
    now = now or timezone.now()
    warehouses = active_warehouses()
    dates: dict[tuple[int, int], tuple[date, time | None]] = {}
    seen: set[tuple[int, int]] = set()
    by_part: dict[int, list[CurrentOffer]] = defaultdict(list)
    for part_id, warehouse_id, price, pieces, is_at_least, lead_days in _offers(parts=list(part_ids)):
        warehouse = warehouses.get(warehouse_id)
        if pieces <= 0 or warehouse is None or (part_id, warehouse_id) in seen:
            continue
        seen.add((part_id, warehouse_id))
        when = dates.get((lead_days, warehouse_id))
        if when is None:
            when = ready_on(lead_days, warehouse.cut_off, now=now), order_by(warehouse.cut_off, now=now)
            dates[lead_days, warehouse_id] = when
        by_part[part_id].append(CurrentOffer(when[0], price, pieces, is_at_least, when[1], part_id, warehouse))
    for offers in by_part.values():
        offers.sort(key=lambda offer: (offer.ready_on, offer.price, offer.warehouse.pk))
    return dict(by_part)
