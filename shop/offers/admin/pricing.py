"""How purchase prices become retail ones. Who sees this sees what we pay."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from shop.lib.admin import Deletable, ShopModelAdmin, display
from shop.offers.models import ExchangeRate, Markup


@admin.register(Markup)
class MarkupAdmin(Deletable, ShopModelAdmin):
    list_display = ["owner", "price_from", "percent"]
    list_display_links = ["owner"]
    list_filter = ["supplier"]
    list_select_related = ["supplier"]
    fields = ["supplier", "price_from", "percent"]

    @display(description=_("постачальник"), ordering="supplier__name")
    def owner(self, obj: Markup) -> str:
        return obj.supplier.name if obj.supplier else str(_("Наш склад"))


@admin.register(ExchangeRate)
class ExchangeRateAdmin(Deletable, ShopModelAdmin):
    list_display = ["valid_on", "currency", "rate"]
    list_filter = [("currency", ChoicesDropdownFilter)]
    fields = ["currency", "valid_on", "rate"]
