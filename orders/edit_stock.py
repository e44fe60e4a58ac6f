"""What an edit does to promised pieces: those of lines taken out are free, those of new lines are held."""

from collections.abc import Iterable, Sequence

from django.db.models import Q

from orders.errors import NotOffered
from orders.holds import hold_end, hold_what_is_missing, release_holds
from orders.models import Hold, Order, OrderLine
from shop.offers.errors import OutOfStock
from shop.offers.models import StockItem


def move_holds(order: Order, out: Iterable[OrderLine], new: Sequence[OrderLine]) -> None:
    """In the caller's transaction. Raises NotOffered when fewer own pieces are free than the new lines want.

    New holds end when the others of the order do.
    """
    out = list(out)
    _lock([*out, *new])
    ends = list(Hold.objects.of(order).open().values_list("ends_at", flat=True))
    release_holds(order, out)
    try:
        hold_what_is_missing(order, ends_at=ends[0] if ends else hold_end(order), lines=new)
    except OutOfStock as error:
        raise _short(error, new) from None


def _lock(lines: Iterable[OrderLine]) -> None:
    """All rows at once and in the order of their ids: two edits that swap the same parts wait, and do not deadlock."""
    places = Q(pk__in=[])
    for line in lines:
        places |= Q(part=line.part_id, warehouse=line.warehouse_id)
    list(StockItem.objects.select_for_update().filter(places).order_by("pk").values_list("pk", flat=True))


def _short(error: OutOfStock, new: Sequence[OrderLine]) -> NotOffered:
    item = StockItem.objects.filter(pk=error.stock_item_id).first()
    line = next(
        (each for each in new if item and (each.part_id, each.warehouse_id) == (item.part_id, item.warehouse_id)),
        new[0],
    )
    return NotOffered(f"{line.brand_name} {line.article_number}", item.free if item else 0)
