"""Parts that can stand in for a part, and parts that a maker has put in its place.

At most two steps lead from one part to another, and each number is read with its owner: another claims the number of
this part, this part claims the number of another, or both claim the same number. Analogues stay in one category: pads
of the front and of the rear axle may share the original number of a set. Where somebody of the staff says that two
parts differ, no claim joins them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import BigIntegerField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from shop.catalog.claims import DIFFERS, ORIGINAL, REPLACES, SUPERSEDES, NumberClaim, of_kind
from shop.catalog.models import CrossReference, OeNumber, Part
from shop.catalog.numbers import search_key
from shop.lib.statements import Slot, Statement

# Where a number is that common, more of the same helps nobody.
_MOST: Final = 500
# Makers renumber a part a few times in its life; longer chains are mistakes in data.
LONGEST_CHAIN: Final = 5
# What a part may be to another, besides the kinds of claims.
_PREDECESSOR: Final = 9
_KINDS: Final = (ORIGINAL, REPLACES, SUPERSEDES, DIFFERS)
# How a row of the one query came about.
_CLAIMS_THIS, _IS_NAMED, _CLAIMS_THE_SAME, _HAS_THE_ORIGINAL = range(4)


@dataclass
class Related:
    """Ids, unsorted. ``successors`` are one step away: what follows them is told by ``chain_of``."""

    analogues: list[int] = field(default_factory=list)
    successors: list[int] = field(default_factory=list)
    predecessors: list[int] = field(default_factory=list)


def related_parts(part: Part, claims: Collection[NumberClaim]) -> Related:
    """One query; ``claims`` are the numbers of ``part`` itself."""
    rows = set(_found(part, claims))
    denied = {pk for pk, kind in rows if kind == DIFFERS} | {part.pk}

    def found(kind: int) -> list[int]:
        return sorted({pk for pk, its in rows if its == kind} - denied)

    successors, predecessors = found(SUPERSEDES), found(_PREDECESSOR)
    analogues = sorted({*found(REPLACES), *predecessors} - set(successors))
    return Related(analogues, successors, predecessors)


def _found(part: Part, claims: Collection[NumberClaim]) -> Iterator[tuple[int, int]]:
    """Part id and what it is to ``part``. The statement takes owners and numbers apart; here they meet again."""
    numbers = {kind: {(claim.owner_id, claim.search_key) for claim in of_kind(claims, kind)} for kind in _KINDS}
    named = numbers[DIFFERS] | numbers[REPLACES] | numbers[SUPERSEDES]
    rows = _related(
        brand=part.brand_id,
        key=part.search_key,
        category=part.category_id,
        owners=[owner for owner, _key in named],
        keys=[key for _owner, key in named],
        makes=[make for make, _key in numbers[ORIGINAL]],
        originals=[key for _make, key in numbers[ORIGINAL]],
    )
    for pk, how, kind, owner, key, category in rows:
        number = (owner, key)
        if how == _CLAIMS_THIS:
            yield pk, kind
        elif how == _CLAIMS_THE_SAME:
            if number in numbers[REPLACES] | numbers[SUPERSEDES]:
                yield pk, REPLACES
        elif how == _HAS_THE_ORIGINAL:
            if number in numbers[ORIGINAL]:
                yield pk, REPLACES
        else:
            if number in numbers[DIFFERS]:
                yield pk, DIFFERS
            if number in numbers[REPLACES] and category == part.category_id:
                yield pk, REPLACES
            if number in numbers[SUPERSEDES]:
                yield pk, _PREDECESSOR


def _related_parts(
    brand: Slot, key: Slot, category: Slot, owners: Slot, keys: Slot, makes: Slot, originals: Slot
) -> Any:
    claims = CrossReference.objects.filter(part__is_active=True).order_by()
    own_columns = ("brand_id", "search_key")
    claiming = claims.filter(Q(part__category=category) | ~Q(kind=REPLACES), brand=brand, search_key=key)
    same = claims.filter(kind=REPLACES, part__category=category, brand__any_of=owners, search_key__any_of=keys)
    named = Part.objects.active().order_by().filter(brand__any_of=owners, search_key__any_of=keys)
    carrying = OeNumber.objects.filter(
        make__any_of=makes, search_key__any_of=originals, part__category=category, part__is_active=True
    ).order_by()
    nothing = Cast(Value(None), BigIntegerField())
    return (
        _told(claiming, "part_id", _CLAIMS_THIS, Cast("kind", IntegerField()), *own_columns, nothing)
        .union(
            _told(named, "pk", _IS_NAMED, Value(0, IntegerField()), *own_columns, F("category_id")),
            _told(same, "part_id", _CLAIMS_THE_SAME, Value(0, IntegerField()), *own_columns, nothing)[:_MOST],
            _told(carrying, "part_id", _HAS_THE_ORIGINAL, Value(0, IntegerField()), "make_id", "search_key", nothing)[
                :_MOST
            ],
            all=True,
        )
    )  # fmt: skip


def _told(rows: QuerySet[Any, Any], part: str, how: int, *columns: Any) -> QuerySet[Any, Any]:
    return rows.values_list(part, Value(how, IntegerField()), *columns)


_related = Statement(_related_parts)


def successors_of(numbers: Mapping[int, tuple[int, str]]) -> dict[int, list[int]]:
    """Ids of the parts that a maker has put in the place of each, for those that have any; one query.

    ``numbers`` maps a part's id to its brand's id and its article number.
    """
    wanted = {(brand_id, search_key(number)): pk for pk, (brand_id, number) in numbers.items()}
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
        rows = Part.objects.active().filter(pk__in=step).values_list("pk", "brand_id", "article_number")
        later = successors_of({pk: (brand_id, number) for pk, brand_id, number in rows})
        step = [pk for pks in later.values() for pk in pks if pk not in seen]
    return line
