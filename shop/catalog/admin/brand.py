"""Brands with their spellings, sources of claims, price groups."""

from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from shop.catalog.models import Brand, BrandAlias, CatalogSource, CustomerGroup
from shop.catalog.numbers import brand_key
from shop.lib.admin import ShopModelAdmin, action, display
from shop.lib.sorting import ukrainian_sort_key


class BrandAliasForm(forms.ModelForm):  # type: ignore[type-arg]
    """A spelling; its key is computed and must belong to one brand only."""

    class Meta:
        model = BrandAlias
        fields = ["name"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        key = brand_key(name)
        if not key:
            raise ValidationError(_("У написанні має бути хоча б одна літера чи цифра."))
        taken = BrandAlias.objects.filter(key=key).exclude(pk=self.instance.pk).select_related("brand").first()
        if taken:
            raise ValidationError(_("Це написання вже належить бренду «%(brand)s»."), params={"brand": taken.brand})
        self.instance.key = key
        return name


class _AliasFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        keys = [form.instance.key for form in self.forms if form.has_changed() or form.instance.pk]
        doubled = {key for key in keys if key and keys.count(key) > 1}
        for form in self.forms:
            if form.instance.key in doubled and not form.errors and not form.cleaned_data.get("DELETE"):
                form.add_error("name", _("Те саме написання вказано двічі."))


class BrandAliasInline(TabularInline):
    model = BrandAlias
    form = BrandAliasForm
    formset = _AliasFormSet
    fields = ["name"]
    extra = 1


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Brand
        fields = ["name", "slug", "country", "tier", "is_active"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        taken = BrandAlias.objects.filter(key=brand_key(name)).exclude(brand_id=self.instance.pk)
        if other := taken.select_related("brand").first():
            raise ValidationError(_("Це написання вже належить бренду «%(brand)s»."), params={"brand": other.brand})
        if not brand_key(name):
            raise ValidationError(_("У назві має бути хоча б одна літера чи цифра."))
        return name


@admin.register(Brand)
class BrandAdmin(ShopModelAdmin):
    form = BrandForm
    list_display = ["name", "tier", "country", "spellings", "is_active"]
    list_filter = [("tier", ChoicesDropdownFilter), "is_active"]
    search_fields = ["name__istartswith"]
    fields = ["name", "slug", "country", "tier", "is_active"]
    inlines = [BrandAliasInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Brand]:
        return super().get_queryset(request).annotate(spellings=Count("aliases"))  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: Brand | None = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Brand | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Brand], search_term: str
    ) -> tuple[models.QuerySet[Brand], bool]:
        key = brand_key(search_term)
        if not key:
            return queryset, False
        return queryset.filter(pk__in=BrandAlias.objects.filter(key__startswith=key).values("brand_id")), False

    def save_model(self, request: HttpRequest, obj: Brand, form: Any, change: bool) -> None:
        obj.name_sort = ukrainian_sort_key(obj.name)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # A brand's own name is always among its spellings: price lists and search ask there.
        BrandAlias.objects.get_or_create(
            key=brand_key(form.instance.name), defaults={"brand": form.instance, "name": form.instance.name}
        )

    @display(description=_("написань"), ordering="spellings")
    def spellings(self, obj: Any) -> int:
        count: int = obj.spellings
        return count


@admin.register(CatalogSource)
class CatalogSourceAdmin(ShopModelAdmin):
    list_display = ["name_uk", "kind", "code"]
    search_fields = ["name_uk__istartswith"]
    fields = ["name_uk", "name_en", "kind", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: CatalogSource | None = None) -> list[str]:
        return ["code"] if obj else []


class CustomerGroupForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CustomerGroup
        fields: ClassVar = ["name_uk", "factor", "min_margin_percent"]
        help_texts: ClassVar = {
            "factor": _("0,94 — на 6 % дешевше за роздріб."),
            "min_margin_percent": _("Нижче за собівартість з цією націнкою ціна групи не опускається."),
        }

    def clean_factor(self) -> Decimal:
        factor: Decimal = self.cleaned_data["factor"]
        if not 0 < factor <= 1:
            raise ValidationError(_("Множник має бути більшим за 0 і не більшим за 1."))
        return factor

    def clean_min_margin_percent(self) -> Decimal:
        percent: Decimal = self.cleaned_data["min_margin_percent"]
        if percent < 0:
            raise ValidationError(_("Тут не може бути від’ємного числа."))
        return percent


@admin.register(CustomerGroup)
class CustomerGroupAdmin(ShopModelAdmin):
    form = CustomerGroupForm
    list_display = ["name_uk", "factor", "min_margin_percent"]
    search_fields = ["name_uk__istartswith"]
    actions_detail = ["export"]

    def has_export_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("offers.export_price_list")

    @action(description=_("Прайс-лист групи"), url_path="price-list", permissions=["export"], icon="download")
    def export(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Files are made where offers are."""
        return HttpResponseRedirect(f"{reverse('admin:offers_offer_export')}?{urlencode({'group': object_id})}")
