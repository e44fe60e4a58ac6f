"""Rows between the goods that are no goods: blank ones, names of brands and groups, totals, heads of the next page."""

import re
from collections.abc import Mapping

from shop.catalog.notions import split
from shop.catalog.numbers import brand_key
from shop.catalog.part_words import NOTIONS
from shop.offers.pricelists.layout import Layout

_TOTAL = re.compile(
    r"(?:разом|всього|усього|итого|всего|підсумок|сума|сумма|total|sub-?total|grand total|summe|gesamt|insgesamt|razem"
    r"|suma|łącznie)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d\s.,+-]+")
# A stem of a word of the trade is long enough to tell it in any case and number.
_STEM = 5
_TRADE = frozenset(word[:_STEM] for word in NOTIONS.split() if len(word) >= _STEM)


class Sections:
    """Follows the rows in their order; ``brand`` is what the last row of a brand has named, or the brand of all."""

    def __init__(self, layout: Layout, brands: Mapping[str, int]) -> None:
        self.brand = layout.brand
        self._brands = brands
        self._has_column = bool(layout.columns.get("brand"))
        self._identity = [place for field in ("brand", "article") for place in layout.columns.get(field, ())]
        used = sorted({place for places in layout.columns.values() for place in places})
        heads = [(place, layout.headers[place].strip()) for place in used if place < len(layout.headers)]
        self._heads = [(place, head) for place, head in heads if head] if layout.header_row else []
        self._was_section = False

    def ignored(self, row: list[str]) -> str:
        """Why this row is no goods: blank, total_row, section_header; "" for goods."""
        told = [cell.strip() for cell in row if cell and not cell.isspace()]
        if not told:
            return "blank"
        # There are brands called Total and 555.
        is_brand = not self._has_column and brand_key(told[0]) in self._brands
        if len(told) == 1 and (is_brand or not _TOTAL.match(told[0])):
            if _NUMBER.fullmatch(told[0]) and not is_brand:
                return ""
            self._section(told[0])
            return "section_header"
        self._was_section = False
        identity = [row[place].strip() for place in self._identity if place < len(row)]
        named = [text for text in identity if text and not _TOTAL.match(text)]
        if any(_TOTAL.match(text) for text in told) and not named:
            return "total_row"
        is_head = len(self._heads) > 1 and all(
            place < len(row) and row[place].strip() == head for place, head in self._heads
        )
        return "section_header" if is_head else ""

    def goods(self) -> None:
        """The row was one of goods."""
        self._was_section = False

    def _section(self, text: str) -> None:
        """A brand is in force until the next; a group of goods under it changes nothing."""
        is_brand = brand_key(text) in self._brands
        if is_brand:
            self.brand = text
        elif not self._has_column and not self._was_section and not _is_group(text):
            # Not known: better its goods are rejected by this name than sold under the brand above.
            self.brand = text
        elif self._has_column:
            self.brand = ""
        self._was_section = True


def _is_group(text: str) -> bool:
    """Whether a text names goods: «Фільтри масляні»."""
    return any(word[:_STEM].casefold() in _TRADE for word in split(text) if len(word) >= _STEM)
