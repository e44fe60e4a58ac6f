"""Towns, carriers and pick-up points. Points are switched off, not deleted: orders refer to them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from shop.delivery.models import Carrier, CarrierLimit, DeliveryTariff, PickupPoint, Settlement
from shop.lib.admin import ShopModelAdmin, display
from shop.lib.sorting import ukrainian_sort_key


@admin.register(Settlement)
class SettlementAdmin(ShopModelAdmin):
    list_display = ["name_uk", "oblast_uk", "population", "katottg"]
    search_fields = ["name_uk__istartswith"]
    ordering = ["-population", "name_sort"]
    fields = [
        ("name_uk", "name_en"),
        ("oblast_uk", "oblast_en"),
        "slug",
        "population",
        ("lat", "lon"),
        "katottg",
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Settlement | None = None) -> list[str]:
        return ["slug"] if obj else []

    def save_model(self, request: HttpRequest, obj: Settlement, form: Any, change: bool) -> None:
        obj.name_sort = ukrainian_sort_key(obj.name_uk)
        super().save_model(request, obj, form, change)


@admin.register(Carrier)
class CarrierAdmin(ShopModelAdmin):
    list_display = ["name_uk", "code", "is_active"]
    search_fields = ["name_uk__istartswith"]
    fields = ["name_uk", "name_en", "code", "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Carrier | None = None) -> list[str]:
        return ["code"] if obj else []


@admin.register(PickupPoint)
class PickupPointAdmin(ShopModelAdmin):
    list_display = ["name_uk", "town", "carrier_name", "kind", "address_uk", "max_weight_kg", "is_active"]
    list_filter = [
        "carrier",
        ("kind", ChoicesDropdownFilter),
        ("settlement", AutocompleteSelectFilter),
        "is_active",
    ]
    list_select_related = ["carrier", "settlement"]
    search_fields = ["settlement__name_uk__istartswith", "code__startswith"]
    search_help_text = _("Населений пункт або код пункту")
    autocomplete_fields = ["settlement"]
    ordering = ["pk"]
    fields = [
        "carrier",
        "settlement",
        "kind",
        "code",
        ("name_uk", "name_en"),
        "address_uk",
        "max_weight_kg",
        "is_active",
    ]

    @display(description=_("населений пункт"), ordering="settlement__name_sort")
    def town(self, obj: PickupPoint) -> str:
        return obj.settlement.name_uk

    @display(description=_("перевізник"), ordering="carrier__name_uk")
    def carrier_name(self, obj: PickupPoint) -> str:
        return obj.carrier.name_uk


@admin.register(CarrierLimit)
class CarrierLimitAdmin(ShopModelAdmin):
    list_display = [
        "way",
        "point_kind",
        "max_weight_kg",
        "max_value",
        "takes_cash",
        "takes_liquids",
        "takes_glass",
        "takes_batteries",
    ]
    list_filter = [("way", ChoicesDropdownFilter)]
    fields = [
        ("way", "point_kind"),
        ("max_weight_kg", "max_value"),
        "takes_cash",
        ("takes_liquids", "takes_glass", "takes_batteries"),
    ]


@admin.register(DeliveryTariff)
class DeliveryTariffAdmin(ShopModelAdmin):
    list_display = ["way", "zone", "max_weight_kg", "price", "free_from", "days_from", "days_to"]
    list_filter = [("way", ChoicesDropdownFilter), "zone"]
    fields = [("way", "zone"), "max_weight_kg", ("price", "free_from"), ("days_from", "days_to")]
