"""Supplier stock is a promise: at confirmation it is looked at again, and staff see what no longer holds."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.leaving import lines_left
from orders.models import Order, OrderLine
from shop.lib.money import format_money
from shop.offers.models import Offer


@dataclass(frozen=True)
class BrokenPromise:
    """``line`` was sold, and its supplier now offers ``free`` pieces of it at ``price`` (None: not at all)."""

    line: OrderLine
    price: Decimal | None
    free: int

    @property
    def is_gone(self) -> bool:
        return not self.free

    def __str__(self) -> str:
        name = f"{self.line.brand_name} {self.line.article_number}"
        if self.price is None or self.is_gone:
            return _("%(line)s більше не пропонують") % {"line": name}
        if self.free < self.line.quantity:
            return _("%(line)s: лишилося %(free)d шт.") % {"line": name, "free": self.free}
        return _("%(line)s: ціна зросла, %(old)s → %(new)s") % {
            "line": name,
            "old": format_money(self.line.price),
            "new": format_money(self.price),
        }


def broken_promises(order: Order) -> list[BrokenPromise]:
    """Supplier lines still to be sent whose offer has gone, is short, or costs more than it was sold at."""
    left = {line: count for line, count in lines_left(order).items() if not line.warehouse.is_ours}
    if not left:
        return []
    offers = {
        (offer.part_id, offer.warehouse_id): offer
        for offer in Offer.objects.current()
        .filter(part__in={line.part_id for line in left}, part__is_active=True)
        .order_by("-price", "-id")
    }
    broken = []
    for line, count in left.items():
        offer = offers.get((line.part_id, line.warehouse_id))
        if offer is None:
            broken.append(BrokenPromise(line, None, 0))
        elif (offer.pieces or 0) < count or offer.price > line.price:
            broken.append(BrokenPromise(line, offer.price, offer.pieces or 0))
    return broken


def promises_seen(broken: Sequence[BrokenPromise]) -> str:
    """What a form carries, so that staff decide about what they saw and nothing else."""
    seen = [(promise.line.pk, str(promise.price), promise.free) for promise in broken]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32] if seen else ""
