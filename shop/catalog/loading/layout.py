"""Where the columns of a file are, told by the words above them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from shop.catalog.errors import ColumnsNotFound
from shop.catalog.loading.header_words import field_of
from shop.catalog.models import CatalogFile

# Titles, addresses and dates stand above the header, but not a page of them.
_LOOKED_AT: Final = 40
_CAR_FIELDS: Final = {"make", "car", "model"}
_NUMBER_FIELDS: Final = {"oe", "cross", "cross_number", "replaced_by", "replaces", "barcode"}


@dataclass(frozen=True)
class FileLayout:
    """``header_row`` counts from 1; ``columns`` maps a field to its places from 0, several where it is repeated."""

    header_row: int
    headers: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]

    def to_json(self) -> dict[str, Any]:
        named = {field: [self.headers[place] for place in places] for field, places in self.columns.items()}
        return {"header_row": self.header_row, "columns": named}


def recognise(rows: Iterable[Sequence[str]], kind: str) -> FileLayout:
    """The header is the row of the first forty that names most fields, all needed ones among them.

    Raises ColumnsNotFound.
    """
    best: FileLayout | None = None
    for number, cells in enumerate(islice(rows, _LOOKED_AT), start=1):
        columns = _columns(cells, kind)
        if _is_enough(columns.keys(), kind) and (best is None or len(columns) > len(best.columns)):
            best = FileLayout(number, tuple(cell.strip() for cell in cells), columns)
    if best is None:
        raise ColumnsNotFound
    return best


def _columns(cells: Sequence[str], kind: str) -> dict[str, tuple[int, ...]]:
    columns: dict[str, tuple[int, ...]] = {}
    for place, cell in enumerate(cells):
        field = field_of(cell, kind=kind) if 0 < len(cell) <= 60 else None
        if field is None:
            continue
        if field in columns and field in ("brand", "article"):
            # The second "brand" and "number" of a list of numbers belong to the cross.
            if kind == CatalogFile.Kind.NUMBERS:
                field = "cross_brand" if field == "brand" else "cross_number"
            else:
                continue
        columns[field] = (*columns.get(field, ()), place)
    return columns


def _is_enough(fields: Iterable[str], kind: str) -> bool:
    known = set(fields)
    if not {"brand", "article"} <= known:
        return False
    if kind == CatalogFile.Kind.FITMENT:
        return bool(known & _CAR_FIELDS)
    return bool(known & _NUMBER_FIELDS)
