"""Barcodes of the made-up parts, from GS1's range for numbers within one company (20–29): they are nobody's product.

Their random numbers are their own, so that everything else is the same with and without them.
"""

from collections.abc import Sequence
from random import Random
from typing import Final
from zlib import crc32

from shop.catalog.gtin import check_digit
from shop.local.demo.claims import Numbered
from shop.local.demo.copy_text import line
from shop.local.demo.kinds import Kind

_PARTS_WITH: Final = 0.92
# A packing of another year, or of a pair.
_PARTS_WITH_TWO: Final = 0.04
_ITEMS: Final = 10**7
# Coprime to ten: every part of a brand gets an item number that no other has, in an order that looks random.
_STEP: Final = 7_654_321


class Barcodes:
    """COPY lines of one kind of parts."""

    def __init__(self, kind: Kind, *, seed: int) -> None:
        self._rng = Random(f"{seed}:{kind.slug}:barcodes")  # noqa: S311  # goods on a shelf, not secrets

    def lines(self, parts: Sequence[Numbered]) -> str:
        rows = ""
        for part in parts:
            dice = self._rng.random()
            if dice < _PARTS_WITH:
                rows += line(part.part_id, _ean(part, 0))
            if dice < _PARTS_WITH_TWO:
                rows += line(part.part_id, _ean(part, 1))
        return rows


def _ean(part: Numbered, packing: int) -> str:
    company = crc32(part.brand.slug.encode()) % 1000
    digits = f"2{packing}{company:03d}{part.part_id * _STEP % _ITEMS:07d}"
    return digits + check_digit(digits)
