"""Counting: somebody stood at the shelf, or a delivery came in, and says how many pieces there are now."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from shop.offers.errors import CountBelowReserved, CountOutdated
from shop.offers.models import StockItem, StockMovement


@transaction.atomic
def count_stock(
    item: StockItem,
    *,
    seen: int,
    on_hand: int,
    reason: StockMovement.Reason,
    author: AbstractBaseUser,
    reference: str = "",
) -> None:
    """Set ``on_hand`` and write down who changed it and why; an unchanged count writes nothing.

    ``seen`` is the count the person had before their eyes. Raises CountOutdated when it is no longer true, and
    CountBelowReserved when orders were promised more.
    """
    locked = StockItem.objects.select_for_update().get(pk=item.pk)
    if locked.on_hand != seen:
        raise CountOutdated(locked.on_hand)
    if on_hand < locked.reserved:
        raise CountBelowReserved(locked.reserved)
    if on_hand == seen:
        return
    StockItem.objects.filter(pk=locked.pk).update(on_hand=on_hand)
    StockMovement.objects.create(
        stock_item=locked, pieces=on_hand - seen, reason=reason, reference=reference, author_id=author.pk
    )
    item.on_hand = on_hand
