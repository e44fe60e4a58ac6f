"""How one file is to be read: which columns, marks and currency. Remembered for a supplier's list as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shop.lib.tables import TableFormat
from shop.offers.pricelists.header_words import head_key

# What an offer cannot do without; the brand may also stand in rows between the goods, or above them.
NEEDED = ("article", "price")
MOST_HEAD_ROWS = 60


@dataclass(frozen=True)
class Layout:
    """Columns are counted from 0, rows from 1.

    ``header_row`` 0: there are no heads. ``columns``: field → places; fields are those of ``header_words.FIELDS``.
    ``decimal`` is "." or ",". ``currency`` "": the supplier's. ``has_vat`` None: the file does not say. ``brand``: of
    all goods, for a file without a column of brands; without either, rows between the goods name it. ``places``:
    number of a stock column ("0", "1", …) → id of the warehouse it stands for; empty: pieces of all are added up.
    """

    format: TableFormat
    header_row: int
    headers: list[str]
    columns: Mapping[str, tuple[int, ...]]
    decimal: str = ","
    currency: str = ""
    has_vat: bool | None = None
    brand: str = ""
    places: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "format": self.format.to_json(),
            "header_row": self.header_row,
            "headers": list(self.headers),
            "columns": {name: list(places) for name, places in self.columns.items()},
            "decimal": self.decimal,
            "currency": self.currency,
            "has_vat": self.has_vat,
            "brand": self.brand,
            "places": dict(self.places),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Layout":
        return cls(
            format=TableFormat.from_json(data["format"]),
            header_row=int(data["header_row"]),
            headers=[str(head) for head in data["headers"]],
            columns={name: tuple(map(int, places)) for name, places in data["columns"].items()},
            decimal=data.get("decimal", ","),
            currency=data.get("currency", ""),
            has_vat=data.get("has_vat"),
            brand=data.get("brand", ""),
            places={str(place): int(pk) for place, pk in data.get("places", {}).items()},
        )

    @property
    def place_ids(self) -> dict[int, int]:
        """Number of a stock column → id of its warehouse."""
        return {int(place): pk for place, pk in self.places.items()}

    @property
    def are_places_apart(self) -> bool:
        """Whether the stock columns stand for different warehouses."""
        return len(self.columns.get("stock", ())) > 1 and bool(self.places)

    def missing(self) -> list[str]:
        """Fields nobody has found yet and without which nothing can be read."""
        return [name for name in NEEDED if not self.columns.get(name)]


def moved(layout: Layout, rows: Sequence[Sequence[str]], format: TableFormat) -> Layout | None:
    """The remembered layout for a file that begins with ``rows``: the same heads at the same places, whatever stands
    above them today. None when the file is another one.
    """
    if format.kind != layout.format.kind:
        return None
    if not layout.header_row:
        width = max((len(row) for row in rows), default=0)
        return replace(layout, format=format) if width == len(layout.headers) else None
    heads = [head_key(head) for head in layout.headers]
    used = {place for places in layout.columns.values() for place in places}
    for number, row in enumerate(rows[:MOST_HEAD_ROWS], start=1):
        told = combined(rows[number - 2], row) if number > 1 else list(row)
        for keys in ([head_key(cell) for cell in row], [head_key(cell) for cell in told]):
            if len(keys) > max(used) and all(keys[place] == heads[place] for place in used if place < len(heads)):
                return replace(layout, format=format, header_row=number)
    return None


def combined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Heads of two rows, the upper ones merged over several columns: ``Ціна | · `` over ``опт | роздріб``."""
    heads, over = [], ""
    for place in range(max(len(upper), len(lower))):
        above = upper[place].strip() if place < len(upper) else ""
        below = lower[place].strip() if place < len(lower) else ""
        if above:
            over = above
        elif not below:
            over = ""
        heads.append(" ".join(filter(None, [above or (over if below else ""), below])))
    return heads
