"""Everything that is known of a part's numbers: of car makers, and claims about numbers of other brands."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import BigIntegerField, CharField, IntegerField, Value
from django.db.models.functions import Cast

from shop.catalog.gtin import spelled
from shop.catalog.models import Barcode, CrossReference, OeNumber
from shop.lib.statements import Statement

# Beside the kinds of ``CrossReference``: the number under the barcode, the number of the original.
BARCODE, ORIGINAL = -1, 0
REPLACES, SUPERSEDES, DIFFERS = (int(kind) for kind in CrossReference.Kind)


class NumberClaim(NamedTuple):
    """``owner_id`` is a vehicle make for an ORIGINAL, 0 for a BARCODE, else a brand.

    A make has its name here, a claim its source.
    """

    kind: int
    owner_id: int
    number: str
    search_key: str
    make: str
    source_id: int | None
    note: str


_numbers = Statement(
    lambda part: (
        OeNumber.objects.filter(part=part)
        .order_by()
        .values_list(
            Value(ORIGINAL, IntegerField()),
            "make_id",
            "number",
            "search_key",
            "make__name",
            Cast(Value(None), BigIntegerField()),
            Cast(Value(""), CharField()),
        )
        .union(
            CrossReference.objects.filter(part=part)
            .order_by()
            .values_list(
                Cast("kind", IntegerField()),
                "brand_id",
                "number",
                "search_key",
                Cast(Value(""), CharField()),
                "source_id",
                "note",
            ),
            Barcode.objects.filter(part=part)
            .order_by()
            .values_list(
                Value(BARCODE, IntegerField()),
                Value(0, IntegerField()),
                Cast("gtin", CharField()),
                Cast(Value(""), CharField()),
                Cast(Value(""), CharField()),
                Cast(Value(None), BigIntegerField()),
                Cast(Value(""), CharField()),
            ),
            all=True,
        )
    )
)


def numbers_of(part_id: int) -> list[NumberClaim]:
    """In the order of numbers; one query."""
    return sorted((NumberClaim(*row) for row in _numbers(part=part_id)), key=lambda claim: (claim.kind, claim.number))


def barcodes_in(claims: Iterable[NumberClaim]) -> list[str]:
    """As printed, EAN-13 first."""
    found = [spelled(int(claim.number)) for claim in of_kind(claims, BARCODE)]
    return sorted(found, key=lambda code: (len(code) != 13, code))


def of_kind(claims: Iterable[NumberClaim], *kinds: int) -> list[NumberClaim]:
    return [claim for claim in claims if claim.kind in kinds]
