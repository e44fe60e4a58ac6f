"""How purchase prices become retail ones. Who sees this sees what we pay."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from shop.lib.admin import Deletable, ShopModelAdmin, display
from shop.lib.money import format_money
from shop.offers.models import Markup, PriceRounding

_ALL = _("усі")


class MarkupForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Markup
        fields: ClassVar = ["supplier", "brand", "category", "price_from", "percent"]
        error_messages: ClassVar = {
            NON_FIELD_ERRORS: {"unique_together": _("Таке правило вже є: змініть його, а не додавайте друге.")}
        }
        help_texts: ClassVar = {
            "price_from": _("Від якої собівартості в гривнях, з ПДВ, діє правило."),
            "percent": _("Скільки додати до собівартості."),
        }

    def clean_price_from(self) -> Decimal:
        return _not_negative(self.cleaned_data["price_from"])

    def clean_percent(self) -> Decimal:
        return _not_negative(self.cleaned_data["percent"])


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise ValidationError(_("Тут не може бути від’ємного числа."))
    return value


@admin.register(Markup)
class MarkupAdmin(Deletable, ShopModelAdmin):
    """The narrowest rule wins; ``Markup`` says which one that is."""

    form = MarkupForm
    list_display = ["percent_text", "for_category", "for_brand", "for_supplier", "from_cost"]
    list_filter = [
        ("category", AutocompleteSelectFilter),
        ("brand", AutocompleteSelectFilter),
        ("supplier", AutocompleteSelectFilter),
    ]
    list_filter_submit = True
    list_select_related = ["supplier", "brand", "category"]
    autocomplete_fields = ["supplier", "brand", "category"]
    ordering = ["category__path", "brand__name_sort", "supplier__name", "price_from"]

    @display(description=_("націнка"), ordering="percent")
    def percent_text(self, obj: Markup) -> str:
        return f"{number_format(obj.percent, 2)}\u00a0%"

    @display(description=_("категорія"), ordering="category__path")
    def for_category(self, obj: Markup) -> Any:
        return obj.category.name if obj.category else _ALL

    @display(description=_("бренд"), ordering="brand__name_sort")
    def for_brand(self, obj: Markup) -> Any:
        return obj.brand.name if obj.brand else _ALL

    @display(description=_("постачальник"), ordering="supplier__name")
    def for_supplier(self, obj: Markup) -> Any:
        return obj.supplier.name if obj.supplier else _ALL

    @display(description=_("від собівартості"), ordering="price_from")
    def from_cost(self, obj: Markup) -> str:
        return format_money(obj.price_from)


class PriceRoundingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = PriceRounding
        fields: ClassVar = ["price_from", "step", "minus"]
        help_texts: ClassVar = {
            "price_from": _("Від якої ціни для покупця діє правило."),
            "step": _("Ціна підіймається до кратного цьому числу."),
            "minus": _("Крок 10 і мінус 1 дають ціни на 9: 349 ₴, 359 ₴."),
        }

    def clean_price_from(self) -> Decimal:
        return _not_negative(self.cleaned_data["price_from"])

    def clean_step(self) -> Decimal:
        step: Decimal = self.cleaned_data["step"]
        if step <= 0:
            raise ValidationError(_("Крок має бути більшим за нуль."))
        return step

    def clean_minus(self) -> Decimal:
        minus = _not_negative(self.cleaned_data["minus"])
        if "step" in self.cleaned_data and minus >= self.cleaned_data["step"]:
            raise ValidationError(_("Мінус має бути меншим за крок."))
        return minus


@admin.register(PriceRounding)
class PriceRoundingAdmin(Deletable, ShopModelAdmin):
    form = PriceRoundingForm
    list_display = ["from_price", "step", "minus"]
    ordering = ["price_from"]

    @display(description=_("від ціни"), ordering="price_from")
    def from_price(self, obj: PriceRounding) -> str:
        return format_money(obj.price_from)
