"""Judged queries by number, made from the catalogue itself: the answer to a number is the part that bears it.

Chosen by a fixed seed and spelled as people spell them; they follow the demonstration catalogue when it changes.
"""

import random
from collections.abc import Callable, Iterable, Iterator

from bench.search_quality import Judged
from shop.catalog.models import Barcode, Brand, CrossReference, OeNumber, Part
from shop.lib.letters import on_other_keyboard

_PER_KIND = 12
_CYRILLIC = str.maketrans("ABEIKMHOPCTYX", "АВЕІКМНОРСТУХ")
_SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda number: number,
    lambda number: number.lower(),
    lambda number: "".join(letter for letter in number if letter.isalnum()),
    lambda number: ".".join(number.split()),
    lambda number: "-".join(number.lower().split()),
    lambda number: f"  {number} ",
)
_BARCODE_SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda code: code,
    lambda code: f"{code[0]} {code[1:7]} {code[7:]}",
    lambda code: f"0{code}",
    lambda code: f"{code[:2]}-{code[2:7]}-{code[7:12]}-{code[12:]}",
)


def judged_numbers() -> Iterator[Judged]:
    """Articles, barcodes, originals, replaced numbers, brand and number, look-alike letters, the other keyboard."""
    dice = random.Random(20)
    parts = list(Part.objects.active().with_names().filter(article_number__regex=r"\d{3}").order_by("pk"))
    lettered = [part for part in parts if sum(letter in "ABEIKMHOPCTYX" for letter in part.article_key) > 1]
    for place, part in enumerate(dice.sample(parts, _PER_KIND)):
        yield _judged("article", _SPELLINGS[place % len(_SPELLINGS)](part.article_number), [part])
    for part in dice.sample(lettered, _PER_KIND // 2):
        yield _judged("look-alike", part.article_number.translate(_CYRILLIC), [part])
    for part in dice.sample(lettered, _PER_KIND // 2):
        yield _judged("layout-number", on_other_keyboard(part.article_number.lower()), [part])
    for place, part in enumerate(dice.sample(parts, _PER_KIND)):
        name = dice.choice(_names(part.brand))
        pair = (name, _SPELLINGS[place % len(_SPELLINGS)](part.article_number).strip())
        yield _judged("brand+number", " ".join(pair if place % 2 else pair[::-1]), [part])
    for place, pk in enumerate(dice.sample(range(1, OeNumber.objects.count()), _PER_KIND)):
        number = OeNumber.objects.get(pk=pk)
        bearers = Part.objects.with_names().filter(oe_numbers__search_key=number.search_key)
        yield _judged("oe", _SPELLINGS[place % len(_SPELLINGS)](number.number), bearers)
    for pk in dice.sample(range(1, CrossReference.objects.count()), _PER_KIND // 2):
        cross = CrossReference.objects.get(pk=pk)
        replacing = Part.objects.with_names().filter(cross_references__search_key=cross.search_key)
        itself = Part.objects.with_names().filter(search_key=cross.search_key)
        yield _judged("cross", cross.number, [*replacing, *itself])
    codes = list(Barcode.objects.order_by("pk"))
    for place, code in enumerate(random.Random(21).sample(codes, _PER_KIND // 2)):
        bearers = Part.objects.with_names().filter(barcodes__gtin=code.gtin)
        yield _judged("ean", _BARCODE_SPELLINGS[place % len(_BARCODE_SPELLINGS)](str(code)), bearers)


def _judged(kind: str, query: str, answers: Iterable[Part]) -> Judged:
    return Judged(kind, query, tuple((("part", f"{part.brand.slug}/{part.article_key}"),) for part in answers))


def _names(brand: Brand) -> list[str]:
    return [alias for alias in brand.aliases.values_list("name", flat=True) if len(alias) > 2] or [brand.name]
