"""Named price lists: how their files are read and when they wait for a person."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from shop.lib.admin import ShopModelAdmin, display
from shop.offers.models import PriceList


@admin.register(PriceList)
class PriceListAdmin(ShopModelAdmin):
    list_display = ["supplier_name", "name", "fresh_until"]
    list_filter = [("supplier", AutocompleteSelectFilter)]
    list_select_related = ["supplier"]
    search_fields = ["name__istartswith", "supplier__name__istartswith"]
    fields = [
        "supplier",
        "name",
        "prices_include_vat",
        "vat_percent",
        "creates_parts",
        "most_vanished_percent",
        "most_price_move_percent",
        "most_rejected_percent",
        "max_age_days",
    ]

    @display(description=_("постачальник"), ordering="supplier__name")
    def supplier_name(self, obj: PriceList) -> Any:
        return obj.supplier.name if obj.supplier else _("Наш склад")
