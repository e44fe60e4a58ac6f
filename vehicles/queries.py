"""What the picker asks: each step lists only what leads to a car that can be chosen."""

from datetime import date

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from vehicles.models import Generation, Modification, VehicleMake, VehicleModel


def active_makes() -> QuerySet[VehicleMake]:
    """In the order of names."""
    return VehicleMake.objects.filter(is_active=True)


def popular_makes() -> QuerySet[VehicleMake]:
    """Those with a place among the popular ones, in that order."""
    return active_makes().filter(position__isnull=False).order_by("position", "name_sort")


def models_of(make: VehicleMake) -> QuerySet[VehicleModel]:
    """With ``made_from``, ``made_to`` (dates over all generations) and ``is_made`` (still today)."""
    cars = Modification.objects.active().filter(generation__model=OuterRef("pk"))
    return make.models.filter(Exists(cars)).annotate(
        made_from=Min("generations__produced_from"),
        made_to=Max("generations__produced_to"),
        is_made=BoolOr(Q(generations__produced_to__isnull=True)),
    )


def generations_of(model: VehicleModel) -> QuerySet[Generation]:
    """Newest first: most cars on the road are young."""
    cars = Modification.objects.active().filter(generation=OuterRef("pk"))
    return model.generations.filter(Exists(cars)).order_by("-produced_from", "name")


def choosable_generations() -> QuerySet[Generation]:
    """Of all makes, with model and make, oldest first."""
    cars = Modification.objects.active().filter(generation=OuterRef("pk"))
    rows = Generation.objects.filter(Exists(cars), model__make__is_active=True)
    return rows.select_related("model__make").order_by("produced_from", "name")


def made_in(year: int, *, of: str = "") -> Q:
    """Made in that year, whole or in part; ``of`` is the way to the row with the dates, such as ``generations__``."""
    return _made_between(date(year, 1, 1), date(year, 12, 31), of)


def of_model_year(year: int) -> Q:
    """As makers count: model year 2015 begins in the summer of 2014."""
    return _made_between(date(year - 1, 7, 1), date(year, 12, 31), "")


def _made_between(first: date, last: date, of: str) -> Q:
    is_not_over = Q(**{f"{of}produced_to__isnull": True}) | Q(**{f"{of}produced_to__gte": first})
    return Q(**{f"{of}produced_from__lte": last}) & is_not_over


def modifications_of(generation: Generation) -> QuerySet[Modification]:
    """By fuel, volume and power, as people look for them in the papers of their car."""
    volume = Coalesce("displacement_cc", Value(0))
    return generation.modifications.active().order_by("fuel", volume, "power_kw", "produced_from", "name")
