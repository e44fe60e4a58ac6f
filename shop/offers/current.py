"""What can be bought now: the offers of some parts as pages show them, read in one query."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from shop.offers.arrival import order_by, ready_on
from shop.offers.models import Offer, Warehouse
from shop.offers.warehouses import active_warehouses

# ``free_pieces`` is annotated by ``in_stock``.
_COLUMNS: tuple[str, ...] = ("part_id", "warehouse_id", "price", "free_pieces", "is_at_least", "lead_days")


@dataclass(frozen=True)
class CurrentOffer:
    """One price of one part in one warehouse, with pieces. ``price`` is retail in UAH, taxes included."""

    part_id: int
    warehouse: Warehouse
    price: Decimal
    pieces: int
    is_at_least: bool
    ready_on: date
    order_by: time | None

    @property
    def is_here(self) -> bool:
        """On our own shelf: what the colour of stock is for."""
        return self.warehouse.is_ours


def current_offers(part_ids: Collection[int], *, now: datetime | None = None) -> dict[int, list[CurrentOffer]]:
    """Offers with free pieces by part, soonest first. One per warehouse: the cheaper one, as the basket takes it."""
    now = now or timezone.now()
    warehouses = active_warehouses()
    rows = (
        Offer.objects.current().in_stock().filter(part_id__in=part_ids).order_by("price", "id").values_list(*_COLUMNS)
    )
    dates: dict[tuple[int, time], date] = {}
    found: dict[tuple[int, int], CurrentOffer] = {}
    for part_id, warehouse_id, price, pieces, is_at_least, lead_days in rows:
        warehouse = warehouses.get(warehouse_id)
        if warehouse is None or (part_id, warehouse_id) in found:
            continue
        when = (lead_days, warehouse.cut_off)
        if when not in dates:
            dates[when] = ready_on(*when, now=now)
        found[part_id, warehouse_id] = CurrentOffer(
            part_id, warehouse, price, pieces, is_at_least, dates[when], order_by(warehouse.cut_off, now=now)
        )
    by_part: dict[int, list[CurrentOffer]] = defaultdict(list)
    for offer in sorted(found.values(), key=lambda offer: (offer.ready_on, offer.price, offer.warehouse.pk)):
        by_part[offer.part_id].append(offer)
    return dict(by_part)
