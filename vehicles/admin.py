"""Cars in the admin. Codes and addresses are fixed when a row is made: the reference data and links rely on them."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from shop.lib.admin import ShopModelAdmin, display
from shop.lib.sorting import ukrainian_sort_key
from vehicles.models import Generation, Modification, VehicleMake, VehicleModel


@admin.register(VehicleMake)
class VehicleMakeAdmin(ShopModelAdmin):
    list_display = ["name", "name_uk", "country", "position", "models_count", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name__istartswith", "name_uk__istartswith"]
    fields = ["name", "name_uk", "slug", "country", "wmi", "aliases", "position", "is_active"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[VehicleMake]:
        return super().get_queryset(request).annotate(models_count=models.Count("models"))  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: VehicleMake | None = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: VehicleMake | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: VehicleMake, form: Any, change: bool) -> None:
        obj.name_sort = ukrainian_sort_key(obj.name)
        super().save_model(request, obj, form, change)

    @display(description=_("моделей"), ordering="models_count")
    def models_count(self, obj: Any) -> int:
        count: int = obj.models_count
        return count


@admin.register(VehicleModel)
class VehicleModelAdmin(ShopModelAdmin):
    list_display = ["name", "make", "generations_count"]
    list_filter = [("make", AutocompleteSelectFilter)]
    list_select_related = ["make"]
    search_fields = ["name__istartswith", "make__name__istartswith"]
    autocomplete_fields = ["make"]
    fields = ["make", "name", "slug"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[VehicleModel]:
        return super().get_queryset(request).annotate(generations_count=models.Count("generations"))  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: VehicleModel | None = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: VehicleModel | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: VehicleModel, form: Any, change: bool) -> None:
        obj.name_sort = ukrainian_sort_key(obj.name)
        super().save_model(request, obj, form, change)

    @display(description=_("поколінь"), ordering="generations_count")
    def generations_count(self, obj: Any) -> int:
        count: int = obj.generations_count
        return count


@admin.register(Generation)
class GenerationAdmin(ShopModelAdmin):
    list_display = ["name", "model_name", "years", "modifications_count"]
    list_filter = [("model__make", AutocompleteSelectFilter)]
    list_select_related = ["model__make"]
    search_fields = ["name__istartswith", "model__name__istartswith"]
    autocomplete_fields = ["model"]
    fields = ["model", "name", "slug", "body_types", "produced_from", "produced_to"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Generation]:
        rows = super().get_queryset(request).select_related("model__make")
        return rows.annotate(modifications_count=models.Count("modifications"))  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: Generation | None = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Generation | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: Generation, form: Any, change: bool) -> None:
        obj.code = obj.code or _code(obj.model.make.slug, obj.model.slug, obj.slug)
        super().save_model(request, obj, form, change)

    @display(description=_("модель"), ordering="model__name_sort")
    def model_name(self, obj: Generation) -> str:
        return f"{obj.model.make.name} {obj.model.name}"

    @display(description=_("роки"), ordering="produced_from")
    def years(self, obj: Generation) -> str:
        return f"{obj.produced_from.year}–{obj.produced_to.year if obj.produced_to else ''}"

    @display(description=_("модифікацій"), ordering="modifications_count")
    def modifications_count(self, obj: Any) -> int:
        count: int = obj.modifications_count
        return count


@admin.register(Modification)
class ModificationAdmin(ShopModelAdmin):
    list_display = ["engine_name", "car", "engine_codes", "fuel", "power_kw", "power_hp", "years", "is_active"]
    list_filter = [("generation__model__make", AutocompleteSelectFilter), ("fuel", ChoicesDropdownFilter), "is_active"]
    search_fields = ["name__istartswith", "generation__name__istartswith", "generation__model__name__istartswith"]
    search_help_text = _("Двигун, покоління або модель")
    autocomplete_fields = ["generation"]
    fields = [
        "generation",
        "name",
        "slug",
        "engine_codes",
        "fuel",
        "displacement_cc",
        ("power_kw", "power_hp"),
        "drive",
        "produced_from",
        "produced_to",
        "is_active",
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Modification]:
        return super().get_queryset(request).select_related("generation__model__make")  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: Modification | None = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Modification | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name", "power_kw"]}

    def save_model(self, request: HttpRequest, obj: Modification, form: Any, change: bool) -> None:
        obj.code = obj.code or _code(obj.generation.code, obj.slug)
        super().save_model(request, obj, form, change)

    @display(description=_("двигун"), ordering="name")
    def engine_name(self, obj: Modification) -> str:
        return obj.engine_name()

    @display(description=_("автомобіль"))
    def car(self, obj: Modification) -> str:
        generation = obj.generation
        return f"{generation.model.make.name} {generation.model.name} {generation.name}"

    @display(description=_("роки"), ordering="produced_from")
    def years(self, obj: Modification) -> str:
        return f"{obj.produced_from.year}–{obj.produced_to.year if obj.produced_to else ''}"


def _code(*parts: str) -> str:
    """The stable key of a car made here; the unique constraint on it is the last word."""
    return slugify("-".join(parts))
