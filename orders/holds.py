"""What happens to pieces promised to an order: kept, shipped, released, and checked every night."""

from collections import Counter

import structlog
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Customer
from orders.errors import StockGone
from orders.models import Hold, Order, OrderEvent
from shop.offers.errors import OutOfStock
from shop.offers.models import StockItem, StockMovement
from shop.offers.shelf import refresh_shelf

log = structlog.get_logger(__name__)


def keep_holds(order: Order) -> None:
    """Take the end off an order's holds; pieces of a hold that ran out are promised again. Raises StockGone."""
    Hold.objects.of(order).open().update(ends_at=None)
    lost = list(Hold.objects.of(order).filter(state=Hold.State.RELEASED))
    pieces: Counter[int] = Counter()
    for hold in lost:
        pieces[hold.stock_item_id] += hold.pieces
    try:
        StockItem.objects.reserve(pieces)
    except OutOfStock:
        raise StockGone from None
    Hold.objects.bulk_create(
        Hold(line_id=hold.line_id, stock_item_id=hold.stock_item_id, pieces=hold.pieces) for hold in lost
    )


def ship_holds(order: Order, *, author: Customer) -> None:
    """Promised pieces leave the house; each stock item's movement names the order."""
    holds = Hold.objects.of(order).open()
    pieces = holds.pieces_by_item()
    StockItem.objects.take_out(pieces)
    StockMovement.objects.bulk_create(
        StockMovement(
            stock_item_id=item_id,
            pieces=-count,
            reason=StockMovement.Reason.SHIPPED,
            reference=order.number,
            author=author,
        )
        for item_id, count in sorted(pieces.items())
    )
    holds.update(state=Hold.State.SHIPPED)


def release_holds(order: Order) -> None:
    """Promised pieces are for sale again."""
    holds = Hold.objects.of(order).open()
    pieces = holds.pieces_by_item()
    if not pieces:
        return
    StockItem.objects.release(pieces)
    holds.update(state=Hold.State.RELEASED)
    parts = set(StockItem.objects.filter(pk__in=pieces).values_list("part_id", flat=True))
    transaction.on_commit(lambda: refresh_shelf(parts), robust=True)


def release_ended_holds() -> int:
    """Free the pieces of orders whose money did not come in time, and ask a person; gives the number of orders."""
    now = timezone.now()
    ended = 0
    for order_id in set(Hold.objects.ended_by(now).values_list("line__order_id", flat=True)):
        with transaction.atomic():
            # Confirming and cancelling change the order's row first, so whoever locks it decides about its holds.
            order = Order.objects.select_for_update().get(pk=order_id)
            if not Hold.objects.of(order).ended_by(now).exists():
                continue
            release_holds(order)
            OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.NOTE, note="Термін резерву минув.")
            order.ask_a_person("Рахунок не оплачено вчасно, резерв знято.")
            ended += 1
    return ended


def wrongly_reserved() -> list[StockItem]:
    """Stock items whose ``reserved`` is not the sum of their open holds: always empty, unless something is broken."""
    promised = (
        Hold.objects.open()
        .filter(stock_item=OuterRef("pk"))
        .order_by()
        .values("stock_item")
        .annotate(pieces=Sum("pieces"))
        .values("pieces")
    )
    items = StockItem.objects.annotate(promised=Coalesce(Subquery(promised), 0))
    return list(items.filter(~Q(reserved=F("promised"))))


def check_reserved() -> None:
    """Compare promises with counts; a difference goes to the log and to the people of the orders concerned."""
    for item in wrongly_reserved():
        log.error("reserved-differs-from-holds", stock_item=item.pk, reserved=item.reserved)
        for order in Order.objects.filter(lines__holds__in=item.holds.open()).distinct():
            order.ask_a_person("Резерв на складі не збігається із замовленнями: перерахуйте деталі.")
