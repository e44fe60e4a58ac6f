"""Cars that a part is listed for, grouped as people look for theirs: make → model → generation → engines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from shop.catalog.models import Fitment
from shop.lib.statements import Statement
from shop.lib.version import PerVersion
from vehicles.models import Modification

# A screen or two; and an end for parts that fit everything.
SHORT_LIST: Final = 40
_FULL_LIST: Final = 3000


class _Car(NamedTuple):
    """A modification as this list tells it. ``place`` is its number in the order of names and years."""

    place: int
    make: str
    model: str
    generation_id: int
    generation: str
    years: str
    name: str
    power_kw: int


@dataclass(frozen=True)
class FittedGeneration:
    """A row of a stencil: ``Octavia III A7 (5E3, 5E5)``, ``2012–2020``, ``1.6 TDI 77 кВт, 2.0 TDI 110 кВт``."""

    name: str
    years: str
    engines: str


@dataclass(frozen=True)
class FittedMake:
    name: str
    models: str
    generations: list[FittedGeneration]


@dataclass(frozen=True)
class FittedCars:
    makes: list[FittedMake]
    is_cut: bool


def _read() -> dict[int, _Car]:
    rows = (
        Modification.objects.active()
        .order_by(
            "generation__model__make__name_sort",
            "generation__model__name_sort",
            "generation__model_id",
            "generation__produced_from",
            "generation_id",
            "fuel",
            "power_kw",
            "name",
        )
        .values_list(
            "pk",
            "generation__model__make__name",
            "generation__model__name",
            "generation_id",
            "generation__name",
            "generation__produced_from",
            "generation__produced_to",
            "name",
            "power_kw",
        )
    )
    found = {}
    for place, (pk, make, model, generation_id, generation, since, until, name, power) in enumerate(rows):
        years = f"{since:%Y}–{until:%Y}" if until else f"{since:%Y}–"
        found[pk] = _Car(place, make, model, generation_id, generation, years, name, power)
    return found


# Some megabytes for all cars there are: the thousands of rows of one part are names of the same few cars.
_cars = PerVersion(_read)
_listed = Statement(lambda part: Fitment.objects.filter(part=part).order_by().values_list("modification_id").distinct())


def fitted_cars(part_id: int, *, is_full: bool = False) -> FittedCars:
    """In the order of names and years; one query."""
    limit, known = _FULL_LIST if is_full else SHORT_LIST, _cars()
    cars = sorted(car for (pk,) in _listed(part=part_id) if (car := known.get(pk)))
    return FittedCars(list(_by_make(cars[:limit])), is_cut=len(cars) > limit)


def _by_make(cars: Iterable[_Car]) -> Iterator[FittedMake]:
    engine = _("%(name)s %(power)s кВт")
    for make, of_make in groupby(cars, key=lambda car: car.make):
        models: dict[str, None] = {}
        generations = []
        for _generation, of_generation in groupby(of_make, key=lambda car: car.generation_id):
            engines = list(of_generation)
            first = engines[0]
            models[first.model] = None
            names = ", ".join(engine % {"name": car.name, "power": car.power_kw} for car in engines)
            generations.append(FittedGeneration(f"{first.model} {first.generation}", first.years, names))
        yield FittedMake(make, ", ".join(models), generations)
