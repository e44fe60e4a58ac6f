"""Originals: what a car maker fitted to some cars. Parts of several brands replace one original.

Originals are dealt out as seats are in a parliament (D'Hondt): the next one goes to the car with the largest
popularity ÷ (1 + originals it already has), so common cars get much and rare ones are not forgotten.
"""

import heapq
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from shop.catalog.models import Fitment
from shop.catalog.numbers import search_key
from shop.local.demo.cars import Car, Fleet
from shop.local.demo.copy_text import PART, line
from shop.local.demo.kinds import Kind
from shop.local.demo.numbers import oe_number
from shop.local.demo.specs import Spec, draw_spec, level_of

_POSITIONS = {
    "": Fitment.Position.ANY, "f": Fitment.Position.FRONT, "r": Fitment.Position.REAR, "l": Fitment.Position.LEFT,
    "rt": Fitment.Position.RIGHT, "fl": Fitment.Position.FRONT_LEFT, "fr": Fitment.Position.FRONT_RIGHT,
    "rl": Fitment.Position.REAR_LEFT, "rr": Fitment.Position.REAR_RIGHT,
}  # fmt: skip
_ELECTRIC = "electric"
_LEAST_CARS, _MOST_CARS = 10, 54
_WITH_CONDITIONS = 0.4
Rules = dict[str, str | int]
_ONE_PLACE: tuple[Rules, ...] = ({"axle": "front"}, {"axle": "rear"}, {"side": "left"}, {"side": "right"})


@dataclass(frozen=True)
class Original:
    """``fitments`` are COPY texts, one for each variant of conditions; parts take turns. ``cars`` are modification ids.

    ``level``, 0–1, sets the price; ``is_first`` marks the first ones of a kind: for the showcase car, if it has
    such parts.
    """

    corporation: str
    place: str
    spec: Spec
    level: float
    oe_numbers: str
    fitments: tuple[str, ...]
    cars: tuple[int, ...] = ()
    is_first: bool = False


class Conditions:
    """Sets of conditions, each stored once."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def id_of(self, rules: Rules) -> int:
        return self._ids.setdefault(json.dumps(rules, ensure_ascii=False, sort_keys=True), len(self._ids) + 1)

    def rows(self) -> list[tuple[int, str]]:
        return [(pk, rules) for rules, pk in self._ids.items()]


class Dealer:
    """Makes one original after another for a kind that belongs to certain cars."""

    def __init__(
        self, kind: Kind, fleet: Fleet, conditions: Conditions, *, sources: tuple[int, int], rng: Random
    ) -> None:
        self._kind, self._fleet, self._conditions, self._rng = kind, fleet, conditions, rng
        self._sources = sources
        # Of its own, so that what it decides moves nothing else.
        self._axle_rng = Random(f"{kind.slug}:axle")  # noqa: S311  # goods on a shelf, not secrets
        self._cars = {car.code: car for car in fleet.cars() if _suits(kind, car)}
        self._weights: dict[str, float] = {}
        for car in self._cars.values():
            self._weights[self._seat(car)] = self._weights.get(self._seat(car), 0) + car.weight
        self._had: Counter[str] = Counter()
        self._queue = [(-weight, seat) for seat, weight in self._weights.items()]
        heapq.heapify(self._queue)
        self._made = 0

    def originals(self) -> Iterator[Original]:
        while True:
            cars = self._next_cars()
            # Left and right, front and rear are originals of the same cars.
            for place in self._kind.places:
                yield self._original(place, cars)
                self._made += 1

    def _seat(self, car: Car) -> str:
        return car.generation if self._kind.scope == "body" else car.code

    def _next_seat(self) -> str:
        showcase = self._fleet.showcase
        if not self._made and showcase and showcase.code in self._cars:
            return self._seat(showcase)
        while True:
            score, seat = self._queue[0]
            now = -self._weights[seat] / (1 + self._had[seat])
            if now == score:
                return seat
            heapq.heapreplace(self._queue, (now, seat))

    def _next_cars(self) -> list[Car]:
        seat = self._next_seat()
        wanted = self._rng.randrange(_LEAST_CARS, _MOST_CARS + 1)
        cars: list[Car] = []
        if self._kind.scope == "body":
            for generation in self._fleet.relatives(seat):
                cars += [car for car in generation.cars if car.code in self._cars]
                if len(cars) >= wanted:
                    break
        else:
            cars = [car for car in self._fleet.engine_mates(self._cars[seat])[:wanted] if car.code in self._cars]
        self._had.update({self._seat(car) for car in cars} | {seat})
        return cars

    def _original(self, place: str, cars: Sequence[Car]) -> Original:
        kind, rng, seed = self._kind, self._rng, cars[0]
        spec = draw_spec(kind, rng, place=place, fuel=seed.fuel, year=seed.year_from)
        variants: list[Rules | None] = [None]
        if self._made < len(kind.places) or rng.random() < _WITH_CONDITIONS:
            variants.append(self._rules(spec, seed))
        return Original(
            corporation=seed.corporation,
            place=place,
            spec=spec,
            level=rng.random(),
            oe_numbers=self._oe_numbers(cars),
            fitments=tuple(self._fitments(place, cars, rules) for rules in variants),
            cars=tuple(car.id for car in cars),
            is_first=self._made < len(kind.places),
        )

    def _rules(self, spec: Spec, seed: Car) -> Rules:
        """A condition that could stand in a catalogue for this kind of part."""
        rng, slug = self._rng, self._kind.slug
        month = f"{rng.randrange(1, 13):02d}"
        middle = (seed.year_from + seed.year_to) // 2
        choices: list[Rules] = [{"built_from": f"{middle}-{month}"}, {"built_to": f"{middle}-{month}"}]
        if "brake_system" in spec:
            choices = [{"brake_system": str(spec["brake_system"])}, {"disc_mm": rng.choice((256, 272, 280, 288, 312))}]
            choices.append(choices[0] | choices[1])
        elif "brake-disc" in slug:
            choices = [{"disc_mm": int(float(spec["diameter"]))}]
        elif "shock-absorbers" in slug or slug == "coil-springs":
            choices = [{"without": "sport-suspension"}, {"with": "sport-suspension"}]
        elif slug == "wear-sensors" or slug == "headlights":
            choices = [{"without": "xenon-headlights"}]
        elif self._kind.scope != "body" and seed.engine_codes:
            choices.append({"engine_code": seed.engine_codes[0]})
        elif slug in ("v-ribbed-belts", "radiators", "radiator-fans"):
            choices += [{"with": "air-conditioning"}, {"without": "air-conditioning"}]
        rules = rng.choice(choices)
        # A part whose catalogue does not say where it goes may be for one axle or one side only.
        if self._kind.scope == "body" and self._kind.places == ("",) and self._axle_rng.random() < 0.3:
            return self._axle_rng.choice(_ONE_PLACE)
        return rules

    def _fitments(self, place: str, cars: Sequence[Car], rules: Rules | None) -> str:
        """A condition holds for the seed's body or engine; the other cars are listed without."""
        category, position = self._kind.category_id, int(_POSITIONS[place])
        condition = self._conditions.id_of(rules) if rules else None
        supplier, staff = self._sources
        source = supplier if self._rng.random() < 0.93 else staff
        seat = self._seat(cars[0])
        return "".join(
            line(PART, car.id, category, condition if self._seat(car) == seat else None, source, position)
            for car in cars
        )

    def _oe_numbers(self, cars: Sequence[Car]) -> str:
        """One number for each of the two or three makes that most of the cars belong to; a house shares its number."""
        kind, rng = self._kind, self._rng
        makes = Counter((car.corporation, car.make_id) for car in cars).most_common(3)
        numbers: dict[str, str] = {}
        rows = []
        for (corporation, make_id), _count in makes:
            if corporation not in numbers:
                numbers[corporation] = oe_number(
                    corporation,
                    chassis=self._fleet.generations[cars[0].generation].chassis,
                    vag_group=kind.vag_group,
                    five_digits=kind.five_digits,
                    is_engine=kind.scope != "body",
                    rng=rng,
                )
            number = numbers[corporation]
            rows.append(line(PART, make_id, number, search_key(number)))
        return "".join(rows)


def universal_originals(kind: Kind, rng: Random) -> Iterator[Original]:
    """Measures of oils, bulbs, tyres: no car, no original number, but brands that replace each other."""
    while True:
        spec = draw_spec(kind, rng)
        yield Original("", "", spec, level_of(spec, rng), oe_numbers="", fitments=("",))


def _suits(kind: Kind, car: Car) -> bool:
    if kind.scope == "body":
        return not (kind.needs_engine and car.fuel == _ELECTRIC)
    if kind.scope == "petrol":
        return car.fuel in ("petrol", "hybrid", "lpg")
    if kind.scope == "diesel":
        return car.fuel == "diesel"
    return car.fuel != _ELECTRIC
