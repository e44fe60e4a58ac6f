"""Towns, carriers and pick-up points. Points are switched off, not deleted: orders refer to them."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from shop.delivery.carriers import carriers_that_are_on
from shop.delivery.models import Carrier, CarrierLimit, DeliveryTariff, PickupPoint, Settlement
from shop.lib.admin import ShopModelAdmin, display
from shop.lib.publishing import publish
from shop.lib.sorting import ukrainian_sort_key

# Whoever may close a point by hand may close those that a carrier no longer names.
_MAY_REFRESH = "delivery.change_pickuppoint"


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
    list_display = ["name_uk", "code", "is_active", "directory_at", "needs_person_reason"]
    search_fields = ["name_uk__istartswith"]
    fields = ["name_uk", "name_en", "code", "is_active", "directory_at"]
    change_form_outer_before_template = "admin/delivery/carrier/state.html"

    class Media:
        css: ClassVar = {"all": ["css/desk-prices.css"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Carrier | None = None) -> list[str]:
        return ["directory_at", *(["code"] if obj else [])]

    def get_urls(self) -> list[URLPattern]:
        refresh = self.admin_site.admin_view(self.refresh)
        return [path("<int:pk>/refresh/", refresh, name="delivery_carrier_refresh"), *super().get_urls()]

    def refresh(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Read its directory now, or let go of the brake; a worker does it, and what came is seen here later."""
        from shop.delivery.tasks import refresh_points

        if not request.user.has_perm(_MAY_REFRESH):
            raise PermissionDenied
        carrier = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST" and carrier.code in carriers_that_are_on():
            publish(refresh_points, carrier.code, "approved" in request.POST, expires=3600)
            messages.success(request, gettext("Оновлюємо довідник. Це може тривати кілька хвилин."))
        return HttpResponseRedirect(reverse("admin:delivery_carrier_change", args=[carrier.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        carrier = self.get_object(request, object_id)
        extra = {
            "may_refresh": request.user.has_perm(_MAY_REFRESH),
            "is_on": carrier is not None and carrier.code in carriers_that_are_on(),
        }
        response: HttpResponse = super().change_view(request, object_id, form_url, extra | (extra_context or {}))
        return response


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
        "closed_at",
    ]
    readonly_fields = ["closed_at"]

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
    list_display = ["way", "zone", "max_weight_kg", "price", "by_hand", "free_from", "days_from", "days_to"]
    list_filter = [("way", ChoicesDropdownFilter), "zone", "by_hand"]
    fields = [("way", "zone"), "max_weight_kg", ("price", "free_from"), "by_hand", ("days_from", "days_to")]

    def save_model(self, request: HttpRequest, obj: DeliveryTariff, form: Any, change: bool) -> None:
        """A price that somebody writes is theirs, unless they say otherwise in the same breath."""
        if "price" in form.changed_data and "by_hand" not in form.changed_data:
            obj.by_hand = True
        super().save_model(request, obj, form, change)
