"""Which cars there are, how common they are on Ukraine's roads, and which of them share parts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from vehicles.models import Fuel, Modification
from vehicles.reference import POPULAR_MAKES

_CORPORATIONS = {
    "vag": ("volkswagen", "skoda", "audi", "seat", "cupra", "porsche"),
    "renault": ("renault", "dacia", "nissan", "infiniti"),
    "psa": ("peugeot", "citroen", "ds"),
    "gm": ("opel", "chevrolet", "daewoo", "saab", "cadillac", "gmc"),
    "hyundai": ("hyundai", "kia"),
    "toyota": ("toyota", "lexus", "daihatsu"),
    "bmw": ("bmw", "mini"),
    "mercedes": ("mercedes-benz", "smart"),
    "fiat": ("fiat", "alfa-romeo", "lancia"),
    "chrysler": ("jeep", "dodge", "chrysler", "ram"),
    "jlr": ("land-rover", "jaguar", "rover"),
    "honda": ("honda", "acura"),
    "ford": ("ford", "lincoln"),
    "vaz": ("vaz-lada", "zaz", "bogdan"),
}
_CORPORATION_OF = {make: name for name, makes in _CORPORATIONS.items() for make in makes}

# Platforms: generations of different models that share chassis parts.
_PLATFORMS = (
    ("skoda-octavia-iii-a7", "volkswagen-golf-vii", "seat-leon-iii", "audi-a3-8v"),
    ("volkswagen-passat-b8", "skoda-superb-iii", "volkswagen-tiguan-ii", "skoda-kodiaq-i", "skoda-karoq-i"),
    ("skoda-octavia-ii-a5", "volkswagen-golf-v", "volkswagen-golf-vi", "audi-a3-8p", "volkswagen-touran-i"),
    ("volkswagen-passat-b6", "volkswagen-passat-b7", "skoda-superb-ii", "volkswagen-tiguan-i", "skoda-yeti-i"),
    ("skoda-octavia-i-tour", "volkswagen-golf-iv", "audi-a3-8l", "volkswagen-jetta-bora-iv-bora", "seat-leon-i"),
    ("skoda-fabia-ii", "volkswagen-polo-v", "seat-ibiza-iv", "skoda-rapid-i", "skoda-roomster-i"),
    ("renault-logan-ii", "renault-sandero-ii", "dacia-logan-ii", "dacia-sandero-ii", "renault-lodgy-dokker-i"),
    ("renault-duster-i", "dacia-duster-i", "nissan-juke-i", "renault-captur-i"),
    ("renault-megane-iii", "renault-fluence-i", "renault-scenic-iii"),
    ("hyundai-i30-ii", "kia-ceed-ii", "hyundai-elantra-v", "kia-cerato-forte-iii"),
    ("hyundai-tucson-ix35-ii", "kia-sportage-iii", "hyundai-tucson-iii", "kia-sportage-iv"),
    ("toyota-corolla-e140-e150", "toyota-auris-i", "toyota-auris-ii", "toyota-corolla-e160-e170-e180"),
    ("ford-focus-ii", "ford-c-max-i", "ford-kuga-i", "mazda-3-i"),
    ("peugeot-308-i", "citroen-c4-i", "peugeot-307-3a-c-3b-3e", "citroen-c4-ii"),
    ("opel-astra-j", "chevrolet-cruze-i", "opel-zafira-tourer-c"),
    ("daewoo-lanos-t100-t150", "zaz-lanos-t1501", "zaz-sens-t1311", "daewoo-sens-t150"),
)
_PLATFORM_OF = {code: place for place, codes in enumerate(_PLATFORMS) for code in codes}

# Models seen on every street, with how much they stand out among their make's.
_COMMON_MODELS = {
    ("skoda", "Octavia"): 5, ("volkswagen", "Passat"): 4, ("volkswagen", "Golf"): 4, ("renault", "Megane"): 3,
    ("renault", "Duster"): 4, ("renault", "Logan"): 3, ("toyota", "Camry"): 4, ("toyota", "RAV4"): 3,
    ("toyota", "Corolla"): 3, ("skoda", "Fabia"): 3, ("skoda", "Superb"): 3, ("volkswagen", "Tiguan"): 3,
    ("volkswagen", "Jetta"): 3, ("volkswagen", "Caddy"): 3, ("volkswagen", "Transporter"): 3, ("ford", "Focus"): 4,
    ("ford", "Fusion"): 2, ("ford", "Kuga"): 2, ("hyundai", "Tucson"): 3, ("hyundai", "Accent"): 2,
    ("kia", "Sportage"): 4, ("kia", "Ceed"): 2, ("nissan", "Qashqai"): 4, ("nissan", "Leaf"): 3,
    ("opel", "Astra"): 4, ("opel", "Vectra"): 2, ("chevrolet", "Aveo"): 4, ("chevrolet", "Lacetti"): 4,
    ("daewoo", "Lanos"): 6, ("daewoo", "Matiz"): 2, ("bmw", "5 Series"): 3, ("bmw", "3 Series"): 3, ("bmw", "X5"): 3,
    ("audi", "A4"): 3, ("audi", "A6"): 4, ("mercedes-benz", "Sprinter"): 4, ("mercedes-benz", "E-Class"): 3,
    ("mercedes-benz", "Vito"): 3, ("mitsubishi", "Lancer"): 4, ("mitsubishi", "Outlander"): 4, ("mazda", "3"): 3,
    ("mazda", "6"): 3, ("mazda", "CX-5"): 4, ("honda", "CR-V"): 3, ("honda", "Civic"): 3, ("honda", "Accord"): 3,
    ("renault", "Trafic"): 3, ("renault", "Kangoo"): 3, ("renault", "Scenic"): 2,
}  # fmt: skip
# The car of the shop's own tour: every kind of part is there for it, whatever the size of the catalogue.
SHOWCASE = "skoda-octavia-iii-a7-1-6-tdi-77kw"


@dataclass(frozen=True, slots=True)
class Car:
    """A modification as the generator needs it; ``weight`` is its share of the traffic in no unit."""

    id: int
    code: str
    generation: str
    make: str
    make_id: int
    corporation: str
    fuel: str
    displacement_cc: int
    engine_codes: tuple[str, ...]
    year_from: int
    year_to: int
    weight: float


@dataclass
class CarGeneration:
    """The cars of one body; chassis and body parts fit all of them."""

    code: str
    model: str
    make: str
    corporation: str
    chassis: str
    body: str
    year: int
    cars: list[Car] = field(default_factory=list)

    @cached_property
    def weight(self) -> float:
        return sum(car.weight for car in self.cars)


class Fleet:
    """All cars, and who is related to whom."""

    def __init__(self) -> None:
        self.generations: dict[str, CarGeneration] = {}
        self.showcase: Car | None = None
        rows = Modification.objects.active().with_names().order_by("code")
        for row in rows:
            self._add(row)
        self._relatives: dict[str, list[CarGeneration]] = {}
        self._engine_mates: dict[tuple[str, str, int, int], list[Car]] = {}
        self._by_engine: dict[tuple[str, str], list[Car]] = defaultdict(list)
        for car in self.cars():
            self._by_engine[car.corporation, _combustion(car.fuel)].append(car)

    def cars(self) -> Iterable[Car]:
        for generation in self.generations.values():
            yield from generation.cars

    def relatives(self, code: str) -> Sequence[CarGeneration]:
        """The generation itself, then those that share most with it: platform, neighbours in the model, same house."""
        if code not in self._relatives:
            seed = self.generations[code]
            mates = [g for g in self.generations.values() if g.corporation == seed.corporation]
            self._relatives[code] = sorted(mates, key=lambda other: (_distance(seed, other), other.code))[:14]
        return self._relatives[code]

    def engine_mates(self, car: Car) -> Sequence[Car]:
        """Cars with the same or nearly the same engine, nearest first."""
        key = (car.corporation, _combustion(car.fuel), car.displacement_cc, car.year_from)
        if key not in self._engine_mates:
            cc, year = car.displacement_cc, car.year_from
            near = [m for m in self._by_engine[key[:2]] if abs(m.displacement_cc - cc) <= 0.22 * cc]
            near.sort(key=lambda mate: (abs(mate.displacement_cc - cc) / 40 + abs(mate.year_from - year), mate.code))
            self._engine_mates[key] = near[:70]
        return self._engine_mates[key]

    def _add(self, row: Modification) -> None:
        generation, model = row.generation, row.generation.model
        make = model.make
        corporation = _CORPORATION_OF.get(make.slug, make.slug)
        known = self.generations.get(generation.code)
        if known is None:
            known = self.generations[generation.code] = CarGeneration(
                code=generation.code,
                model=model.name,
                make=make.slug,
                corporation=corporation,
                chassis=_chassis(generation.name),
                body=generation.body_types[0] if generation.body_types else "",
                year=generation.produced_from.year,
            )
        car = Car(
            id=row.pk,
            code=row.code,
            generation=generation.code,
            make=make.slug,
            make_id=make.pk,
            corporation=corporation,
            fuel=row.fuel,
            displacement_cc=row.displacement_cc or 0,
            engine_codes=tuple(row.engine_codes),
            year_from=row.produced_from.year,
            year_to=row.produced_to.year if row.produced_to else 2026,
            weight=_weight(row, make.slug, model.name),
        )
        known.cars.append(car)
        if car.code == SHOWCASE:
            self.showcase = car


def _combustion(fuel: str) -> str:
    return Fuel.PETROL.value if fuel in (Fuel.HYBRID, Fuel.LPG) else fuel


def _chassis(name: str) -> str:
    """``III A7 (5E3, 5E5)`` → ``5E``: what a car maker's numbers of body parts begin with."""
    inner = name.partition("(")[2].rstrip(")").split(",")[0].strip()
    return (inner or name).replace(" ", "")[:2].upper()


def _weight(row: Modification, make: str, model: str) -> float:
    place = POPULAR_MAKES.index(make) if make in POPULAR_MAKES else None
    weight = 0.4 if place is None else 1 + (len(POPULAR_MAKES) - place) / 5
    weight *= _COMMON_MODELS.get((make, model), 1)
    weight *= 1 if 2003 <= row.produced_from.year <= 2017 else 0.45
    return weight


def _distance(seed: CarGeneration, other: CarGeneration) -> float:
    if other is seed:
        return -1
    distance = abs(seed.year - other.year) / 3
    if _PLATFORM_OF.get(seed.code, -1) == _PLATFORM_OF.get(other.code, -2):
        return distance / 10
    distance += 0 if seed.body == other.body else 3
    return distance + (0.5 if (seed.make, seed.model) == (other.make, other.model) else 2)
