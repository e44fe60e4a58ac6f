"""Numbers with their owners inside a cell: ``VW 1K0 615 301 AA; SKODA 1K0615301AA``, ``BOSCH: 0 986 494 123``."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from shop.catalog.loading.rows import Rejected, checked_key

_SEPARATORS: Final = re.compile(r"[\n\r;|,]+|\s/\s")
_SLASH: Final = re.compile(r"\s*/\s*")
_BRACKETED: Final = re.compile(r"^(?P<number>[^()]+?)\s*\((?P<owner>[^()]+)\)$")
_COLON: Final = re.compile(r"^(?P<owner>[^:]*[^\W\d][^:]*)\s*:\s*(?P<number>.+)$")
_MOST_OWNER_WORDS: Final = 4

type Find = Callable[[str], object | None]


def split_cell(cell: str, is_owner: Find) -> Iterator[str]:
    """The entries of a cell. A slash parts them only where each side says whose it is: ``W 712/75`` is one."""
    for piece in _SEPARATORS.split(cell):
        piece = piece.strip(" .\t")
        if not piece:
            continue
        sides = _SLASH.split(piece)
        if len(sides) > 1 and all(_is_whole(side, is_owner) for side in sides):
            yield from (side.strip() for side in sides)
        else:
            yield piece


def split_numbers(cell: str) -> Iterator[str]:
    """Entries of a cell whose owner stands elsewhere; a slash parts them only with long numbers on both sides."""
    for piece in _SEPARATORS.split(cell):
        sides = _SLASH.split(piece.strip())
        if len(sides) > 1 and all(sum(letter.isalnum() for letter in side) >= 7 for side in sides):
            yield from (side.strip() for side in sides)
        elif piece.strip():
            yield piece.strip()


def owner_and_number(entry: str, is_owner: Find) -> tuple[str, str]:
    """Whose number, and the number. Raises Rejected: a number without an owner is joined to nothing."""
    if match := _BRACKETED.match(entry) or _COLON.match(entry):
        owner, number = match["owner"].strip(), match["number"].strip()
        if is_owner(owner) is None:
            raise Rejected("unknown_owner", owner)
        return owner, number
    words = entry.split()
    for length in range(min(_MOST_OWNER_WORDS, len(words) - 1), 0, -1):
        owner = " ".join(words[:length])
        if is_owner(owner) is not None:
            return owner, " ".join(words[length:])
    if len(words) > 1 and not any(letter.isdigit() for letter in words[0]) and len(words[0]) > 1:
        raise Rejected("unknown_owner", entry)
    raise Rejected("owner_missing", entry)


def checked_number(number: str, longest: int) -> str:
    """The number as printed, blanks tidied. Raises Rejected where it is no number."""
    number = " ".join(number.replace("\0", "").split())
    key = checked_key(number, missing="not_a_number")
    if not any(letter.isdigit() for letter in key) or len(key) < 3:
        raise Rejected("not_a_number", number)
    if len(number) > longest or len(key) > longest:
        raise Rejected("number_too_long", number)
    return number


def _is_whole(entry: str, is_owner: Find) -> bool:
    try:
        owner_and_number(entry, is_owner)
    except Rejected:
        return False
    return True
