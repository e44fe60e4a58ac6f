"""What a person is shown beside words for a car: what they probably mean, and how to choose something else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from shop.catalog.models import CarText
from vehicles.models import Generation, Modification, VehicleMake, VehicleModel

_MOST_SINGLE: Final = 3
_MOST_GROUPS: Final = 6
_MOST_IN_GROUP: Final = 60


@dataclass
class Suggestion:
    """Candidates of one generation, the likeliest first."""

    generation: Generation
    cars: list[Modification] = field(default_factory=list)

    @property
    def title(self) -> str:
        model = self.generation.model
        return f"{model.make.name} {model.name} {self.generation.name}"


@dataclass
class Suggestions:
    single: list[Modification]
    groups: list[Suggestion]

    @property
    def first(self) -> Generation | None:
        return self.groups[0].generation if self.groups else None


@dataclass
class Choices:
    """Make → model → generation → modifications, as far as somebody has chosen."""

    makes: Iterable[VehicleMake]
    make_id: int | None = None
    models: Iterable[VehicleModel] = ()
    model_id: int | None = None
    generations: Iterable[Generation] = ()
    generation_id: int | None = None
    cars: Iterable[Modification] = ()


def suggestions_of(text: CarText) -> Suggestions:
    """One query."""
    known = {car.pk: car for car in Modification.objects.active().with_names().filter(pk__in=text.candidates)}
    cars = [known[pk] for pk in text.candidates if pk in known]
    groups: dict[int, Suggestion] = {}
    for car in cars:
        group = groups.setdefault(car.generation_id, Suggestion(car.generation))
        if len(group.cars) < _MOST_IN_GROUP:
            group.cars.append(car)
    return Suggestions(cars[:_MOST_SINGLE], list(groups.values())[:_MOST_GROUPS])


def choices_of(asked: Mapping[str, str], suggestions: Suggestions) -> Choices:
    """What the address says, else where the likeliest suggestion stands. At most four queries."""
    likely = suggestions.first
    make_id = _number(asked, "make") or (likely.model.make_id if likely and "make" not in asked else None)
    choices = Choices(VehicleMake.objects.filter(is_active=True), make_id)
    if not make_id:
        return choices
    choices.models = list(VehicleModel.objects.filter(make=make_id))
    wanted = _number(asked, "model") or (likely.model_id if likely and "make" not in asked else None)
    if wanted not in {model.pk for model in choices.models}:
        return choices
    choices.model_id = wanted
    choices.generations = list(Generation.objects.filter(model=wanted))
    generation = _number(asked, "generation")
    if generation in {one.pk for one in choices.generations}:
        choices.generation_id = generation
        choices.cars = Modification.objects.active().filter(generation=generation)
    return choices


def _number(asked: Mapping[str, str], name: str) -> int | None:
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
