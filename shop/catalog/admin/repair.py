"""Repairs and what they take; what is needed along with a category."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from shop.catalog.models import Companion, RepairJob, RepairJobLine
from shop.lib.admin import ShopModelAdmin, display


class RepairJobLineInline(TabularInline):
    model = RepairJobLine
    fields = ["category", "place", "quantity", "is_optional", "note_uk", "note_en", "position", "is_active"]
    autocomplete_fields = ["category"]
    extra = 1

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[RepairJobLine]:
        return super().get_queryset(request).select_related("category")  # type: ignore[no-any-return]

    # The next load of the reference data would bring a deleted row back; one that is hidden stays so.
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(RepairJob)
class RepairJobAdmin(ShopModelAdmin):
    list_display = ["name_uk", "slug", "position", "lines_count", "is_active"]
    search_fields = ["name_uk__icontains"]
    fields = [("name_uk", "name_en"), "slug", ("about_uk", "about_en"), "position", "is_active"]
    inlines = [RepairJobLineInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[RepairJob]:
        return super().get_queryset(request).annotate(lines_count=Count("lines"))  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: RepairJob | None = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: RepairJob | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name_en"]}

    @display(description=_("категорій"), ordering="lines_count")
    def lines_count(self, obj: Any) -> int:
        count: int = obj.lines_count
        return count


@admin.register(Companion)
class CompanionAdmin(ShopModelAdmin):
    list_display = ["category", "needed", "why_uk", "position", "is_active"]
    list_select_related = ["category", "needed"]
    list_filter = [("category", AutocompleteSelectFilter), "is_active"]
    list_filter_submit = True
    search_fields = ["category__name_uk__icontains", "needed__name_uk__icontains"]
    autocomplete_fields = ["category", "needed"]
    fields = ["category", "needed", ("why_uk", "why_en"), "position", "is_active"]
