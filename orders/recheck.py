"""Basket lines beside what is true now: the current offer, its price, its pieces, its day."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from orders.models.basket import BasketLine
from shop.lib.statements import Found
from shop.offers.arrival import ready_on
from shop.offers.models import Offer, StockItem


@dataclass(frozen=True)
class CheckedLine:
    """One basket line and its current offer; ``offer`` is None when nobody offers the part from there any more.

    ``free_pieces`` is how many this line can have now: own pieces not promised to others, or what the supplier's
    list vouches for, less what lines above it (the same part for another car) ask for.
    """

    line: BasketLine
    offer: Offer | None
    stock_item: StockItem | None
    free_pieces: int
    ready_on: date | None

    @property
    def price(self) -> Decimal:
        """What a piece costs now; the price last seen when it is not offered."""
        price: Decimal = self.offer.price if self.offer else self.line.price_seen
        return price

    @property
    def total(self) -> Decimal:
        return self.price * self.line.quantity

    @property
    def is_price_changed(self) -> bool:
        return bool(self.price != self.line.price_seen)

    @property
    def is_dearer(self) -> bool:
        return bool(self.price > self.line.price_seen)

    @property
    def is_short(self) -> bool:
        return self.free_pieces < int(self.line.quantity)

    @property
    def is_gone(self) -> bool:
        return not self.free_pieces


def recheck(lines: Iterable[BasketLine], *, now: datetime | None = None) -> list[CheckedLine]:
    """Read the current offers of ``lines`` (with part and warehouse at hand) in two queries at most."""
    lines = list(lines)
    moment = now or timezone.now()
    offers = _current_offers(lines)
    stock = _own_stock(lines)
    asked: Counter[tuple[int, int]] = Counter()
    checked = []
    for line in lines:
        place = (line.part_id, line.warehouse_id)
        offer, item = offers.get(place), stock.get(place)
        checked.append(
            CheckedLine(
                line=line,
                offer=offer,
                stock_item=item,
                free_pieces=max(_free_pieces(line, offer, item) - asked[place], 0),
                ready_on=ready_on(offer.lead_days, line.warehouse.cut_off, now=moment) if offer else None,
            )
        )
        asked[place] += line.quantity
    return checked


def _free_pieces(line: BasketLine, offer: Offer | None, item: StockItem | None) -> int:
    if offer is None:
        return 0
    if line.warehouse.supplier_id is None:
        return item.free if item else 0
    return offer.pieces or 0


def _current_offers(lines: Sequence[BasketLine]) -> dict[tuple[int, int], Offer]:
    if not lines:
        return {}
    # Two lists of one supplier may name the same warehouse; the customer gets the cheaper price, always the same.
    return {(offer.part_id, offer.warehouse_id): offer for offer in _offers(**_places(lines))}


def _own_stock(lines: Sequence[BasketLine]) -> dict[tuple[int, int], StockItem]:
    ours = [line for line in lines if line.warehouse.supplier_id is None]
    if not ours:
        return {}
    return {(item.part_id, item.warehouse_id): item for item in _stock_items(**_places(ours))}


def _places(lines: Sequence[BasketLine]) -> dict[str, list[int]]:
    return {
        "parts": list({line.part_id for line in lines}),
        "warehouses": list({line.warehouse_id for line in lines}),
    }


_offers = Found(
    lambda parts, warehouses: (
        Offer.objects.current()
        .filter(part__any_of=parts, warehouse__any_of=warehouses, part__is_active=True)
        .order_by("-price", "-id")
    )
)
_stock_items = Found(
    lambda parts, warehouses: StockItem.objects.filter(part__any_of=parts, warehouse__any_of=warehouses)
)
