"""Numbers under the bars of a barcode: EAN-13, EAN-8, UPC-12 and GTIN-14, one number however they are typed.

GS1 General Specifications, section 7.9 (https://www.gs1.org/standards/barcodes-epcrfid-id-keys/gs1-general-specifications):
all four are one number with leading zeros, and the last digit checks the others.
"""

from typing import Final

from shop.catalog.numbers import search_key

_LENGTHS: Final = (8, 12, 13, 14)
LONGEST: Final = 14


def read_gtin(text: str) -> int | None:
    """The number without its leading zeros; None where length or check digit say that it is something else."""
    digits = search_key(text)
    if len(digits) not in _LENGTHS or not (digits.isascii() and digits.isdigit()) or not int(digits):
        return None
    return int(digits) if check_digit(digits[:-1]) == digits[-1] else None


def check_digit(digits: str) -> str:
    """Of the digits before it: weights 3, 1, 3, 1 … from the right, and what is missing to a full ten."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def spelled(gtin: int) -> str:
    """As printed: eight digits, thirteen (UPC has a leading zero), or fourteen."""
    return f"{gtin:08d}" if gtin < 10**8 else f"{gtin:013d}"
