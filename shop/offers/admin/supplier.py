"""Companies that sell to us and the places goods leave from."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from shop.lib.admin import ShopModelAdmin, display
from shop.offers.models import Supplier, Warehouse


class SupplierForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Supplier
        fields: ClassVar = ["name", "code", "currency", "min_margin_percent", "is_active"]

    def clean_min_margin_percent(self) -> Decimal:
        percent: Decimal = self.cleaned_data["min_margin_percent"]
        if percent < 0:
            raise forms.ValidationError(_("Тут не може бути від’ємного числа."))
        return percent


@admin.register(Supplier)
class SupplierAdmin(ShopModelAdmin):
    form = SupplierForm
    list_display = ["name", "code", "currency", "warehouses_count", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name__istartswith", "code__startswith"]
    fields = ["name", "code", "currency", "min_margin_percent", "is_active"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Supplier]:
        return super().get_queryset(request).annotate(warehouses_count=models.Count("warehouses"))  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: Supplier | None = None) -> list[str]:
        return ["code"] if obj else []

    @display(description=_("складів"), ordering="warehouses_count")
    def warehouses_count(self, obj: Any) -> int:
        count: int = obj.warehouses_count
        return count


@admin.register(Warehouse)
class WarehouseAdmin(ShopModelAdmin):
    list_display = ["public_name_uk", "owner", "code", "lead_days", "cut_off", "is_active"]
    list_filter = [("supplier", AutocompleteSelectFilter), "is_active"]
    list_select_related = ["supplier"]
    search_fields = ["public_name_uk__istartswith", "code__startswith"]
    autocomplete_fields = ["supplier"]
    fields = ["supplier", "code", ("public_name_uk", "public_name_en"), "lead_days", "cut_off", "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Warehouse | None = None) -> list[str]:
        # Whose warehouse it is decides where its pieces are counted; that never changes.
        return ["supplier", "code"] if obj else []

    @display(description=_("чий"), ordering="supplier__name")
    def owner(self, obj: Warehouse) -> str:
        return obj.supplier.name if obj.supplier else str(_("наш"))
