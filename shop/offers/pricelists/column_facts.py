"""What the cells of one column look like, as points for every field it could be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shop.catalog.numbers import brand_key
from shop.offers.pricelists import cells
from shop.offers.pricelists.currency_words import currency_of

_SAMPLE = 400
_WORD = re.compile(r"[^\W\d_]{2,}")
_DELIVERY = re.compile(r"\d{1,3}(?:\s*[-–—]\s*\d{1,3})?(?:\s*[^\W\d]+\.?)?")


@dataclass(frozen=True)
class ColumnFacts:
    """Shares (0 … 1) of the cells that are not empty; ``filled`` of all."""

    filled: float = 0.0
    brand: float = 0.0
    price: float = 0.0
    fraction: float = 0.0
    whole: float = 0.0
    article: float = 0.0
    text: float = 0.0
    stock: float = 0.0
    delivery: float = 0.0
    barcode: float = 0.0
    currency: float = 0.0
    several: float = 0.0
    distinct: float = 0.0
    count: int = 0
    grows: bool = False

    @property
    def is_empty(self) -> bool:
        return self.filled == 0.0

    @property
    def is_one_number(self) -> bool:
        """Whether nearly every row has exactly one number here."""
        return self.filled > 0.8 and self.several < 0.05

    def points(self, field: str) -> float:
        """For (above 0) and against this field, about -10 … 10. An empty column speaks neither for nor against."""
        if self.is_empty:
            return 0.0
        return float(_POINTS[field](self))


def facts_of(column: Sequence[str], brands: Mapping[str, int]) -> ColumnFacts:
    told = [cell for cell in column if cell][:_SAMPLE]
    if not told:
        return ColumnFacts()
    count = len(told)

    def share(test: object) -> float:
        return sum(map(bool, map(test, told))) / count  # type: ignore[call-overload]

    digits = [int(cell) for cell in told if cell.isascii() and cell.isdigit() and len(cell) < 12]
    return ColumnFacts(
        filled=sum(map(bool, column)) / len(column),
        brand=share(lambda cell: brand_key(cell) in brands),
        price=share(
            lambda cell: len(cell) < 20 and cells.parse_price(cell).reason in ("", "price_zero", "price_negative")
        ),
        fraction=share(lambda cell: re.search(r"\d[.,]\d{1,2}(?!\d)", cell) and not _WORD.search(cell)),
        whole=share(lambda cell: cell.isascii() and cell.isdigit()),
        article=share(_is_article),
        text=share(
            lambda cell: len(cell) > 6 and (len(_WORD.findall(cell)) >= 2 or (len(cell) > 14 and _WORD.search(cell)))
        ),
        stock=share(cells.is_stock),
        delivery=share(lambda cell: _DELIVERY.fullmatch(cell)),
        barcode=share(_is_barcode),
        currency=share(lambda cell: len(cell) < 12 and currency_of(cell)),
        several=share(lambda cell: len(cells.split_numbers(cell)) > 1),
        distinct=len(set(told)) / count,
        count=count,
        grows=len(digits) == count > 3 and all(b - a == 1 for a, b in pairwise(digits)),
    )


def _is_article(cell: str) -> bool:
    """A number of a part: short, with a digit or all in capitals, without the words of a name, not a barcode."""
    if not 2 <= len(cell) <= 40 or _is_barcode(cell):
        return False
    if not any(letter.isdigit() for letter in cell):
        return len(cell) <= 15 and cell.isupper() and " " not in cell
    return not any(len(word) > 6 or any(letter.islower() for letter in word[1:]) for word in _WORD.findall(cell))


def _is_barcode(cell: str) -> bool:
    """EAN-8, UPC, EAN-13 or GTIN-14 with a right check digit."""
    if len(cell) not in (8, 12, 13, 14) or not (cell.isascii() and cell.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(cell)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


_POINTS = {
    "brand": lambda f: (
        8 * f.brand - 8 * f.price - 4 * (f.distinct > 0.9 and f.brand < 0.2) - 3 * (f.text - f.brand > 0.5)
    ),
    "article": lambda f: (
        4 * f.article + 3 * f.distinct - 8 * f.brand - 8 * f.grows - 7 * (f.barcode > 0.8) - 6 * (f.text > 0.7)
        - 4 * f.fraction * (f.fraction > 0.7) - 3 * (f.filled < 0.4) - 4 * (f.distinct < 0.3)
    ),
    "name": lambda f: 7 * f.text - 7 * f.brand - 8 * f.price,
    "price": lambda f: (
        4 * f.price + 3 * f.fraction - 12 * (1 - f.price) - 8 * f.grows - 8 * (f.barcode > 0.5)
        - 3 * (f.filled < 0.5) - 2 * (f.distinct < 0.1)
    ),
    "stock": lambda f: (
        5 * f.stock - 6 * (1 - f.stock) * (f.stock < 0.5) - 5 * f.fraction - 3 * f.text - 8 * (f.barcode > 0.5)
        - 8 * f.grows - 2 * (f.distinct > 0.9 and f.count > 20)
    ),
    "delivery": lambda f: 4 * f.delivery - 8 * (f.text > 0.8) - 5 * f.fraction,
    "oe": lambda f: 2 * f.several - 8 * (f.price > 0.9) * (f.fraction > 0.5),
    "cross": lambda f: 2 * f.several - 8 * (f.price > 0.9) * (f.fraction > 0.5),
    "currency": lambda f: 8 * f.currency - 12 * (1 - f.currency),
    "barcode": lambda f: 8 * f.barcode - 8 * (f.text > 0.5) - 6 * f.fraction,
}  # fmt: skip
