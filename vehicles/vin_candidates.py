"""Which cars of the shop a VIN may be: down to the engine for cars of the US market, else make, model and years.

A suggestion, never an answer: the buyer confirms the car.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from shop.lib.copying import read_csv
from vehicles.models import Generation, Modification, VehicleMake, VehicleModel
from vehicles.queries import active_makes, choosable_generations, of_model_year
from vehicles.us_market import UsCar, us_car
from vehicles.vin import VinReading

_DATA: Final = Path(__file__).parent / "data"
_MOST_CARS: Final = 12
# Makers round in different places: 1984 and 1998 cm³ are one engine, 1798 is another.
_SAME_CC: Final = 60
_SAME_POWER: Final = 0.06


@dataclass(frozen=True, slots=True)
class VinCandidates:
    """What is left to choose from, from wide to narrow; the last list that is not empty is the place to go on.

    ``makes`` may be several (one plant builds for two) or none (an unknown maker: the picker from its start).
    ``generations`` are read with model and make, ``cars`` with all names and best first. ``year`` is the model year
    where there is only one to believe. ``us`` is what the table of the US market says, to be shown to the buyer.
    """

    makes: tuple[VehicleMake, ...] = ()
    models: tuple[VehicleModel, ...] = ()
    generations: tuple[Generation, ...] = ()
    cars: tuple[Modification, ...] = ()
    year: int | None = None
    us: UsCar | None = None


def candidates(reading: VinReading) -> VinCandidates:
    """At most four queries."""
    if us := us_car(reading.vin):
        return _of_us_car(us)
    makes = tuple(active_makes().filter(wmi__contains=[reading.wmi]))
    generations = _by_type_codes(reading, makes)
    years = [year for year in reading.years if any(row.is_of_model_year(year) for row in generations)]
    return VinCandidates(
        makes=tuple({row.model.make_id: row.model.make for row in generations}.values()) or makes,
        models=tuple({generation.model_id: generation.model for generation in generations}.values()),
        generations=tuple(generations),
        year=next(iter([*years, *reading.years]), None),
    )


def _of_us_car(us: UsCar) -> VinCandidates:
    make = active_makes().filter(slug=us.make).first()
    if make is None:
        return VinCandidates(year=us.year, us=us)
    names = _our_models(us, make.models.values_list("name", flat=True))
    # A model year begins in the summer before.
    generations = list(
        choosable_generations().filter(model__make=make, model__name__in=names).filter(of_model_year(us.year))
    )
    models = {generation.model_id: generation.model for generation in generations}
    return VinCandidates(
        makes=(make,),
        models=tuple(models.values()),
        generations=tuple(generations),
        cars=tuple(_engines(us, generations)) if generations else (),
        year=us.year,
        us=us,
    )


def _our_models(us: UsCar, names: Iterable[str]) -> set[str]:
    """Our names for the model: the same one, one of two joined by a slash, or another one from the table."""
    renamed = _us_models().get((us.make, us.model.casefold()), frozenset())
    found = {name for name in names if _key(us.model) in {_key(part) for part in name.split(" / ")}}
    if not found and us.series:
        # BMW calls "328i" a model and "3-Series" its series.
        found = {name for name in names if _key(us.series) == _key(name)}
    return found | renamed


def _engines(us: UsCar, generations: list[Generation]) -> list[Modification]:
    """Those that contradict nothing, best first."""
    found = []
    cars = Modification.objects.active().with_names().filter(of_model_year(us.year), generation__in=generations)
    for car in cars:
        if us.fuels and car.fuel not in us.fuels:
            continue
        if us.displacement_cc and car.displacement_cc and abs(us.displacement_cc - car.displacement_cc) > _SAME_CC:
            continue
        found.append((-_likeness(us, car), car.power_kw, car.pk, car))
    return [car for *_order, car in sorted(found)[:_MOST_CARS]]


def _likeness(us: UsCar, car: Modification) -> int:
    is_engine = bool(us.engine) and any(_key(code) in _key(us.engine) for code in car.engine_codes)
    is_power = us.power_hp is not None and abs(us.power_hp - car.power_hp) <= us.power_hp * _SAME_POWER
    return 4 * is_engine + 2 * is_power + (us.drive == car.drive) + (us.fuels[:1] == (car.fuel,))


def _by_type_codes(reading: VinReading, makes: tuple[VehicleMake, ...]) -> list[Generation]:
    """Those whose code stands in the VIN; of several, those made in one of its years."""
    slugs = {
        row.generation
        for make in makes
        for row in _type_codes().get(make.slug, ())
        if reading.vin.startswith(row.code, row.place - 1)
    }
    if not slugs:
        return []
    found = list(choosable_generations().filter(code__in=slugs))
    made_then = [row for row in found if any(row.is_of_model_year(year) for year in reading.years)]
    return made_then or found


@dataclass(frozen=True, slots=True)
class _TypeCode:
    place: int
    code: str
    generation: str


@cache
def _type_codes() -> Mapping[str, list[_TypeCode]]:
    """By slug of the make."""
    found = defaultdict(list)
    for row in read_csv(_DATA / "vin_types.csv"):
        found[row["make_slug"]].append(_TypeCode(int(row["place"]), row["code"], row["generation_slug"]))
    return dict(found)


@cache
def _us_models() -> Mapping[tuple[str, str], frozenset[str]]:
    """Our names of models by slug of the make and the American name."""
    found = defaultdict(set)
    for row in read_csv(_DATA / "us_models.csv"):
        found[row["make_slug"], row["us_model"].casefold()].add(row["model"])
    return {key: frozenset(names) for key, names in found.items()}


def _key(name: str) -> str:
    """``5-Series`` and ``5 Series``, ``GLK-Class`` and ``GLK`` are one name."""
    key = "".join(letter for letter in name.casefold() if letter.isalnum())
    return key.removesuffix("class")
