"""Pages of a list: where they begin, and the links between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict


def address_with(query: QueryDict, **changes: str | Sequence[str] | None) -> str:
    """``?brand=bosch&page=2``: the query with some parameters changed or taken out; ``?`` when none is left."""
    changed = query.copy()
    for name, value in changes.items():
        if not value:
            changed.pop(name, None)
        else:
            changed.setlist(name, [value] if isinstance(value, str) else list(value))
    return f"?{changed.urlencode()}"


@dataclass(frozen=True)
class Pages:
    """Page ``number`` of ``total`` rows; a number past the end is the last page."""

    query: QueryDict
    number: int
    total: int
    size: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", min(self.number, self.count))

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    @property
    def previous(self) -> str:
        return self._address(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        return self._address(self.number + 1) if self.number < self.count else ""

    @property
    def own_query(self) -> str:
        """What makes this page another address than the first one: ``?page=2``."""
        return f"?page={self.number}" if self.number > 1 else ""

    def links(self) -> list[tuple[int, str]]:
        """First, last, and those around this one; 0 stands for a gap."""
        near = {1, self.count, *range(self.number - 1, self.number + 2)}
        found: list[tuple[int, str]] = []
        for number in sorted(number for number in near if 1 <= number <= self.count):
            if found and number > found[-1][0] + 1:
                found.append((0, ""))
            found.append((number, self._address(number)))
        return found

    def _address(self, number: int) -> str:
        return address_with(self.query, page=str(number) if number > 1 else None)
