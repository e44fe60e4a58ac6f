"""Several cars in one cell: ``VW Golf V, Skoda Octavia A5``, ``Audi A4, A6``. Each becomes a description of its own.

``Octavia A5, A7`` stays one: it names two generations of one model.
"""

import re
from collections.abc import Iterator

from shop.catalog.loading.car_list import CarList
from shop.catalog.loading.described import CarWords

_PARTS = re.compile(r"\s*[;|]\s*|,\s+|,(?=\D)|\s+/\s+")
_NARROWING = (
    re.compile(r"\d[.,]\d"),
    re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<![\w\-])'?\d\d\s?[-–—]"),
    re.compile(r"\d\s?(?:kw|квт|hp|ps|к\.?\s?с|л\.?\s?с)\b", re.IGNORECASE),
)
_MOST_CARS_IN_CELL = 60


def split_cars(words: CarWords, known: CarList) -> list[CarWords]:
    """At least one; what the other cells say goes for each."""
    field = "car" if words["car"] else "model"
    pieces = list(_pieces(words[field]))
    if len(pieces) < 2:
        return [words]
    make = words["make"]
    found: list[str] = []
    for piece in pieces[:_MOST_CARS_IN_CELL]:
        named, length = _leading_make(piece, known)
        if named and not words["make"]:
            make = " ".join(piece.split()[:length])
            found.append(piece)
        elif named or not found or _begins_with_model(piece, make, known):
            is_said = bool(words["make"]) or not make or bool(named)
            found.append(piece if is_said or not found else f"{make} {piece}")
        else:
            found[-1] = f"{found[-1]}, {piece}"
    # ``Golf V, Octavia A5 1.9 TDI``: whether the engine is of both is not ours to say.
    if any(len({bool(sign.search(text)) for text in found}) > 1 for sign in _NARROWING):
        return [words]
    return [words.with_cell(field, text) for text in found]


def _pieces(text: str) -> Iterator[str]:
    """Parted at separators outside brackets."""
    start = depth = 0
    marks = {match.start(): match.end() for match in _PARTS.finditer(text)}
    place = 0
    while place < len(text):
        depth += (text[place] in "([") - (text[place] in ")]")
        if depth <= 0 and place in marks:
            if piece := text[start:place].strip():
                yield piece
            start = place = marks[place]
            continue
        place += 1
    if piece := text[start:].strip():
        yield piece


def _leading_make(text: str, known: CarList) -> tuple[set[int], int]:
    words = text.split()
    for length in range(min(3, len(words)), 0, -1):
        if makes := known.makes_named(" ".join(words[:length])):
            return makes, length
    return set(), 0


def _begins_with_model(text: str, make: str, known: CarList) -> bool:
    words = text.partition("(")[0].split()
    makes = known.makes_named(make) if make else set()
    for length in range(min(3, len(words)), 0, -1):
        name = " ".join(words[:length])
        if any(known.models_named(one, name) for one in makes) or known.makes_of_model(name):
            return True
    return False
