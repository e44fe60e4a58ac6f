"""Offers. Three million rows: found by the part's number, one page at a time."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from shop.lib.admin import ShopModelAdmin, action, display
from shop.lib.money import format_money
from shop.offers.admin.parts import of_parts
from shop.offers.admin.price_pages import export_page, part_prices_page, prices_of
from shop.offers.models import Offer

# What we pay suppliers is for those who trade, not for those who pack.
SEE_PURCHASE_PRICES = "offers.view_purchase_price"
EXPORT = "offers.export_price_list"


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
    """A price may be corrected until prices are computed again; offers are made by lists alone."""

    form = OfferForm
    list_filter = [("warehouse", AutocompleteSelectFilter), ("price_list", AutocompleteSelectFilter)]
    list_filter_submit = True
    search_fields = ["part__search_key__startswith"]
    search_help_text = _("Початок артикула")
    ordering = ["-pk"]
    sortable_by = ()
    actions_list = ["export"]
    change_form_outer_after_template = "admin/offers/offer/prices.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(EXPORT)

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

    def get_urls(self) -> list[URLPattern]:
        of_part = self.admin_site.admin_view(self.part_prices)
        return [path("part/<int:part_id>/", of_part, name="offers_offer_of_part"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Under the form: how the price came about, for those who may know, and the prices before it."""
        offer = self.get_object(request, object_id)
        extra = extra_context or {}
        if offer and self.has_view_permission(request, offer):
            extra |= prices_of(offer, with_purchase=request.user.has_perm(SEE_PURCHASE_PRICES))
        response: HttpResponse = super().change_view(request, object_id, form_url, extra)
        return response

    def save_model(self, request: HttpRequest, obj: Offer, form: Any, change: bool) -> None:
        """A price that a person ends is remembered as one that a list ends."""
        before = Offer.objects.select_for_update().get(pk=obj.pk)
        if before.price != obj.price:
            obj.since = before.end_price()
        super().save_model(request, obj, form, change)

    def part_prices(self, request: HttpRequest, part_id: int) -> HttpResponse:
        """Every offer of a part, and how its price came about."""
        if not (self.has_view_permission(request) and request.user.has_perm(SEE_PURCHASE_PRICES)):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {"opts": self.opts}
        return part_prices_page(request, context, part_id)

    @action(description=_("Наш прайс-лист"), url_path="price-list", permissions=["export"], icon="download")
    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The price list for a group of customers, as a file."""
        context = self.admin_site.each_context(request) | {"opts": self.opts, "title": _("Прайс-лист для покупців")}
        return export_page(request, context)

    @display(description=_("деталь"))
    def part_number(self, obj: Offer) -> str:
        return f"{obj.part.brand.name} {obj.part.article_number}"

    @display(description=_("ціна"))
    def retail_price(self, obj: Offer) -> str:
        return format_money(obj.price)

    @display(description=_("закупівля"))
    def what_we_pay(self, obj: Offer) -> str:
        return f"{number_format(obj.purchase_price, 2)} {obj.currency}"
