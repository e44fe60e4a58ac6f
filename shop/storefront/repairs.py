"""A repair for the chosen car: for each of its lines the parts to choose from, ready for one press into the basket."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shop.catalog.companions import Job
from shop.catalog.fitment import Fit
from shop.catalog.frame import frame
from shop.catalog.listed import ListedPart, listed_parts
from shop.catalog.models import Category, Fitment, Part, RepairJobLine
from shop.offers.choosing import Wish, soonest_parts
from shop.storefront.rows import PartFacts, PartRow, facts_of, rows_of
from vehicles.models import Modification

# The soonest and what else there is; the category has the rest.
_OPTIONS: Final = 4
# Read more than are shown: those that do not fit for sure give way.
_READ: Final = 8
_BEST_FIRST: Final = (Fit.FITS, Fit.UNIVERSAL, Fit.UNKNOWN, Fit.CHECK)


@dataclass(frozen=True)
class JobLine:
    """``number`` counts from one and names the fields; ``options`` is empty when nobody has such a part for the car."""

    number: int
    category: Category
    place: str
    note: str
    is_optional: bool
    quantity: int
    options: Sequence[PartRow]


@dataclass(frozen=True)
class JobParts:
    """``total`` is the sum of the first option of each line that the repair cannot do without, in UAH with taxes."""

    lines: Sequence[JobLine]
    total: Decimal
    missing: int

    @property
    def has_options(self) -> bool:
        return any(line.options for line in self.lines)


def parts_for(job: Job, car: Modification | None) -> JobParts:
    """Five queries at most, however many lines; lines of categories that are not shown any more are left out."""
    known = frame().by_id
    lines = [line for line in job.lines if line.category_id in known]
    choices = soonest_parts([Wish(line.category_id, line.place) for line in lines], car, most=_READ)
    parts = {part.pk: part for part in listed_parts([choice.part_id for found in choices for choice in found])}
    facts = facts_of(list(parts.values()), car, most_attributes=2)
    shown = []
    total, missing = Decimal(0), 0
    for number, (line, found) in enumerate(zip(lines, choices, strict=True), start=1):
        best = _best([parts[choice.part_id] for choice in found if choice.part_id in parts], facts)
        quantity = _quantity(line, best)
        if not line.is_optional and best:
            total += quantity * facts.offers[best[0].pk][0].price
        missing += not line.is_optional and not best
        shown.append(_line(number, line, quantity, rows_of(best, facts)))
    return JobParts(shown, total, missing)


def _line(number: int, line: RepairJobLine, quantity: int, options: Sequence[PartRow]) -> JobLine:
    place = "" if line.place == Fitment.Position.ANY else str(Fitment.Position(line.place).label)
    category = frame().by_id[line.category_id].category
    return JobLine(number, category, place, line.note, line.is_optional, quantity, options)


def _best(parts: Sequence[ListedPart], facts: PartFacts) -> list[ListedPart]:
    """On offer and not refused by our staff; what fits as it is before what has to be checked, else the soonest."""
    offered = [part for part in parts if facts.offers.get(part.pk) and facts.fits[part.pk].fit in _BEST_FIRST]
    return sorted(offered, key=lambda part: _BEST_FIRST.index(facts.fits[part.pk].fit))[:_OPTIONS]


def _quantity(line: RepairJobLine, options: Sequence[ListedPart]) -> int:
    """Of what is sold in pairs half as many."""
    if options and options[0].sold_as == Part.SoldAs.PAIR:
        return -(-line.quantity // 2)
    return line.quantity
