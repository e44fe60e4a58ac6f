"""How often a part was sold for a car: what the catalogue tells the next owner of such a car."""

from itertools import batched
from typing import Final

from django.db.models import Count

from orders.models import OrderLine, Status
from shop.catalog.models import FitSales

_BATCH: Final = 1000


def count_sales() -> None:
    """Count completed orders by part and car anew; the same orders give the same counts.

    Rows without an order of ours stay: they come from where the shop was before. Returns are not counted yet.
    """
    lines = OrderLine.objects.current().filter(order__status=Status.COMPLETED, modification__isnull=False)
    counted = (
        lines.order_by()
        .values_list("part_id", "modification_id")
        .annotate(orders=Count("order", distinct=True))
        .order_by("part_id", "modification_id")
    )
    for rows in batched(counted.iterator(chunk_size=_BATCH), _BATCH):
        FitSales.objects.bulk_create(
            [FitSales(part_id=part, modification_id=car, sold=orders) for part, car, orders in rows],
            update_conflicts=True,
            unique_fields=["part", "modification"],
            update_fields=["sold"],
        )
