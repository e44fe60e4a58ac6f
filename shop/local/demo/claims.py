"""What people say about parts besides suppliers' lists: checks by staff, counts of buyers, older and wrong numbers.

Its random numbers are its own, so that parts, numbers and prices are the same with and without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from shop.catalog.models import CrossReference
from shop.catalog.numbers import search_key
from shop.local.demo.copy_text import line
from shop.local.demo.kinds import Kind, KindBrand
from shop.local.demo.originals import Original

_SUPERSEDES, _DIFFERS = int(CrossReference.Kind.SUPERSEDES), int(CrossReference.Kind.DIFFERS)
_CHECKED_ORIGINALS: Final = 0.05
_SOLD_PARTS: Final = 0.08
_RENUMBERED_PARTS: Final = 0.03
_REPLACED_BY_THE_NEXT: Final = 0.1
_MISTAKEN_ORIGINALS: Final = 0.01
# The tour's car has both verdicts among its front brake pads.
_TOUR_KIND: Final = "brake-pads-front"
_FITS_NOTES: Final = ("", "Звірили з каталогом виробника", "Ставили в майстерні-партнері", "Приміряли на авто")
_REFUSED_NOTES: Final = (
    "Інше кріплення, хоча номер у переліку є",
    "Відрізняється роз’єм",
    "Не збігається розмір",
    "Підходить лише до авто для іншого ринку",
)
_DIFFERS_NOTES: Final = ("Інше посадкове місце", "Відрізняється розмір", "Помилка в даних постачальника")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A part as the generator has just made it."""

    part_id: int
    brand: KindBrand
    number: str


class Claims:
    """COPY lines of one kind of parts."""

    def __init__(self, kind: Kind, *, seed: int, staff: int, supplier: int, tour_car: int | None) -> None:
        self._kind, self._staff, self._supplier, self._tour_car = kind, staff, supplier, tour_car
        self._rng = Random(f"{seed}:{kind.slug}:claims")  # noqa: S311  # goods on a shelf, not secrets

    def checks(self, original: Original, parts: Sequence[Numbered]) -> str:
        rng = self._rng
        if self._is_of_tour(original) and self._kind.slug == _TOUR_KIND:
            verdicts = [(part, self._tour_car, place > 0) for place, part in enumerate(parts[:2])]
        elif original.cars and rng.random() < _CHECKED_ORIGINALS:
            verdicts = [(rng.choice(parts), rng.choice(original.cars), rng.random() < 0.8)]
        else:
            return ""
        return "".join(
            line(
                part.part_id,
                car,
                "t" if fits else "f",
                rng.choice(_FITS_NOTES if fits else _REFUSED_NOTES),
                f"2026-{rng.randrange(1, 11):02d}-{rng.randrange(1, 29):02d} {rng.randrange(7, 15):02d}:00:00+00",
            )
            for part, car, fits in verdicts
        )

    def sales(self, original: Original, parts: Sequence[Numbered]) -> str:
        rng, rows, is_of_tour = self._rng, "", self._is_of_tour(original)
        for part in parts if original.cars else ():
            if is_of_tour or rng.random() < _SOLD_PARTS:
                sold = 1 + int(rng.expovariate(0.12))
                returned = min(rng.randrange(1, 4), sold) if rng.random() < 0.25 else 0
                car = self._tour_car if is_of_tour else rng.choice(original.cars)
                rows += line(part.part_id, car, sold, returned)
        return rows

    def _is_of_tour(self, original: Original) -> bool:
        return original.is_first and self._tour_car in original.cars

    def numbers(self, parts: Sequence[Numbered]) -> str:
        """A brand's second part for an original may have taken the place of its first; others had older numbers."""
        rng, rows = self._rng, ""
        last: dict[int, Numbered] = {}
        for part in parts:
            older = last.get(part.brand.id)
            last[part.brand.id] = part
            if older and rng.random() < _REPLACED_BY_THE_NEXT:
                rows += self._line(part, older.number, _SUPERSEDES)
            elif rng.random() < _RENUMBERED_PARTS:
                rows += self._line(part, f"{_filled(part.brand.pattern, rng)}-0", _SUPERSEDES)
        if len(last) > 1 and rng.random() < _MISTAKEN_ORIGINALS:
            first, second = list(last.values())[:2]
            rows += self._line(first, second.number, _DIFFERS, brand=second.brand, note=rng.choice(_DIFFERS_NOTES))
        return rows

    def _line(self, part: Numbered, number: str, kind: int, *, brand: KindBrand | None = None, note: str = "") -> str:
        source = self._staff if note else self._supplier
        owner = brand or part.brand
        return line(part.part_id, owner.id, number, search_key(number), source, kind, note)


def _filled(pattern: str, rng: Random) -> str:
    signs = {"#": "0123456789", "@": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    return "".join(rng.choice(signs[sign]) if sign in signs else sign for sign in pattern)
