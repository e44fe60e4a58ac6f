"""What staff changed in a placed order, as its customer reads it: old → new, why, and what it means for the money."""

from dataclasses import dataclass
from decimal import Decimal

from orders.models import Order, OrderLine, OrderRevision


@dataclass(frozen=True)
class ChangedLine:
    """``old`` became ``new``; without ``old`` the line was added, without ``new`` it was taken out."""

    old: OrderLine | None
    new: OrderLine | None

    @property
    def is_other_part(self) -> bool:
        return bool(self.old and self.new and self.old.part_id != self.new.part_id)


@dataclass(frozen=True)
class Change:
    """One version of the order against the one before it; sums are None where they stayed as they were."""

    revision: OrderRevision
    lines: list[ChangedLine]
    delivery: tuple[Decimal, Decimal] | None
    discount: tuple[Decimal, Decimal] | None

    @property
    def more(self) -> Decimal:
        """What the order costs more than before, 0 when it does not."""
        more: Decimal = self.revision.total_after - self.revision.total_before
        return max(more, Decimal(0))

    @property
    def less(self) -> Decimal:
        less: Decimal = self.revision.total_before - self.revision.total_after
        return max(less, Decimal(0))


def changes_of(order: Order) -> list[Change]:
    """Of an order read with all its lines and its versions; the newest comes first."""
    lines = list(order.lines.all())
    revisions = sorted(order.revisions.all(), key=lambda revision: revision.number)
    delivery = [*(each.delivery_before for each in revisions[1:]), order.delivery_total]
    discount = [*(each.discount_before for each in revisions[1:]), order.discount_total]
    changes = [
        Change(
            revision=revision,
            lines=_changed(lines, revision),
            delivery=_pair(revision.delivery_before, delivery[place]),
            discount=_pair(revision.discount_before, discount[place]),
        )
        for place, revision in enumerate(revisions)
    ]
    return changes[::-1]


def _changed(lines: list[OrderLine], revision: OrderRevision) -> list[ChangedLine]:
    removed = {line.pk: line for line in lines if line.removed_in_id == revision.pk}
    added = [line for line in lines if line.added_in_id == revision.pk]
    changed = [ChangedLine(removed.pop(line.replaces_id or 0, None), line) for line in added]
    return [*changed, *(ChangedLine(line, None) for line in removed.values())]


def _pair(before: Decimal, after: Decimal) -> tuple[Decimal, Decimal] | None:
    return (before, after) if before != after else None
