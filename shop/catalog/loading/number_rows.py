"""Rows of a file of numbers → text for COPY: one line for each claim, and for each thing that is none."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final

from shop.catalog.gtin import read_gtin
from shop.catalog.loading.layout import FileLayout
from shop.catalog.loading.number_cells import checked_number, owner_and_number, split_cell, split_numbers
from shop.catalog.loading.rows import IGNORED, OK, REJECTED, Owners, Rejected, cells_of, copy_line, identity, in_chunks
from shop.catalog.models import CatalogFileClaims, CrossReference
from shop.catalog.numbers import article_key, search_key

# ``missing`` is the reason where the catalogue lacks the part that the claim is of.
COLUMNS: Final = (
    "state", "row", "reason", "value", "brand_id", "article_key", "missing", "kind", "claim", "owner_id", "number",
    "search_key", "gtin",
)  # fmt: skip
_Table = CatalogFileClaims.Table
_LONGEST_OE: Final = 40
_LONGEST_CROSS: Final = 60
# So many entries in one cell are no numbers of one part.
_MOST_ENTRIES: Final = 500
type _Act = Callable[[str], tuple[Any, ...]]


class NumberReader:
    """``makes`` maps a spelling of a car maker (``brand_key``) to its id."""

    def __init__(self, layout: FileLayout, brands: Mapping[str, int], makes: Mapping[str, int]) -> None:
        self.layout = layout
        self._brands = Owners(brands)
        self._makes = Owners(makes)
        self.rows_read = 0

    def copy_text(self, rows: Iterable[Sequence[str]]) -> Iterator[str]:
        """In the order of COLUMNS."""
        return in_chunks(self._lines(rows))

    def _lines(self, rows: Iterable[Sequence[str]]) -> Iterator[str]:
        for number, cells in enumerate(rows, start=1):
            if number <= self.layout.header_row:
                continue
            self.rows_read = number - self.layout.header_row
            if not any(cell.strip() for cell in cells):
                yield _line(IGNORED, number, "blank")
                continue
            said = cells_of(cells, self.layout.columns, joint="; ")
            try:
                brand, key = identity(said, self._brands)
            except Rejected as rejected:
                yield _line(REJECTED, number, rejected.reason, rejected.value)
                continue
            wrote = False
            for claim in self._claims(said, brand, key):
                wrote = True
                if isinstance(claim, Rejected):
                    yield _line(REJECTED, number, claim.reason, claim.value)
                else:
                    yield _line(OK, number, None, said["article"], *claim)
            if not wrote:
                yield _line(REJECTED, number, "no_numbers", said["article"])

    def _claims(self, said: Mapping[str, str], brand: int, key: str) -> "Iterator[tuple[Any, ...] | Rejected]":
        for act, entries in self._entries(said, brand, key):
            for entry in islice(entries, _MOST_ENTRIES):
                try:
                    yield act(entry)
                except Rejected as rejected:
                    yield rejected

    def _entries(self, said: Mapping[str, str], brand: int, key: str) -> Iterator[tuple[_Act, Iterator[str]]]:
        """What the filled-in cells hold, and what is to be made of each entry."""
        part = (brand, key, "unknown_part")
        make, other = said.get("oe_make", ""), said.get("cross_brand", "")
        if text := said.get("oe"):
            entries = split_numbers(text) if make else split_cell(text, self._any_owner)
            yield partial(self._original, make=make, part=part), entries
        if text := said.get("cross"):
            entries = split_numbers(text) if other else split_cell(text, self._any_owner)
            yield partial(self._cross, name=other, part=part), entries
        if text := said.get("cross_number"):
            yield partial(self._cross, name=other, part=part, is_paired=True), split_numbers(text)
        if text := said.get("replaced_by"):
            yield partial(self._successor, article=said["article"], brand=brand), split_cell(text, self._brands.brand)
        if text := said.get("replaces"):
            act = partial(self._predecessor, article=said["article"], brand=brand, part=part)
            yield act, split_cell(text, self._brands.brand)
        if text := said.get("barcode"):
            yield partial(_barcode, part=part), split_numbers(text)

    def _any_owner(self, name: str) -> object | None:
        make = self._makes.brand(name)
        return make if make is not None else self._brands.brand(name)

    def _original(self, entry: str, *, make: str, part: tuple[Any, ...]) -> tuple[Any, ...]:
        owner, number = (make, entry) if make else owner_and_number(entry, self._any_owner)
        if (make_id := self._makes.brand(owner)) is None:
            # A maker of originals that is a brand of ours and no make: VAG.
            if (brand := self._brands.brand(owner)) is None:
                raise Rejected("unknown_owner", owner)
            return self._claim(part, _Table.CROSS_REFERENCE, CrossReference.Kind.REPLACES, brand, number)
        number = checked_number(number, _LONGEST_OE)
        return (*part, int(_Table.OE_NUMBER), 0, make_id, number, search_key(number), None)

    def _cross(self, entry: str, *, name: str, part: tuple[Any, ...], is_paired: bool = False) -> tuple[Any, ...]:
        if is_paired and not name:
            raise Rejected("owner_missing", entry)
        owner, number = (name, entry) if name else owner_and_number(entry, self._any_owner)
        if (brand := self._brands.brand(owner)) is None:
            if self._makes.brand(owner) is None:
                raise Rejected("unknown_owner", owner)
            return self._original(number, make=owner, part=part)
        return self._claim(part, _Table.CROSS_REFERENCE, CrossReference.Kind.REPLACES, brand, number)

    def _successor(self, entry: str, *, article: str, brand: int) -> tuple[Any, ...]:
        """The part named in the cell came in place of the row's number; it is the one that has to be ours."""
        owner, number = self._of_brand(entry, brand, article)
        key = article_key(checked_number(number, _LONGEST_CROSS))
        new_part = (owner, key, "unknown_successor")
        return self._claim(new_part, _Table.CROSS_REFERENCE, CrossReference.Kind.SUPERSEDES, brand, article)

    def _predecessor(self, entry: str, *, article: str, brand: int, part: tuple[Any, ...]) -> tuple[Any, ...]:
        owner, number = self._of_brand(entry, brand, article)
        return self._claim(part, _Table.CROSS_REFERENCE, CrossReference.Kind.SUPERSEDES, owner, number)

    def _of_brand(self, entry: str, brand: int, article: str) -> tuple[int, str]:
        """Of the row's own brand where no other is named: a maker renumbers its own parts.

        ``GDB 1551`` beside ``GDB 1550`` names none: the letters are those of the row's own number.
        """
        try:
            name, number = owner_and_number(entry, self._brands.brand)
        except Rejected as rejected:
            is_alike = search_key(article).startswith(search_key(entry.split()[0]))
            if rejected.reason != "owner_missing" and not is_alike:
                raise
            return brand, entry
        return self._brands.brand(name) or brand, number

    def _claim(self, part: tuple[Any, ...], table: int, kind: int, owner: int, number: str) -> tuple[Any, ...]:
        number = checked_number(number, _LONGEST_CROSS)
        return (*part, int(table), int(kind), owner, number, search_key(number), None)


def _barcode(entry: str, *, part: tuple[Any, ...]) -> tuple[Any, ...]:
    if (gtin := read_gtin(entry)) is None:
        raise Rejected("bad_barcode", entry)
    return (*part, int(_Table.BARCODE), 0, 0, "", "", gtin)


def _line(state: str, row: int, reason: str | None, value: str = "", *claim: Any) -> str:
    return copy_line((state, row, reason, value[:200], *(claim or (None,) * 9)))
