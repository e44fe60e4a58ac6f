"""Parts that can stand in for a part, and parts that a maker has put in its place.

At most two steps lead from one part to another, and each number is read with its owner: another claims the number of
this part, this part claims the number of another, or both claim the same number. Analogues stay in one category: pads
of the front and of the rear axle may share the original number of a set. Where somebody of the staff says that two
parts differ, no claim joins them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from shop.catalog.claims import DIFFERS, ORIGINAL, REPLACES, SUPERSEDES, NumberClaim, of_kind
from shop.catalog.listed import ListedPart
from shop.catalog.models import CrossReference, OeNumber, Part
from shop.catalog.numbers import search_key

# Where a number is that common, more of the same helps nobody.
_MOST: Final = 500
# Makers renumber a part a few times in its life; longer chains are mistakes in data.
LONGEST_CHAIN: Final = 5
# How a row of the one query came about, besides the kinds of claims.
_PREDECESSOR: Final = 9


@dataclass
class Related:
    """Ids, unsorted. ``successors`` are one step away: what follows them is told by ``chain_of``."""

    analogues: list[int] = field(default_factory=list)
    successors: list[int] = field(default_factory=list)
    predecessors: list[int] = field(default_factory=list)


def related_parts(part: Part, claims: Collection[NumberClaim]) -> Related:
    """One query; ``claims`` are the numbers of ``part`` itself."""
    rows = list(_rows(part, claims))
    denied = {pk for pk, kind in rows if kind == DIFFERS} | {part.pk}

    def found(kind: int) -> list[int]:
        return sorted({pk for pk, its in rows if its == kind} - denied)

    successors, predecessors = found(SUPERSEDES), found(_PREDECESSOR)
    analogues = sorted({*found(REPLACES), *predecessors} - set(successors))
    return Related(analogues, successors, predecessors)


def _rows(part: Part, claims: Collection[NumberClaim]) -> QuerySet[Any, Any]:
    """Part id and what it is to ``part``."""
    mine = Part.objects.active().order_by()
    claimed = CrossReference.objects.filter(part__is_active=True).order_by()
    kept = Q(part__category=part.category_id) | ~Q(kind=REPLACES)
    branches = [
        claimed.filter(kept, brand=part.brand_id, search_key=part.search_key).values_list(
            "part_id", Cast("kind", IntegerField())
        )
    ]
    if differing := of_kind(claims, DIFFERS):
        branches.append(_as(mine.filter(_any_of(differing, "brand")), "pk", DIFFERS))
    if replaced := of_kind(claims, REPLACES):
        same = mine.filter(_any_of(replaced, "brand"), category=part.category_id)
        branches.append(_as(same, "pk", REPLACES))
    if superseded := of_kind(claims, SUPERSEDES):
        branches.append(_as(mine.filter(_any_of(superseded, "brand")), "pk", _PREDECESSOR))
    if shared := replaced + superseded:
        both = claimed.filter(_any_of(shared, "brand"), kind=REPLACES, part__category=part.category_id)
        branches.append(_as(both, "part_id", REPLACES)[:_MOST])
    if originals := of_kind(claims, ORIGINAL):
        same_number = OeNumber.objects.filter(
            _any_of(originals, "make"), part__category=part.category_id, part__is_active=True
        )
        branches.append(_as(same_number.order_by(), "part_id", REPLACES)[:_MOST])
    first, *others = branches
    return first.union(*others) if others else first


def _as(rows: QuerySet[Any, Any], column: str, kind: int) -> QuerySet[Any, Any]:
    return rows.values_list(column, Value(kind, IntegerField()))


def _any_of(claims: Iterable[NumberClaim], owner: str) -> Q:
    """A number and its owner, or another one and its owner."""
    found = Q()
    for claim in claims:
        found |= Q(**{owner: claim.owner_id, "search_key": claim.search_key})
    return found


def successors_of(parts: Iterable[Part | ListedPart]) -> dict[int, list[int]]:
    """Ids of the parts that a maker has put in the place of each, for those that have any; one query."""
    wanted = {(part.brand_id, search_key(part.article_number)): part.pk for part in parts}
    if not wanted:
        return {}
    claims = CrossReference.objects.filter(
        kind=SUPERSEDES, search_key__in=[key for _brand, key in wanted], part__is_active=True
    )
    found: dict[int, list[int]] = {}
    for brand, key, successor in claims.order_by("id").values_list("brand_id", "search_key", "part_id"):
        old = wanted.get((brand, key))
        if old is not None and old != successor:
            found.setdefault(old, []).append(successor)
    return found


def chain_of(part: Part, successors: Collection[int]) -> list[int]:
    """``successors`` and what came after them, to the end of the chain; a circle ends where it began.

    No query when there are none, else one or two for each step.
    """
    line: list[int] = []
    seen = {part.pk}
    step = [pk for pk in successors if pk not in seen]
    while step and len(line) < LONGEST_CHAIN:
        line += step
        seen.update(step)
        later = successors_of(Part.objects.active().filter(pk__in=step).only("brand_id", "article_number"))
        step = [pk for pks in later.values() for pk in pks if pk not in seen]
    return line
