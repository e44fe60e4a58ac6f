"""Which encoding a text file is in. UTF-8 proves itself; the others are told by how their letters sit together."""

import codecs
from collections.abc import Iterator
from pathlib import Path

_CHUNK = 1024 * 1024
_SAMPLE = 256 * 1024
# One broken byte in so many letters is a slip of the program that wrote the file, not another encoding.
_BROKEN_PER_LETTERS = 1000
# The most frequent letters of Ukrainian and Russian; a wrong code page turns them into rare ones or capitals.
_FREQUENT = frozenset("оаинтвеіслркдупмя")
_CYRILLIC = ("cp1251", "koi8-u", "cp866")
# Only Polish and Czech letters stand on these in cp1250; German ones are the same in cp1250 and cp1252.
_CENTRAL_EUROPEAN = frozenset(b"\xb3\xb9\x9c\x9f\xbf\xea\xf1\xe6\xa3\xa5\x8c\xaf\xca\xd1\xc6\x9a\x9e\xe8\xec\xf8\xf9")


def encoding_of(path: Path) -> str:
    """UTF-8 (``utf-8-sig`` with a mark), UTF-16, or the single-byte one that its letters speak for."""
    with path.open("rb") as file:
        beginning = file.read(_SAMPLE)
    if beginning.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if wide := utf_16_of(beginning):
        return wide
    letters, broken, sample = _count_utf_8(path)
    if not broken or broken * _BROKEN_PER_LETTERS < letters:
        return "utf-8"
    return _single_byte(sample)


def utf_16_of(beginning: bytes) -> str:
    """By its mark, or because delimiters, digits and line ends have a zero byte beside them, always on one side."""
    if beginning.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if beginning.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    beginning = beginning[: len(beginning) // 2 * 2]
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    if max(even, odd) * 10 < len(beginning) // 2 or min(even, odd) * 5 > max(even, odd):
        return ""
    name = "utf-16-le" if odd > even else "utf-16-be"
    delimiter_like = beginning.decode(name, "replace")
    return name if any(mark in delimiter_like for mark in "\n\r") else ""


def _count_utf_8(path: Path) -> tuple[int, int, bytes]:
    """Letters beyond ASCII, broken sequences, and a sample of the lines with the first of these."""
    letters = broken = 0
    sample = b""
    for chunk in _chunks(path):
        if chunk.isascii():
            continue
        try:
            text = chunk.decode()
        except UnicodeDecodeError as error:
            if not sample:
                sample = chunk[max(0, error.start - _SAMPLE // 2) : error.start + _SAMPLE // 2]
            text = chunk.decode(errors="replace")
            broken += text.count("\ufffd")
            if broken > 10_000:
                break
        letters += len(chunk) - len(text)
    return letters, broken, sample


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces that end with a line, so no letter is cut in two."""
    rest = b""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            end = max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1
            if end:
                yield rest + piece[:end]
                rest = piece[end:]
            else:
                rest += piece
    if rest:
        yield rest


def _single_byte(sample: bytes) -> str:
    strange = {byte for byte in sample if byte > 127}
    if _is_latin(sample):
        return "cp1250" if strange & _CENTRAL_EUROPEAN else "cp1252"
    return max(_CYRILLIC, key=lambda name: _likeness(sample.decode(name, "replace")))


def _is_latin(sample: bytes) -> bool:
    """Whether letters beyond ASCII stand alone among ASCII letters (``Kühler``, ``wąż``), not in words of their own."""
    alone = together = 0
    for before, byte, after in zip(sample, sample[1:], sample[2:], strict=False):
        if byte < 128:
            continue
        if before > 127 or after > 127:
            together += 1
        elif _is_ascii_letter(before) or _is_ascii_letter(after):
            alone += 1
    return alone > together


def _is_ascii_letter(byte: int) -> bool:
    return 65 <= byte <= 90 or 97 <= byte <= 122


def _likeness(text: str) -> int:
    """Frequent small letters speak for an encoding; strange signs, and capitals inside words, against it."""
    points = 0
    before = " "
    for letter in text:
        if letter > "\x7f":
            if letter in _FREQUENT:
                points += 2
            elif letter.lower() in _FREQUENT:
                points += 1 if not before.islower() else -2
            elif not letter.isalpha() and letter not in "№«»–—’ °…₴€¦§":
                points -= 3
        before = letter
    return points
