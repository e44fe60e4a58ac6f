"""Cars that a part is listed for, grouped as people look for theirs: make → model → generation → engines."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from shop.catalog.models import Fitment, Part
from vehicles.models import Generation, Modification, VehicleMake, VehicleModel

# A screen or two; and an end for parts that fit everything.
SHORT_LIST: Final = 40
_FULL_LIST: Final = 3000


@dataclass(frozen=True)
class FittedGeneration:
    generation: Generation
    modifications: list[Modification]


@dataclass(frozen=True)
class FittedModel:
    model: VehicleModel
    generations: list[FittedGeneration]


@dataclass(frozen=True)
class FittedMake:
    make: VehicleMake
    models: list[FittedModel]


@dataclass(frozen=True)
class FittedCars:
    makes: list[FittedMake]
    is_cut: bool


def fitted_cars(part: Part, *, is_full: bool = False) -> FittedCars:
    """In the order of names and years; one query."""
    limit = _FULL_LIST if is_full else SHORT_LIST
    cars = list(
        Modification.objects.active()
        .with_names()
        .filter(pk__in=Fitment.objects.filter(part=part).values("modification"))
        .order_by(
            "generation__model__make__name_sort",
            "generation__model__name_sort",
            "generation__model_id",
            "generation__produced_from",
            "generation_id",
            "fuel",
            "power_kw",
            "name",
        )[: limit + 1]
    )
    return FittedCars(_by_make(cars[:limit]), is_cut=len(cars) > limit)


def _by_make(cars: Iterable[Modification]) -> list[FittedMake]:
    found = []
    for _make, of_make in groupby(cars, key=lambda car: car.generation.model.make_id):
        models = []
        for _model, of_model in groupby(of_make, key=lambda car: car.generation.model_id):
            generations = []
            for _generation, of_generation in groupby(of_model, key=lambda car: car.generation_id):
                modifications = list(of_generation)
                generations.append(FittedGeneration(modifications[0].generation, modifications))
            models.append(FittedModel(generations[0].generation.model, generations))
        found.append(FittedMake(models[0].model.make, models))
    return found
