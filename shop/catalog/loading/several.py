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
_MOST_NAME_WORDS = 4
_MOST_CARS_IN_CELL = 60


def split_cars(words: CarWords, known: CarList) -> list[CarWords]:
    """At least one; what the other cells say goes for each."""
    field = "car" if words["car"] else "model"
    pieces = list(_pieces(words[field]))
    if len(pieces) < 2:
        return [words]
    if _is_one_name(words[field], words["make"], known):
        return [words]
    make, models = words["make"], set[int]()
    found: list[str] = []
    for piece in pieces[:_MOST_CARS_IN_CELL]:
        named, length = _leading_make(piece, known)
        rest = " ".join(piece.split()[length:])
        spoken = _models(rest if named and rest else piece, make if not named else "", named, known)
        if found and not spoken - models:
            # Another generation of the same model, or the second half of a name.
            found[-1] = f"{found[-1]}, {piece}"
            continue
        if named and not words["make"]:
            make = " ".join(piece.split()[:length])
        is_whole = not found or bool(words["make"]) or not make or bool(named)
        found.append(piece if is_whole else f"{make} {piece}")
        models = spoken
    if len(found) < 2:
        return [words]
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


def _is_one_name(text: str, make: str, known: CarList) -> bool:
    """``S40 / V40`` is what we call one model."""
    makes, length = (known.makes_named(make), 0) if make else _leading_make(text, known)
    words = text.split()[length:]
    return any(
        known.models_named(one, " ".join(words[:count]))
        for count in range(3, min(_MOST_NAME_WORDS + 2, len(words)) + 1)
        if "/" in words[:count]
        for one in makes
    )


def _models(text: str, make: str, makes: set[int], known: CarList) -> set[int]:
    """What the longest beginning of ``text`` names: models of the make, or such as are known without one."""
    words = text.partition("(")[0].split()
    makes = makes or (known.makes_named(make) if make else set())
    for length in range(min(_MOST_NAME_WORDS, len(words)), 0, -1):
        name = " ".join(words[:length])
        models = {model for one in makes for model in known.models_named(one, name)}
        models = models or {model for one in known.makes_of_model(name) for model in known.models_named(one, name)}
        if models:
            return models
    return set()
