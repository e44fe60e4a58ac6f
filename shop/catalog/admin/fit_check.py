"""What our staff has checked: a part fits a car, or does not; by whom and when."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from shop.catalog.models import FitCheck
from shop.lib.admin import Deletable, ShopModelAdmin, display


def sign_check(check: FitCheck, author: Any) -> None:
    """Whoever wrote the verdict last stands by it."""
    check.author, check.checked_at = author, timezone.now()


def who_checked(check: FitCheck) -> str:
    if check.pk is None:
        return "—"
    day = format_date(timezone.localtime(check.checked_at), "d.m.Y")
    return f"{check.author}, {day}" if check.author else day


@admin.register(FitCheck)
class FitCheckAdmin(Deletable, ShopModelAdmin):
    """For managers, who do not edit parts themselves."""

    list_display = ["part", "modification", "fits", "note", "who"]
    list_select_related = ["part__brand", "modification__generation__model__make", "author"]
    list_filter = [("part", AutocompleteSelectFilter), "fits"]
    list_filter_submit = True
    fields = ["part", "modification", "fits", "note"]
    autocomplete_fields = ["part", "modification"]
    ordering = ["-pk"]
    sortable_by = ()

    def save_model(self, request: HttpRequest, obj: FitCheck, form: Any, change: bool) -> None:
        sign_check(obj, request.user)
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: FitCheck | None = None) -> list[str]:
        return ["part", "modification"] if obj else []

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[FitCheck]:
        return super().get_queryset(request).select_related("author")  # type: ignore[no-any-return]

    @display(description=_("хто і коли"))
    def who(self, obj: FitCheck) -> str:
        return who_checked(obj)
