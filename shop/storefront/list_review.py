"""What the lines of a pasted list are in this shop, with prices: found, analogue, unclear, unknown."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from shop.catalog.fitment import Fit
from shop.catalog.number_list import Line, State, answers, read_lines
from shop.storefront.rows import PartRow, part_rows
from vehicles.models import Modification

# To choose from in one line; the search shows the others.
_MOST_CHOICES: Final = 6


@dataclass(frozen=True)
class Choice:
    """``pick`` is part and warehouse for the basket, empty when nobody has the part now."""

    row: PartRow
    pick: str
    is_chosen: bool


@dataclass(frozen=True)
class ReviewedLine:
    place: int
    line: Line
    state: State
    choices: list[Choice]

    @property
    def word(self) -> str:
        return {
            State.FOUND: _("знайшли"),
            State.ANALOGUE: _("є заміна"),
            State.UNCLEAR: _("уточніть бренд"),
            State.UNKNOWN: _("не знаємо такого номера"),
        }[self.state]

    @property
    def has_offers(self) -> bool:
        return any(choice.pick for choice in self.choices)


def review(text: str, car: Modification | None) -> tuple[list[ReviewedLine], int]:
    """Lines in their order and how many were left out; six queries whatever their number."""
    lines, more = read_lines(text)
    found = answers(lines)
    shown = [answer.ids[: _MOST_CHOICES * 2] for answer in found]
    rows = {row.pk: row for row in part_rows(list(dict.fromkeys(pk for ids in shown for pk in ids)), car=car)}
    reviewed = []
    for place, (answer, ids) in enumerate(zip(found, shown, strict=True), 1):
        known = [rows[pk] for pk in ids if pk in rows]
        if answer.state != State.UNCLEAR:
            # The very part first, then what can be bought.
            known = known[: answer.state == State.FOUND] + sorted(
                known[answer.state == State.FOUND :], key=lambda row: not row.warehouse
            )
        state = answer.state if known else State.UNKNOWN
        # What nobody lists for the car is shown with its answer, and taken only by whoever presses it.
        is_clear = bool(known) and state != State.UNCLEAR and known[0].fit not in (Fit.NOT_LISTED, Fit.DOES_NOT_FIT)
        chosen = known[0].pk if is_clear and known[0].warehouse else None
        choices = [
            Choice(row, f"{row.pk}.{row.warehouse}" if row.warehouse else "", row.pk == chosen)
            for row in known[:_MOST_CHOICES]
        ]
        reviewed.append(ReviewedLine(place, answer.line, state, choices))
    return reviewed, more
