"""Whose data it is, told without a foreign key upward."""

from dataclasses import dataclass

from shop.lib.crypto import keyed_hash


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as the ledgers know one: ``Subject("order", "17")`` is whoever placed order 17.

    ``id`` may be given as a number; it is kept as text, as the ledgers keep it.
    """

    kind: str
    id: str | int

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", str(self.id))

    @classmethod
    def of_contact(cls, contact: str) -> "Subject":
        """Whoever an e-mail address or a phone belongs to, where nobody knows more."""
        return cls("contact", keyed_hash("subject contact", contact.strip().casefold()))
