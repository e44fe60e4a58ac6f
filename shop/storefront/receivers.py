"""What the storefront makes ready before a change of many offers is shown."""

from typing import Any

from django.db.models import Count

from shop.offers.models import PartShelf
from shop.storefront.shelf_index import shared_category_index

# Smaller lists are read faster than anybody notices.
_LARGE = 1000


def make_lists_ready(**_signal: Any) -> None:
    """Read the index of every large category once, here, instead of in the request of whoever comes first."""
    sizes = PartShelf.objects.order_by().values("category").annotate(parts=Count("*")).filter(parts__gte=_LARGE)
    for category_id in sizes.values_list("category", flat=True):
        shared_category_index(category_id)
