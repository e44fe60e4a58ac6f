"""All cars of the shop in memory, with the names that files may call them by; read once for a file."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from shop.catalog.car_words import generation_marks, model_sayings
from shop.catalog.loading.years import month_of
from shop.catalog.numbers import article_key
from shop.lib.letters import codes, has_cyrillic, name_sounds, sound
from vehicles.models import Generation, Modification, VehicleMake

# Digits that tell nothing apart when they stand alone in a name: ``3 Series`` is ``3``, ``Model 3`` is not.
_LONGEST_NAME: Final = 4
# With so many letters a model is known without its make.
_SHORTEST_NAME_ALONE: Final = 4


@dataclass(frozen=True, slots=True)
class KnownCar:
    """A modification; months count as in ``years``."""

    pk: int
    generation: int
    name: str
    words: frozenset[str]
    codes: frozenset[str]
    spelled_codes: tuple[str, ...]
    fuel: str
    volume_cc: int | None
    power_kw: int
    power_hp: int
    drive: str
    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class KnownGeneration:
    pk: int
    model: int
    marks: frozenset[str]
    bodies: frozenset[str]
    first: int
    last: int | None


@dataclass
class CarList:
    """Makes by key; of each make its models by key, of each model its generations, of each generation its cars."""

    makes: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    models: dict[int, dict[str, set[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    models_of: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    generations: dict[int, list[KnownGeneration]] = field(default_factory=lambda: defaultdict(list))
    cars: dict[int, list[KnownCar]] = field(default_factory=lambda: defaultdict(list))
    generation_of: dict[int, KnownGeneration] = field(default_factory=dict)
    car_of: dict[int, KnownCar] = field(default_factory=dict)

    def makes_named(self, name: str) -> set[int]:
        return _named(self.makes, name)

    def models_named(self, make: int, name: str) -> set[int]:
        return _named(self.models[make], name) if make in self.models else set()

    def makes_of_model(self, name: str) -> set[int]:
        """Of a model that people call by its name alone: ``Golf``, not ``A4`` or ``5``."""
        if sum(letter.isalpha() for letter in name) < _SHORTEST_NAME_ALONE:
            return set()
        return {make for make in self.models if self.models_named(make, name)}

    def models_with_mark(self, make: int, word: str) -> set[int]:
        """Models of a make with a generation that is known by the platform code ``word``: ``W211``, ``E46``, ``B5``."""
        return {
            model for model in self.models_of[make] if any(codes(word) & one.marks for one in self.generations[model])
        }


def read_car_list() -> CarList:
    """Three queries."""
    known = CarList()
    for pk, name, name_uk, aliases in VehicleMake.objects.filter(is_active=True).values_list(
        "pk", "name", "name_uk", "aliases"
    ):
        sayings = {name, name_uk, *aliases, *re.split(r"\s*/\s*", name), *re.split(r"\s*/\s*", name_uk)}
        sayings |= {said.split("-")[0] for said in (name, name_uk) if "-" in said}
        for said in sayings:
            _enter(known.makes, said, pk)
    seen: set[int] = set()
    for pk, model, make, model_name, name, bodies, first, last in (
        Generation.objects.filter(model__make__is_active=True)
        .order_by("model_id", "produced_from", "pk")
        .values_list(
            "pk", "model_id", "model__make_id", "model__name", "name", "body_types", "produced_from", "produced_to"
        )
    ):
        if model not in seen:
            seen.add(model)
            known.models_of[make].add(model)
            for said in {model_name, *model_sayings(model_name), *re.findall(r"^\d{4}-\d{4,5}", model_name)}:
                _enter(known.models[make], said, model)
        known.generations[model].append(
            KnownGeneration(
                pk,
                model,
                _marks(name),
                frozenset(bodies),
                month_of(first),
                month_of(last) if last else None,
            )
        )
    for pk, generation, name, engines, fuel, volume, kw, hp, drive, first, last in (
        Modification.objects.active()
        .order_by("pk")
        .values_list(
            "pk", "generation_id", "name", "engine_codes", "fuel", "displacement_cc", "power_kw", "power_hp", "drive",
            "produced_from", "produced_to",
        )
    ):  # fmt: skip
        known.cars[generation].append(
            KnownCar(
                pk,
                generation,
                name,
                frozenset(name_words(name)),
                frozenset(map(article_key, engines)),
                tuple(engines),
                fuel,
                volume,
                kw,
                hp,
                drive,
                month_of(first),
                month_of(last) if last else None,
            )
        )
    known.generation_of = {one.pk: one for listed in known.generations.values() for one in listed}
    known.car_of = {car.pk: car for listed in known.cars.values() for car in listed}
    return known


def _marks(name: str) -> frozenset[str]:
    """``XV50`` is known as ``V50`` too."""
    marks = generation_marks(name)
    return marks | {mark[1:] for mark in marks if re.fullmatch(r"[a-z]{2}\d{2,3}", mark)}


def name_words(name: str) -> list[str]:
    """``1,6 TDI`` → 1.6, tdi: words of an engine's name, to be compared."""
    return [word.replace(",", ".") for word in re.split(r"[\s/()\[\];]+|,(?!\d)", name.casefold()) if word]


def name_key(name: str) -> str:
    """Without blanks, dashes and marks, lower case."""
    return re.sub(r"[\s\-‐–'’!._]+", "", name).casefold()


def _enter(index: dict[str, set[int]], said: str, pk: int) -> None:
    if key := name_key(said):
        index[key].add(pk)
        for heard in name_sounds(key) | {sound(key)}:
            if len(heard) > 2:
                index[f"~{heard}"].add(pk)


def _named(index: dict[str, set[int]], name: str) -> set[int]:
    """As written; else by its sound, where it is long enough or in other letters than the name."""
    key = name_key(name)
    if not key:
        return set()
    if found := index.get(key):
        return found
    if has_cyrillic(key) or len(key) > _LONGEST_NAME:
        return index.get(f"~{sound(key)}", set())
    return set()
