"""How many parts an SMS has: operators cut, deliver and charge by the part (GSM 03.38, 03.40).

The GSM alphabet has 160 characters in one SMS and 153 in each of several; a few characters cost two places. Any
character outside it, and so every Cyrillic one, makes the whole text UCS-2: 70 and 67, counted in UTF-16 units.
"""

from collections.abc import Iterable

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO_PLACES = frozenset("^{}\\[~]|€\f")
_BEYOND_ONE_UNIT = 0xFFFF


def count_parts(text: str) -> int:
    """Parts of ``text`` as it is sent, placeholders filled in. A character of two places is never cut."""
    if all(letter in _GSM or letter in _GSM_TWO_PLACES for letter in text):
        return _parts([2 if letter in _GSM_TWO_PLACES else 1 for letter in text], single=160, each=153)
    return _parts([2 if ord(letter) > _BEYOND_ONE_UNIT else 1 for letter in text], single=70, each=67)


def _parts(places: Iterable[int], *, single: int, each: int) -> int:
    places = list(places)
    if sum(places) <= single:
        return 1
    parts, free = 1, each
    for size in places:
        if size > free:
            parts, free = parts + 1, each
        free -= size
    return parts
