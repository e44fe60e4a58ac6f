"""Offers. Three million rows: found by the part's number, one page at a time."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from shop.lib.admin import ShopModelAdmin, display
from shop.lib.money import format_money
from shop.offers.admin.parts import of_parts
from shop.offers.models import Offer

# What we pay suppliers is for those who trade, not for those who pack.
SEE_PURCHASE_PRICES = "offers.view_purchase_price"


class OfferForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Offer
        fields: ClassVar = ["purchase_price", "currency", "price", "pieces", "is_at_least", "lead_days"]

    def clean_price(self) -> Any:
        return self._positive("price")

    def clean_purchase_price(self) -> Any:
        return self._positive("purchase_price")

    def _positive(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if value is not None and value <= 0:
            raise forms.ValidationError(_("Ціна має бути більшою за нуль."))
        return value


@admin.register(Offer)
class OfferAdmin(ShopModelAdmin):
    """A price may be corrected until the next list comes; offers are made by lists alone."""

    form = OfferForm
    list_filter = [("warehouse", AutocompleteSelectFilter), ("price_list", AutocompleteSelectFilter)]
    list_filter_submit = True
    search_fields = ["part__search_key__startswith"]
    search_help_text = _("Початок артикула")
    ordering = ["-pk"]
    sortable_by = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Offer]:
        return super().get_queryset(request).select_related("part__brand", "warehouse", "price_list__supplier")  # type: ignore[no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Offer], search_term: str
    ) -> tuple[models.QuerySet[Offer], bool]:
        return of_parts(queryset, search_term), False

    def get_list_display(self, request: HttpRequest) -> list[str]:
        shown = ["part_number", "warehouse", "retail_price", "pieces", "lead_days", "price_list"]
        if request.user.has_perm(SEE_PURCHASE_PRICES):
            shown.insert(3, "what_we_pay")
        return shown

    def get_fields(self, request: HttpRequest, obj: Offer | None = None) -> list[str]:
        shown = ["part", "warehouse", "price_list", "price", "pieces", "is_at_least", "lead_days"]
        if request.user.has_perm(SEE_PURCHASE_PRICES):
            shown[3:3] = ["purchase_price", "currency"]
        return shown

    def get_readonly_fields(self, request: HttpRequest, obj: Offer | None = None) -> list[str]:
        return ["part", "warehouse", "price_list"]

    @display(description=_("деталь"))
    def part_number(self, obj: Offer) -> str:
        return f"{obj.part.brand.name} {obj.part.article_number}"

    @display(description=_("ціна"))
    def retail_price(self, obj: Offer) -> str:
        return format_money(obj.price)

    @display(description=_("закупівля"))
    def what_we_pay(self, obj: Offer) -> str:
        return f"{number_format(obj.purchase_price, 2)} {obj.currency}"
