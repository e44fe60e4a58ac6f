"""What the picker asks: each step lists only what leads to a car that can be chosen."""

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


def modifications_of(generation: Generation) -> QuerySet[Modification]:
    """By fuel, volume and power, as people look for them in the papers of their car."""
    volume = Coalesce("displacement_cc", Value(0))
    return generation.modifications.active().order_by("fuel", volume, "power_kw", "produced_from", "name")
