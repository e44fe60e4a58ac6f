"""A basket as its page shows it: checked lines, grouped by where and when they are ready, and the sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from orders.fits import fits_of_lines
from orders.forms import QuantityForm
from orders.models import MAX_PIECES, Basket, BasketLine
from orders.recheck import CheckedLine, recheck
from shop.catalog.drawings import drawing_of
from shop.catalog.fitment import FitAnswer
from shop.catalog.frame import frame
from shop.offers.models import Warehouse


@dataclass(frozen=True)
class ShownLine:
    """A checked line and, when a quantity was mistyped, the form that says so."""

    checked: CheckedLine
    form: QuantityForm | None = None
    fit: FitAnswer | None = None

    @property
    def line(self) -> BasketLine:
        return self.checked.line

    @property
    def drawing(self) -> str:
        """The name of the line drawing of the part's category."""
        return drawing_of(frame().by_id.get(self.line.part.category_id))

    @property
    def typed_quantity(self) -> Any:
        return self.form["quantity"].value() if self.form else self.line.quantity

    @property
    def quantity_errors(self) -> list[str]:
        return [str(error) for error in self.form.errors.get("quantity", [])] if self.form else []

    @property
    def most_pieces(self) -> int:
        return min(self.checked.free_pieces, MAX_PIECES)


@dataclass(frozen=True)
class Group:
    """Lines that leave one place on one day; ``ready_on`` is None for what nobody offers any more."""

    warehouse: Warehouse
    ready_on: date | None
    lines: Sequence[ShownLine]


@dataclass(frozen=True)
class BasketOverview:
    """Nothing here is computed by the template; sums are in hryvnias, taxes included."""

    lines: Sequence[ShownLine] = field(default_factory=list)

    @classmethod
    def of(cls, basket: Basket | None, *, wrong: Mapping[int, QuantityForm] | None = None) -> "BasketOverview":
        """Read a basket's lines, their current offers and whether they fit: a few queries, however many lines."""
        if basket is None:
            return cls()
        wrong = wrong or {}
        lines = basket.read_lines()
        fits = fits_of_lines(lines)
        return cls(
            [ShownLine(checked, wrong.get(checked.line.pk), fits.get(checked.line.pk)) for checked in recheck(lines)]
        )

    @property
    def groups(self) -> list[Group]:
        """Soonest first; what is not offered any more at the top, because it needs an answer."""

        def key(shown: ShownLine) -> tuple[date, int]:
            return (shown.checked.ready_on or date.min, shown.line.warehouse_id)

        return [
            Group(lines[0].line.warehouse, lines[0].checked.ready_on, lines)
            for lines in (list(same) for _key, same in groupby(sorted(self.lines, key=key), key=key))
        ]

    @property
    def total(self) -> Decimal:
        return sum((shown.checked.total for shown in self.lines), Decimal(0))

    @property
    def pieces(self) -> int:
        return sum(shown.line.quantity for shown in self.lines)

    @property
    def weight_kg(self) -> Decimal | None:
        """Of all the pieces whose weight is known; None while none is. ``is_weight_whole`` says if that is all."""
        known = [shown.line.part.weight_kg * shown.line.quantity for shown in self.lines if shown.line.part.weight_kg]
        return sum(known, Decimal(0)) if known else None

    @property
    def is_weight_whole(self) -> bool:
        return all(shown.line.part.weight_kg for shown in self.lines)

    @property
    def ready_on(self) -> date | None:
        """The day on which all of it can leave together."""
        days = [shown.checked.ready_on for shown in self.lines if shown.checked.ready_on]
        return max(days) if days else None

    @property
    def changed(self) -> list[ShownLine]:
        return [shown for shown in self.lines if shown.checked.is_price_changed]

    @property
    def short(self) -> list[ShownLine]:
        return [shown for shown in self.lines if shown.checked.is_short]

    @property
    def can_be_ordered(self) -> bool:
        """Whether every price is agreed to and every piece is there."""
        return bool(self.lines) and not self.changed and not self.short

    def agree(self) -> None:
        """Keep the current prices as seen by the customer."""
        changed = [shown.line for shown in self.changed]
        for shown in self.changed:
            shown.line.price_seen = shown.checked.price
        BasketLine.objects.bulk_update(changed, ["price_seen"])

    def fit_to_stock(self) -> None:
        """Lower what is asked for to what is there; what is gone leaves the basket."""
        for shown in self.short:
            if shown.checked.is_gone:
                shown.line.delete()
            else:
                shown.line.quantity = shown.most_pieces
                shown.line.save(update_fields=["quantity"])
