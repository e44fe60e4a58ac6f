"""How a word sounds, whatever alphabet or keyboard it was typed with.

Ukrainian, Russian and their many ways of Latin spelling come out alike: ``масляний``, ``масляный``, ``maslyanyy`` are
one key. It is made for comparing, not for reading: г, х, h and g are one sound in it, as are и, ы, і and y.
"""

import re
from functools import lru_cache
from itertools import product
from typing import Final

_CYRILLIC: Final = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "э": "e", "ё": "e", "ж": "Z",
    "з": "z", "и": "i", "і": "i", "ї": "i", "ы": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
    "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "g", "ц": "T", "ч": "C", "ш": "S", "щ": "S",
    "ю": "iu", "я": "ia", "ь": "", "ъ": "", "'": "",
})  # fmt: skip
_LATIN_MARKS: Final = str.maketrans(
    "äàáâãåçčéèêëěíìîïñóòôõöøřšúùûüůýž", "aaaaaaсCeeeeeiiiinoooooorSuuuuuiZ".replace("с", "c")
)
_DIGRAPHS: Final = (
    ("shch", "S"), ("sch", "S"), ("sh", "S"), ("zh", "Z"), ("ch", "C"), ("kh", "g"), ("ts", "T"), ("tz", "T"),
    ("ph", "f"), ("th", "t"), ("ck", "k"), ("x", "ks"), ("qu", "k"), ("q", "k"), ("w", "v"), ("h", "g"), ("c", "k"),
    ("y", "i"), ("j", "i"),
)  # fmt: skip
# Latin for ё: ``startyor``.
_SAID_YO: Final = re.compile(r"(?<=[bdfgklmnprstvz])[yj]o")
# The same key of the keyboard; Ukrainian, then Russian where it differs.
_KEYS_LATIN: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_KEYS_UKRAINIAN: Final = "йцукенгшщзхїфівапролджєячсмитьбю'"
_KEYS_RUSSIAN: Final = {"ы": "s", "э": "'", "ъ": "]", "ё": "`"}
_TO_CYRILLIC: Final = str.maketrans(_KEYS_LATIN, _KEYS_UKRAINIAN)
_TO_LATIN: Final = str.maketrans(dict(zip(_KEYS_UKRAINIAN, _KEYS_LATIN, strict=True)) | _KEYS_RUSSIAN)
# Letters that look the same, lower case.
_LATIN_ALIKE: Final = "abeikmhopctyx"
_CYRILLIC_ALIKE: Final = "авеікмнорстух"
_ALIKE_TO_CYRILLIC: Final = str.maketrans(_LATIN_ALIKE, _CYRILLIC_ALIKE)
_ALIKE_TO_LATIN: Final = str.maketrans(_CYRILLIC_ALIKE, _LATIN_ALIKE)

# Endings as they sound, of nouns and adjectives in both languages; what stays has three letters at least.
_ENDINGS: Final = (
    "iami", "iaia", "ogo", "ego", "omu", "emu", "imi", "ami", "oiu", "eiu", "aia", "iag", "iam", "oe", "ee", "oi", "ei",
    "ig", "im", "iv", "ov", "ev", "om", "em", "am", "ag", "ia", "iu", "uiu", "a", "e", "i", "o", "u",
)  # fmt: skip
_SHORTEST_STEM: Final = 3


def has_cyrillic(text: str) -> bool:
    return any("\u0400" <= letter <= "\u04ff" for letter in text)


def has_latin(text: str) -> bool:
    return any("a" <= letter <= "z" for letter in text.casefold())


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """``октавія``, ``Octavia``, ``oktaviya`` → ``oktavia``. Digits stay; doubled letters count once."""
    word = _SAID_YO.sub("e", word.casefold().translate(_LATIN_MARKS))
    for written, heard in _DIGRAPHS:
        if written in word:
            word = word.replace(written, heard)
    word = word.translate(_CYRILLIC)
    word = re.sub(r"([a-zA-Z])\1", r"\1", re.sub(r"[^a-zA-Z0-9]", "", word))
    return re.sub(r"ie", "e", word)


def root(heard: str) -> str:
    """What ``sound`` gave, without the ending of its case: ``peredniki`` and the like still meet."""
    for ending in _ENDINGS:
        if heard.endswith(ending) and len(heard) - len(ending) >= _SHORTEST_STEM:
            return heard[: -len(ending)]
    return heard


def on_other_keyboard(text: str) -> str:
    """``rjkjlrb`` → ``колодки``, ``ищыср`` → ``bosch``: the same keys, the other layout."""
    text = text.casefold()
    return text.translate(_TO_LATIN) if has_cyrillic(text) else text.translate(_TO_CYRILLIC)


def in_one_alphabet(word: str) -> str:
    """A word with letters of both alphabets is Cyrillic with Latin look-alikes in it: ``кoлодки`` → ``колодки``."""
    if has_cyrillic(word) and has_latin(word):
        return word.casefold().translate(_ALIKE_TO_CYRILLIC)
    return word


def codes(word: str) -> set[str]:
    """Latin codes that a short word may stand for, lower case: ``в6`` → b6 (by look) and v6 (by sound)."""
    word = word.casefold()
    if not has_cyrillic(word):
        return {word}
    heard = word.translate(_CYRILLIC)
    return {word.translate(_ALIKE_TO_LATIN), heard, heard.replace("g", "h"), heard.replace("k", "c")}


# How a name of a car may be said, beside ``sound``; each row gives all that may stand for the letters.
_READINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (r"cc(?=[eiy])", ("ks", "kT", "C")),
    (r"sc(?=[eiy])", ("s", "sT")),
    (r"c(?=[eiy])", ("s", "T", "C", "k")),
    (r"ch", ("C", "S", "k")),
    (r"tz", ("T",)),
    (r"(?<=[aeiou])s(?=[aeiou])", ("s", "z")),
    (r"au?lt$", ("o", "alt")),
    (r"eau", ("o",)),
    (r"au", ("au", "o")),
    (r"cs", ("ks", "s")),
    (r"age$", ("eidZ", "aZ", "age")),
    (r"j", ("dZ", "Z", "i")),
    (r"g(?=[eiy])", ("g", "dZ")),
    (r"^x", ("ks", "iks", "g")),
    (r"ou", ("u", "au", "ou")),
    (r"oo", ("u", "o")),
    (r"ee", ("i", "e")),
    (r"ea", ("i", "ea")),
    (r"ai", ("ei", "ai", "e")),
    (r"ui", ("u", "ui")),
    (r"eu", ("eu", "e")),
    (r"u(?=[^aeiou]+[ea])", ("u", "a", "iu")),
    (r"a(?=[^aeiou]{2}|ck|m)", ("a", "e")),
    (r"(?<=[^aeiou])e$", ("", "e")),
    (r"^h", ("g", "")),
)
_MOST_READINGS: Final = 48


def name_sounds(name: str) -> set[str]:
    """All the ways a foreign name may be spelled by ear: ``Lacetti`` → laketi, laCeti, laseti …"""
    heard = {sound(name)}
    if has_cyrillic(name):
        return heard
    pieces: list[tuple[str, ...]] = []
    is_abbreviation = not re.search(r"[aeiouy]", name.casefold())
    rest = re.sub(r"[^a-z0-9]", "", name.casefold().translate(_LATIN_MARKS).casefold())
    place = 0
    while place < len(rest):
        for pattern, said in _READINGS:
            match = re.compile(pattern).search(rest, place)
            if match and match.start() == place:
                pieces.append(said)
                place = match.end()
                break
        else:
            # CR-V is said letter by letter: срв, црв.
            pieces.append(("k", "s", "T") if is_abbreviation and rest[place] == "c" else (rest[place],))
            place += 1
    for number, said in enumerate(product(*pieces)):
        if number >= _MOST_READINGS:
            break
        heard.add(_as_heard("".join(said)))
    return heard


def _as_heard(text: str) -> str:
    """As ``sound``, for a text in which the sounds C, S, T and Z are written already."""
    for written, heard in _DIGRAPHS:
        text = text.replace(written, heard)
    text = re.sub(r"([a-zA-Z])\1", r"\1", re.sub(r"[^a-zA-Z0-9]", "", text))
    return re.sub(r"ie", "e", text)
