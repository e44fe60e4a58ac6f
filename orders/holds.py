"""What happens to pieces promised to an order: taken, kept, shipped, released, and checked every night."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Customer
from orders.errors import StockGone
from orders.leaving import lines_left
from orders.models import ONLINE, Hold, Order, OrderEvent, OrderLine, PaymentKind, Status
from shop.offers.errors import OutOfStock
from shop.offers.models import StockItem, StockMovement
from shop.offers.shelf import refresh_shelf

log = structlog.get_logger(__name__)

# Own pieces wait this long for the money of an invoice; an order paid on delivery waits for its confirmation.
INVOICE_HOLD = timedelta(hours=48)
# And this long for a buyer at a payment page.
ONLINE_HOLD = timedelta(minutes=30)


def hold_end(order: Order) -> datetime | None:
    """Until when pieces that are promised to the order now are held; None without an end."""
    if order.status != Status.PLACED:
        return None
    if order.payment_kind == PaymentKind.INVOICE:
        return timezone.now() + INVOICE_HOLD
    if order.payment_kind in ONLINE:
        return timezone.now() + ONLINE_HOLD
    return None


def keep_holds(order: Order) -> None:
    """Take the end off an order's holds; pieces of a hold that ran out are promised again. Raises StockGone."""
    Hold.objects.of(order).open().update(ends_at=None)
    try:
        hold_what_is_missing(order, ends_at=None)
    except OutOfStock:
        raise StockGone from None


def hold_what_is_missing(order: Order, *, ends_at: datetime | None, lines: Iterable[OrderLine] | None = None) -> None:
    """Promise the own pieces of ``lines`` (all that have not left) that no open hold promises yet.

    Raises OutOfStock; nothing is promised then.
    """
    left = lines_left(order)
    ours = {line: count for line, count in left.items() if line.warehouse.is_ours}
    if lines is not None:
        wanted = {line.pk for line in lines}
        ours = {line: count for line, count in ours.items() if line.pk in wanted}
    if not ours:
        return
    items = _items_of(ours)
    open_holds = {hold.line_id: hold for hold in Hold.objects.of(order).open()}
    missing: dict[OrderLine, int] = {}
    pieces: Counter[int] = Counter()
    for line, count in ours.items():
        more = count - (open_holds[line.pk].pieces if line.pk in open_holds else 0)
        if more <= 0:
            continue
        item = items.get((line.part_id, line.warehouse_id))
        if item is None:
            raise OutOfStock(0)
        missing[line] = more
        pieces[item.pk] += more
    StockItem.objects.reserve(pieces)
    for line, more in missing.items():
        item = items[line.part_id, line.warehouse_id]
        if line.pk in open_holds:
            Hold.objects.filter(pk=open_holds[line.pk].pk).update(pieces=F("pieces") + more)
        else:
            Hold.objects.create(line=line, stock_item=item, pieces=more, ends_at=ends_at)
    _refresh_after(pieces)


def _items_of(lines: Iterable[OrderLine]) -> dict[tuple[int, int], StockItem]:
    places = {(line.part_id, line.warehouse_id) for line in lines}
    items = StockItem.objects.filter(part__in={part for part, _warehouse in places})
    return {(item.part_id, item.warehouse_id): item for item in items}


def ship_holds(order: Order, pieces_of: Mapping[OrderLine, int], *, author: Customer) -> None:
    """Promised pieces leave the house; each stock item's movement names the order.

    A line that leaves in part keeps the rest of its hold. Own pieces whose hold ran out are promised first; raises
    StockGone when they went to others.
    """
    try:
        hold_what_is_missing(order, ends_at=None, lines=pieces_of)
    except OutOfStock:
        raise StockGone from None
    holds = Hold.objects.of(order).open().filter(line__in=[line.pk for line in pieces_of])
    going = {line.pk: count for line, count in pieces_of.items()}
    pieces: Counter[int] = Counter()
    for hold in holds.order_by("stock_item_id", "pk"):
        count = going[hold.line_id]
        pieces[hold.stock_item_id] += count
        if count == hold.pieces:
            Hold.objects.filter(pk=hold.pk).update(state=Hold.State.SHIPPED)
        else:
            Hold.objects.filter(pk=hold.pk).update(pieces=F("pieces") - count)
            Hold.objects.create(
                line_id=hold.line_id, stock_item_id=hold.stock_item_id, pieces=count, state=Hold.State.SHIPPED
            )
    StockItem.objects.take_out(pieces)
    _write_movements(pieces, -1, StockMovement.Reason.SHIPPED, order, author)


def unpack_holds(order: Order, pieces_of: Mapping[OrderLine, int], *, author: Customer | None) -> None:
    """Pieces of a parcel that never left are back on the shelf, and still promised to the order."""
    ours = {line: count for line, count in pieces_of.items() if line.warehouse.is_ours}
    items = _items_of(ours)
    back: Counter[int] = Counter()
    for line, count in ours.items():
        back[items[line.part_id, line.warehouse_id].pk] += count
    for pk, count in sorted(back.items()):
        StockItem.objects.filter(pk=pk).update(on_hand=F("on_hand") + count)
    _write_movements(back, 1, StockMovement.Reason.RECEIVED, order, author)
    hold_what_is_missing(order, ends_at=None, lines=ours)


def _write_movements(pieces: Mapping[int, int], sign: int, reason: str, order: Order, author: Customer | None) -> None:
    StockMovement.objects.bulk_create(
        StockMovement(stock_item_id=item_id, pieces=sign * count, reason=reason, reference=order.number, author=author)
        for item_id, count in sorted(pieces.items())
    )


def release_holds(order: Order, lines: Iterable[OrderLine] | None = None) -> None:
    """Promised pieces (of ``lines``, or all of them) are for sale again."""
    holds = Hold.objects.of(order).open()
    if lines is not None:
        holds = holds.filter(line__in=[line.pk for line in lines])
    pieces = holds.pieces_by_item()
    if not pieces:
        return
    StockItem.objects.release(pieces)
    holds.update(state=Hold.State.RELEASED)
    _refresh_after(pieces)


def _refresh_after(pieces: Mapping[int, int]) -> None:
    if pieces:
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
            if order.payment_kind == PaymentKind.INVOICE:
                order.ask_a_person("Рахунок не оплачено вчасно, резерв знято.")
            else:
                order.ask_a_person("Оплата не надійшла вчасно, резерв знято.")
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
