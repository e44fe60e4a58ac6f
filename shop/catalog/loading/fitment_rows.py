"""Rows of a fitment file → text for COPY; each different description of a car is matched once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from shop.catalog.errors import TooManyCars
from shop.catalog.loading.car_list import CarList
from shop.catalog.loading.described import CAR_FIELDS, CarWords, car_words
from shop.catalog.loading.layout import FileLayout
from shop.catalog.loading.matching import BadYears, CarMatch, Rules, answered, match_car
from shop.catalog.loading.rows import (
    IGNORED,
    OK,
    REJECTED,
    Owners,
    Rejected,
    cells_of,
    copy_line,
    escaped,
    identity,
    in_chunks,
)
from shop.catalog.loading.several import split_cars
from shop.catalog.loading.wordings import read_conditions, read_position

COLUMNS: Final = ("state", "row", "reason", "value", "brand_id", "article_key", "car", "position", "rule")
MOST_CARS: Final = 200_000
_OWN_FIELDS: Final = ("brand", "article", "position", "conditions")
_MOST_RULES: Final = 200_000


@dataclass(frozen=True, slots=True)
class SeenCar:
    """A description met in the file; ``bad_years`` is what stood where years should."""

    words: CarWords
    match: CarMatch
    is_refused: bool = False
    is_by_rule: bool = False
    bad_years: str = ""


class FitmentReader:
    """``decided`` maps the key of a car text to what staff said it means; empty for "not our car"."""

    def __init__(
        self, layout: FileLayout, brands: Mapping[str, int], known: CarList, decided: Mapping[str, Sequence[int]]
    ) -> None:
        self.layout = layout
        self._owners = Owners(brands)
        self._known = known
        self._decided = decided
        self._car_places = [(field, layout.columns[field]) for field in CAR_FIELDS if field in layout.columns]
        self._own = {field: layout.columns[field] for field in _OWN_FIELDS if field in layout.columns}
        places = [places for _field, places in self._car_places]
        # Most files have one column for each; picking them all at once is what a row of millions costs.
        self._pick = itemgetter(*(place for (place,) in places)) if all(len(one) == 1 for one in places) else None
        self._widest = max((place for one in places for place in one), default=0)
        self._by_cells: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._by_key: dict[str, int] = {}
        self.cars: list[SeenCar] = []
        self.rules: dict[Rules, int] = {(): 0}
        self.rows_read = 0

    def copy_text(self, rows: Iterable[Sequence[str]]) -> Iterator[str]:
        """In the order of COLUMNS. Raises TooManyCars."""
        return in_chunks(self._lines(rows))

    def rule(self, rules: Rules) -> int:
        return self.rules.setdefault(rules, len(self.rules))

    def _lines(self, rows: Iterable[Sequence[str]]) -> Iterator[str]:
        for number, cells in enumerate(rows, start=1):
            if number <= self.layout.header_row:
                continue
            self.rows_read = number - self.layout.header_row
            if not any(cell.strip() for cell in cells):
                yield copy_line((IGNORED, number, "blank", None, None, None, None, None, None))
                continue
            try:
                yield from self._row(number, cells)
            except Rejected as rejected:
                value = rejected.value[:200]
                yield copy_line((REJECTED, number, rejected.reason, value, None, None, None, None, None))

    def _row(self, number: int, cells: Sequence[str]) -> list[str]:
        """A line for each car that the row speaks of. Raises Rejected."""
        said = cells_of(cells, self._own, joint="; ")
        brand, key = identity(said, self._owners)
        cars = self._cars_of(cells)
        for car in cars:
            if self.cars[car].bad_years:
                raise Rejected("bad_years", self.cars[car].bad_years)
        conditions, position = said.get("conditions", ""), 0
        if place := said.get("position", ""):
            understood = read_position(place)
            position = int(understood or 0)
            if understood is None:
                conditions = f"{conditions}; {place}".strip("; ")
        rule = 0
        if conditions:
            rule = self.rule(read_conditions(conditions[:1000].replace("\0", "")))
            if len(self.rules) > _MOST_RULES:
                raise TooManyCars
        begin = f"{OK}\t{number}\t\\N\t{escaped(said['article'])}\t{brand}\t{key}"
        return [f"{begin}\t{car}\t{position}\t{rule}\n" for car in cars]

    def _cars_of(self, cells: Sequence[str]) -> tuple[int, ...]:
        picked = self._pick(cells) if self._pick and len(cells) > self._widest else None
        raw: tuple[str, ...] = picked if isinstance(picked, tuple) else self._joined(cells)
        if (known := self._by_cells.get(raw)) is not None:
            return known
        words = car_words({field: text for (field, _places), text in zip(self._car_places, raw, strict=True)})
        if not words.cells or not (words["make"] or words["car"] or words["model"]):
            raise Rejected("car_missing", words.text)
        whole = [words] if words.key in self._decided else split_cars(words, self._known)
        self._by_cells[raw] = tuple(dict.fromkeys(map(self._car, whole)))
        return self._by_cells[raw]

    def _joined(self, cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            "\n".join(cells[place] for place in places if place < len(cells)) for _field, places in self._car_places
        )

    def _car(self, words: CarWords) -> int:
        if (known := self._by_key.get(words.key)) is not None:
            return known
        if len(self.cars) >= MOST_CARS:
            raise TooManyCars
        self.cars.append(self._seen(words))
        self._by_key[words.key] = len(self.cars) - 1
        return len(self.cars) - 1

    def _seen(self, words: CarWords) -> SeenCar:
        decided = self._decided.get(words.key)
        if decided is not None:
            cars = answered(words, decided, self._known)
            return SeenCar(words, CarMatch(cars), not decided, is_by_rule=True)
        try:
            return SeenCar(words, match_car(words, self._known))
        except BadYears as error:
            return SeenCar(words, CarMatch(), bad_years=str(error)[:200])
