"""What the picker asks: each step lists only what leads to a car that can be chosen."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from vehicles.models import Generation, Modification, VehicleMake, VehicleModel


def active_makes() -> QuerySet[VehicleMake]:
    """In the order of names."""
    return VehicleMake.objects.filter(is_active=True)


def popular_makes() -> QuerySet[VehicleMake]:
    """Those with a place among the popular ones, in that order."""
    return active_makes().filter(position__isnull=False).order_by("position", "name_sort")


def models_of(make: VehicleMake, *, year: int | None = None) -> QuerySet[VehicleModel]:
    """By name, with ``made_from``, ``made_to`` (dates over all generations) and ``is_made`` (still today)."""
    cars = _cars_of(year).filter(generation__model=OuterRef("pk"))
    return (
        make.models.filter(Exists(cars))
        .annotate(
            made_from=Min("generations__produced_from"),
            made_to=Max("generations__produced_to"),
            is_made=BoolOr(Q(generations__produced_to__isnull=True)),
        )
        .order_by("name_sort")
    )  # Django drops the model's own order where it groups


def generations_of(model: VehicleModel, *, year: int | None = None) -> QuerySet[Generation]:
    """Newest first: most cars on the road are young."""
    cars = _cars_of(year).filter(generation=OuterRef("pk"))
    return model.generations.filter(Exists(cars)).order_by("-produced_from", "name")


def choosable_generations() -> QuerySet[Generation]:
    """Of all makes, with model and make, oldest first."""
    cars = Modification.objects.active().filter(generation=OuterRef("pk"))
    rows = Generation.objects.filter(Exists(cars), model__make__is_active=True)
    return rows.select_related("model__make").order_by("produced_from", "name")


def years_of(spans: Iterable[tuple[date, date | None]]) -> list[int]:
    """In which of them something was made, newest first; ``spans`` are first and last month, None while it is made."""
    made = [(first.year, last.year if last else timezone.localdate().year) for first, last in spans]
    return list(range(max(last for _, last in made), min(first for first, _ in made) - 1, -1)) if made else []


def of_model_year(year: int) -> Q:
    """As makers count: model year 2015 begins in the summer of 2014."""
    return _made_between(date(year - 1, 7, 1), date(year, 12, 31))


def _cars_of(year: int | None) -> QuerySet[Modification]:
    cars = Modification.objects.active()
    return cars if year is None else cars.filter(_made_between(date(year, 1, 1), date(year, 12, 31)))


def _made_between(first: date, last: date) -> Q:
    return Q(produced_from__lte=last) & (Q(produced_to__isnull=True) | Q(produced_to__gte=first))


def modifications_of(generation: Generation, *, year: int | None = None) -> QuerySet[Modification]:
    """By fuel, volume and power, as people look for them in the papers of their car."""
    volume = Coalesce("displacement_cc", Value(0))
    return _cars_of(year).filter(generation=generation).order_by("fuel", volume, "power_kw", "produced_from", "name")
