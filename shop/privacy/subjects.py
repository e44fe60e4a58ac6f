"""Whose data it is, told without a foreign key upward."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as the ledgers know one: ``Subject("order", "17")`` is whoever placed order 17.

    ``id`` may be given as a number; it is kept as text, as the ledgers keep it.
    """

    kind: str
    id: str | int

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", str(self.id))
