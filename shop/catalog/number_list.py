"""A pasted list of numbers with quantities, as mechanics write them: lines of a message, rows of a table.

``W 712/75 x2`` · ``2 шт F 026 407 143`` · ``Bosch;0 986 494 123;4`` · ``1) фільтр OC593 - 2шт.`` · ``PMK768<tab>1``
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shop.catalog.search import How, NumberHits, by_numbers, clean_query

MOST_LINES: Final = 100
_LONGEST_LINE: Final = 120
LONGEST_LIST: Final = 12_000
_MOST_PIECES: Final = 99
_UNIT: Final = r"(?:(?:шт(?:ук[иа]?)?|к-?т|комплект[иа]?|компл?|pcs|pc|од|ед)\.?)"
_BULLET: Final = re.compile(r"^\s*(?:\d{1,3}[.)]\s+|[-–—•*·]\s+)")
_QUANTITIES: Final = (
    re.compile(rf"(?:^|(?<=\s))[xх×*]\s?(\d{{1,3}})\s*{_UNIT}?\s*$", re.IGNORECASE),
    re.compile(rf"(?:\s|[-–—:=,(])\s*(\d{{1,3}})\s*{_UNIT}\)?\s*$", re.IGNORECASE),
    re.compile(r"\s[-–—:=]\s*(\d{1,2})\s*$"),
    re.compile(rf"^\s*(\d{{1,3}})\s*{_UNIT}\s+", re.IGNORECASE),
    re.compile(r"^\s*(\d{1,2})\s?[xх×*]\s+", re.IGNORECASE),
)
_CELLS: Final = re.compile(r"\t+|;|\|")
_COUNT_CELL: Final = re.compile(rf"[xх×]?\s*(\d{{1,3}})(?:[.,]0+)?\s*{_UNIT}?", re.IGNORECASE)


class State(StrEnum):
    """What a line turned out to be."""

    FOUND = "found"
    ANALOGUE = "analogue"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Line:
    """``number`` is the line without its quantity; it may hold other words beside the number."""

    text: str
    number: str
    quantity: int


@dataclass(frozen=True)
class Answer:
    """Part ids for a line, best first."""

    line: Line
    state: State
    ids: list[int]


def read_lines(text: str) -> tuple[list[Line], int]:
    """The lines that hold a number, at most a hundred, and how many more there were."""
    lines = list(_lines(text[:LONGEST_LIST]))
    return lines[:MOST_LINES], max(0, len(lines) - MOST_LINES)


def looks_like_list(text: str) -> bool:
    """One line in which several numbers stand side by side, as a browser's field makes of a pasted column."""
    return (
        len(_numbers_in_row(text)) > 1 or len([piece for piece in re.split(r"[;,]\s*", text) if _is_number(piece)]) > 1
    )


def answers(lines: Iterable[Line]) -> list[Answer]:
    """What each line is; one query for all."""
    lines = list(lines)
    candidates = [_candidates(line.number) for line in lines]
    hits = by_numbers({text for texts in candidates for text in texts})
    return [
        _answer(line, next((hits[text] for text in texts if text in hits), NumberHits({})))
        for line, texts in zip(lines, candidates, strict=True)
    ]


def _answer(line: Line, hits: NumberHits) -> Answer:
    exact = [pk for pk, how in hits.how.items() if how == How.ARTICLE]
    if len(exact) == 1:
        return Answer(line, State.FOUND, hits.ids)
    if exact:
        return Answer(line, State.UNCLEAR, exact)
    return Answer(line, State.ANALOGUE if hits.how else State.UNKNOWN, hits.ids)


def _lines(text: str) -> Iterator[Line]:
    rows = [row for row in text.splitlines() if row.strip()]
    if len(rows) == 1:
        rows = _one_row(rows[0])
    for row in rows:
        if line := _line(row[:_LONGEST_LINE]):
            yield line


def _one_row(row: str) -> list[str]:
    """A single row may be a list too: numbers between commas or semicolons, or simply side by side."""
    pieces = [piece for piece in re.split(r"[;,]\s*|\s+/\s+", row) if piece.strip()]
    if len([piece for piece in pieces if _is_number(piece)]) > 1:
        return pieces
    return _numbers_in_row(row) or [row]


def _numbers_in_row(row: str) -> list[str]:
    """``W71275 OC593 F026407143`` → three; nothing where a word is no whole number by itself."""
    pieces = row.split()
    are_numbers = len(pieces) > 1 and all(len(piece) >= 5 and _is_number(piece) for piece in pieces)
    return pieces if are_numbers else []


def _is_number(text: str) -> bool:
    return sum(letter.isdigit() for letter in text) >= 3


def _may_be_number(words: list[str]) -> bool:
    joined = "".join(words)
    return len(joined) >= 4 and any(map(str.isdigit, joined)) and not joined.isalpha()


def _line(row: str) -> Line | None:
    cells = [cell.strip() for cell in _CELLS.split(row) if cell.strip(" \"'")]
    quantity = 1
    if len(cells) > 1:
        # In a table the count stands by itself, after the number.
        for place in range(len(cells) - 1, 0, -1):
            if match := _COUNT_CELL.fullmatch(cells[place].strip("\"' ")):
                quantity = int(match[1])
                del cells[place]
                break
        number = " ".join(cell.strip("\"'") for cell in cells)
    else:
        number = _BULLET.sub("", row)
        for pattern in _QUANTITIES:
            if match := pattern.search(number):
                rest = f"{number[: match.start()]} {number[match.end() :]}"
                if any(letter.isdigit() for letter in rest):
                    number, quantity = rest, int(match[1])
                    break
    number = clean_query(number).strip(" -–—:;,.()")
    if not any(letter.isdigit() for letter in number):
        return None
    return Line(clean_query(row), number, min(max(quantity, 1), _MOST_PIECES))


def _candidates(number: str) -> list[str]:
    """The whole text, then runs of its words that hold digits, longest first: words around a number do no harm."""
    words = number.split()
    runs = [
        " ".join(words[start:end])
        for length in range(min(len(words), 6), 0, -1)
        for start in range(len(words) - length + 1)
        for end in [start + length]
        if _may_be_number(words[start:end])
    ]
    return list(dict.fromkeys([number, *runs]))[:24]
