"""What the address of a list may ask for. A wrong value gets its message and is left out; the rest still counts."""

from decimal import Decimal
from typing import Any, Final

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from shop.catalog.frame import frame
from shop.offers.models import PartShelf
from shop.storefront.pages import LAST_PAGE

SOONEST, CHEAPEST, DEAREST = "soonest", "cheapest", "dearest"
SORTS: Final = [(SOONEST, _("спершу найшвидші")), (CHEAPEST, _("від дешевих")), (DEAREST, _("від дорогих"))]
_DEAREST_PRICE = Decimal("9999999.99")


class BrandField(forms.MultipleChoiceField):
    """Slugs of brands; there are hundreds, so they are looked up instead of listed."""

    def valid_value(self, value: str) -> bool:
        return value in frame().brand_by_slug


class BrandFilter(django_filters.MultipleChoiceFilter):
    field_class = BrandField

    def filter(self, qs: Any, value: list[str]) -> Any:
        brands = frame().brand_by_slug
        return qs.filter(brand_id__in=[brands[slug].pk for slug in value]) if value else qs


def _price(label: Any) -> dict[str, Any]:
    return {
        "field_name": "price",
        "label": label,
        "min_value": 0,
        "max_value": _DEAREST_PRICE,
        "decimal_places": 2,
        "error_messages": {
            "invalid": _("Ціна — це число, наприклад 450."),
            "min_value": _("Ціна не може бути від’ємною."),
            "max_value": _("Такої великої ціни не буває."),
            "max_decimal_places": _("Не більше двох знаків після коми."),
        },
    }


class PriceField(forms.DecimalField):
    """A comma is as good as a point."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".").replace(" ", "") if isinstance(value, str) else value)


class PriceFilter(django_filters.NumberFilter):
    field_class = PriceField

    def get_max_validator(self) -> None:
        return None


class ShelfFilter(django_filters.FilterSet):
    """Filters of a list of parts. ``all_cars`` is read by the view: which car it leaves out is not in the address."""

    brand = BrandFilter(label=_("Бренд"), error_messages={"invalid_choice": _("Такого бренда в нас немає.")})
    price_from = PriceFilter(lookup_expr="gte", **_price(_("Ціна від")))
    price_to = PriceFilter(lookup_expr="lte", **_price(_("Ціна до")))
    in_stock = django_filters.BooleanFilter(
        method="only_in_stock", widget=forms.CheckboxInput, label=_("Лише в наявності")
    )
    all_cars = django_filters.BooleanFilter(method="unchanged", widget=forms.CheckboxInput)
    sort = django_filters.ChoiceFilter(
        choices=SORTS, method="unchanged", error_messages={"invalid_choice": _("Такого впорядкування немає.")}
    )
    page = django_filters.NumberFilter(
        method="unchanged",
        field_name="part",
        min_value=1,
        max_value=LAST_PAGE,
        decimal_places=0,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places"),
            _("Такої сторінки немає, ось перша."),
        ),
    )

    class Meta:
        model = PartShelf
        fields: tuple[str, ...] = ()

    def filtered(self, *, but: frozenset[str] = frozenset()) -> Any:
        """The queryset by all right values, the filters named in ``but`` left out."""
        self.form.is_valid()
        rows = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name not in but:
                rows = self.filters[name].filter(rows, value)
        return rows

    def chosen(self, name: str) -> Any:
        """The right value of one filter, or None."""
        self.form.is_valid()
        return self.form.cleaned_data.get(name)

    def only_in_stock(self, rows: Any, name: str, value: bool | None) -> Any:
        # The shelf knows no date for what nobody has; this condition is in the index, the count of pieces is not.
        return rows.filter(lead_days__isnull=False) if value else rows

    def unchanged(self, rows: Any, name: str, value: Any) -> Any:
        return rows


def price_order_error(filters: ShelfFilter) -> str:
    """A message when the prices are the wrong way round."""
    low, high = filters.chosen("price_from"), filters.chosen("price_to")
    return str(_("«Від» більше за «до»: поміняйте їх місцями.")) if low and high and low > high else ""


QUERY: Final = ("all_cars", "brand", "in_stock", "page", "price_from", "price_to", "sort")
