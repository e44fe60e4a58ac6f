"""What every kind of source answers: what is new there, and how to be done with it."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import IO, Any, Protocol

from shop.offers.models import PriceListSource

# Names that a price list may have; what is inside is recognised by its content later.
FILE_TYPES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".zip"})


class SourceProblem(Exception):
    """Nothing could be taken; ``problem`` says why, in words that staff see."""

    def __init__(self, problem: PriceListSource.Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Found:
    """A file that waits at a source. ``mark`` is the same for the same file at every look; ``settle`` is called after
    the file was taken for good and may fail or be called again without harm."""

    name: str
    mark: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    settle: Callable[[], None]


@dataclass
class Look:
    """What one look at a source gave: new files, the oldest first; ``is_unsettled`` when a file is still growing.

    ``memory`` replaces the source's; ``problem`` is what was wrong with some of what lies there.
    """

    found: list[Found] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    is_unsettled: bool = False
    is_confirmed: bool = False
    problem: PriceListSource.Problem | None = None


class Place(Protocol):
    """A kind of source. Leaving the context ends connections."""

    def look(self, source: PriceListSource) -> AbstractContextManager[Look]:
        """What is new. Raises SourceProblem."""


def mark_of(*pieces: object) -> str:
    """64 hex digits for what tells one file from others."""
    return hashlib.sha256("\0".join(map(str, pieces)).encode()).hexdigest()


def is_table_name(name: str) -> bool:
    return PurePath(name).suffix.lower() in FILE_TYPES
