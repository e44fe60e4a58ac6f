"""Parts with their numbers, properties and fitted cars."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from shop.catalog.admin.fit_check import sign_check, who_checked
from shop.catalog.admin.part_form import PartForm, attribute_fields, save_attributes
from shop.catalog.conditions import condition_texts
from shop.catalog.gtin import read_gtin, spelled
from shop.catalog.models import Barcode, CatalogSource, CrossReference, FitCheck, Fitment, OeNumber, Part
from shop.catalog.numbers import search_key
from shop.lib.admin import KnownRowsFormSet, RowsInline, ShopModelAdmin, action, display

# What staff enter by hand is a claim of its own source.
STAFF_SOURCE = "staff"


class _ClaimFormSet(KnownRowsFormSet):
    """Rows entered here are claims of the staff; a row somebody changed becomes one. ``author`` is who is at work."""

    author: Any = None

    def save_new(self, form: Any, commit: bool = True) -> Any:
        self._sign(form.instance)
        return super().save_new(form, commit)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        self._sign(obj)
        return super().save_existing(form, obj, commit)

    def _sign(self, claim: Any) -> None:
        claim.source = CatalogSource.objects.get_or_create(
            code=STAFF_SOURCE,
            defaults={
                "name_uk": "Перевірив менеджер",
                "name_en": "Checked by our staff",
                "kind": CatalogSource.Kind.STAFF,
            },
        )[0]
        if isinstance(claim, Fitment):
            claim.category_id = self.instance.category_id
        else:
            claim.author = self.author


class _CheckFormSet(KnownRowsFormSet):
    """Who checks a fit signs it, and so does who changes what another found."""

    author: Any = None

    def save_new(self, form: Any, commit: bool = True) -> Any:
        sign_check(form.instance, self.author)
        return super().save_new(form, commit)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        sign_check(obj, self.author)
        return super().save_existing(form, obj, commit)


class BarcodeForm(forms.ModelForm):  # type: ignore[type-arg]
    gtin = forms.CharField(label=_("штрихкод (EAN)"), max_length=30, widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = Barcode
        fields: ClassVar = ["gtin"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["gtin"] = spelled(self.instance.gtin)

    def clean_gtin(self) -> int:
        gtin = read_gtin(self.cleaned_data["gtin"])
        if gtin is None:
            raise forms.ValidationError(
                _("Це не штрихкод: потрібно 8, 12, 13 або 14 цифр, і остання має збігатися з контрольною.")
            )
        return gtin


class OeNumberForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        labels: ClassVar = {"make": _("марка")}


class CrossReferenceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        labels: ClassVar = {"brand": _("бренд")}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        number, part = cleaned.get("number"), cleaned.get("part")
        if number and not search_key(number):
            self.add_error("number", _("У номері має бути хоча б одна літера чи цифра."))
        elif number and isinstance(part, Part) and part.pk and _is_number_of(part, cleaned.get("brand"), number):
            self.add_error("number", _("Це номер самої деталі: він не може замінювати сам себе."))
        return cleaned


def _is_number_of(part: Part, brand: Any, number: str) -> bool:
    return bool(brand == part.brand and search_key(number) == part.search_key)


class FitmentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        labels: ClassVar = {"modification": _("автомобіль")}


class BarcodeInline(RowsInline):
    model = Barcode
    form = BarcodeForm
    fields = ["gtin"]
    ordering = ["pk"]


class OeNumberInline(RowsInline):
    model = OeNumber
    form = OeNumberForm
    fields = ["make", "number"]
    autocomplete_fields = ["make"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[OeNumber]:
        return super().get_queryset(request).select_related("make").order_by("pk")  # type: ignore[no-any-return]


class CrossReferenceInline(RowsInline):
    model = CrossReference
    form = CrossReferenceForm
    formset = _ClaimFormSet
    fields = ["kind", "brand", "number", "note", "says"]
    readonly_fields = ["says"]
    autocomplete_fields = ["brand"]
    verbose_name_plural = _("що замінює ця деталь")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[CrossReference]:
        return super().get_queryset(request).select_related("brand", "source", "author").order_by("pk")  # type: ignore[no-any-return]

    @display(description=_("джерело"))
    def says(self, obj: CrossReference) -> str:
        return f"{obj.source.name}, {obj.author}" if obj.author else obj.source.name


class FitmentInline(RowsInline):
    model = Fitment
    form = FitmentForm
    formset = _ClaimFormSet
    fields = ["modification", "position", "only_if", "says"]
    readonly_fields = ["only_if", "says"]
    autocomplete_fields = ["modification"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Fitment]:
        return (  # type: ignore[no-any-return]
            super()
            .get_queryset(request)
            .select_related("modification__generation__model__make", "condition", "source")
            .order_by("pk")
        )

    @display(description=_("за умови"))
    def only_if(self, obj: Fitment) -> str:
        return "; ".join(condition_texts(obj.condition.rules)) if obj.condition else "—"

    @display(description=_("джерело"))
    def says(self, obj: Fitment) -> str:
        return obj.source.name


class FitCheckInline(RowsInline):
    model = FitCheck
    formset = _CheckFormSet
    fields = ["modification", "fits", "note", "who"]
    readonly_fields = ["who"]
    autocomplete_fields = ["modification"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[FitCheck]:
        return (  # type: ignore[no-any-return]
            super()
            .get_queryset(request)
            .select_related("modification__generation__model__make", "author")
            .order_by("pk")
        )

    @display(description=_("хто і коли"))
    def who(self, obj: FitCheck) -> str:
        return who_checked(obj)


@admin.register(Part)
class PartAdmin(ShopModelAdmin):
    form = PartForm
    list_display = ["article_number", "brand", "name_uk", "category", "is_active"]
    list_display_links = ["article_number"]
    list_select_related = ["brand", "category"]
    list_filter = [("brand", AutocompleteSelectFilter), ("category", AutocompleteSelectFilter), "is_active"]
    list_filter_submit = True
    search_fields = ["search_key__startswith"]
    search_help_text = _("Артикул або оригінальний номер, можна лише початок")
    ordering = ["-pk"]
    autocomplete_fields = ["brand", "category"]
    inlines = [BarcodeInline, OeNumberInline, CrossReferenceInline, FitCheckInline, FitmentInline]
    sortable_by = ()
    actions_detail = ["prices"]

    def has_see_prices_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("offers.view_purchase_price")

    @action(
        description=_("Звідки ціни"),
        url_path="prices",
        permissions=["see_prices"],
        icon="price_check",
    )
    def prices(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How the prices of its offers came about is told where offers are."""
        return HttpResponseRedirect(reverse("admin:offers_offer_of_part", args=[object_id]))

    def get_fieldsets(self, request: HttpRequest, obj: Part | None = None) -> Any:
        main = [
            ("brand", "article_number"),
            ("name_uk", "name_en"),
            "category",
            "sold_as",
            "weight_kg",
            "warranty_months",
            "is_active",
        ]
        fieldsets: list[tuple[Any, dict[str, Any]]] = [(None, {"fields": main})]
        if names := list(attribute_fields(obj)):
            fieldsets.append((_("Властивості"), {"fields": names}))
        return fieldsets

    def get_form(self, request: HttpRequest, obj: Part | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form with one field per property of the part's category."""
        kwargs["form"] = type("PartFormWithProperties", (PartForm,), dict(attribute_fields(obj)))
        return super().get_form(request, obj, change, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Part | None = None) -> list[type[RowsInline]]:
        return self.inlines if obj else []

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Part], search_term: str
    ) -> tuple[models.QuerySet[Part], bool]:
        key = search_key(search_term)
        if not key:
            return (queryset.none() if search_term.strip() else queryset), False
        # Fetched first: joined by OR to a subquery, neither index would be used.
        by_oe = list(OeNumber.objects.filter(search_key__startswith=key).values_list("part_id", flat=True)[:200])
        return queryset.filter(models.Q(search_key__startswith=key) | models.Q(pk__in=by_oe)), False

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.author = request.user
        super().save_formset(request, form, formset, change)

    def save_model(self, request: HttpRequest, obj: Part, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        save_attributes(obj, form.cleaned_data)
