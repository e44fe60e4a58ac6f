"""Ukrainian order of names, the same on every machine.

PostgreSQL may be built without ICU, and the byte order of UTF-8 puts ґ, є, і, ї after я; a stored key under
collation "C" does not depend on either.
"""

import unicodedata

_ALPHABET = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_PLACES = {letter: f"{place:02d}" for place, letter in enumerate(_ALPHABET, start=40)}
_APOSTROPHES = {"'", "\u2019", "\u02bc", "`"}


def ukrainian_sort_key(name: str) -> str:
    """A text that sorts under collation "C" as ``name`` does in a Ukrainian dictionary: digits, Latin, Ukrainian.

    Case, accents and apostrophes do not count. Letters of other Cyrillic alphabets go to the end.
    """
    key: list[str] = []
    for letter in name.casefold():
        if letter in _APOSTROPHES:
            continue
        if letter in _PLACES:
            key.append(f"~{_PLACES[letter]}")
        elif letter.isascii():
            key.append(letter)
        else:
            key.append(
                "".join(part for part in unicodedata.normalize("NFKD", letter) if part.isascii()) or f"~99{letter}"
            )
    return "".join(key)
