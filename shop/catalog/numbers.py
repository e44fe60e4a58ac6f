"""Article numbers and brand names: one identity however they are typed."""

import unicodedata

# Cyrillic letters that look like Latin ones on a box or in a price list (upper case).
_LOOK_ALIKES = str.maketrans("АВЕІКМНОРСТУХ", "ABEIKMHOPCTYX")


def article_key(number: str) -> str:
    """``W 712/75`` → ``W71275``: upper case, Unicode letters and digits only. Identity and address of a part."""
    return "".join(letter for letter in number.upper() if letter.isalnum())


def search_key(number: str) -> str:
    """As ``article_key``, with Cyrillic look-alikes folded to Latin. It finds; it never decides identity."""
    return article_key(number).translate(_LOOK_ALIKES)


def brand_key(name: str) -> str:
    """``Löbro`` → ``lobro``, ``MANN-FILTER`` → ``mannfilter``: the identity of a brand's spelling."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name).casefold() if letter.isalnum())
