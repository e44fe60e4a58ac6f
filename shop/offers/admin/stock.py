"""Our own pieces: a count is never overwritten, it is corrected by a movement with an author."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from shop.lib.admin import ReadOnlyInline, ReadOnlyModelAdmin, ShopModelAdmin, display
from shop.offers.admin.parts import of_parts
from shop.offers.counting import count_stock
from shop.offers.errors import CountBelowReserved, CountOutdated, CountRefused
from shop.offers.models import StockItem, StockMovement, Warehouse

_BY_HAND = [StockMovement.Reason.COUNTED, StockMovement.Reason.RECEIVED]


class StockItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """How many pieces there are, why that changed, by which paper; ``seen`` is the count the page showed."""

    seen = forms.IntegerField(label="", widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(
        label=_("чому змінюється"),
        choices=[(reason.value, reason.label) for reason in _BY_HAND],
        widget=UnfoldAdminSelectWidget,
    )
    reference = forms.CharField(
        label=_("документ"),
        required=False,
        max_length=60,
        help_text=_("Номер накладної чи акта; потрапляє до руху залишків."),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = StockItem
        fields: ClassVar = ["part", "warehouse", "on_hand"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.on_hand if self.instance.pk else 0
        if "warehouse" in self.fields:
            self.fields["warehouse"].queryset = Warehouse.objects.filter(supplier=None)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The same rules as the act's, told beside the field; the act asks again under its lock."""
        cleaned = super().clean() or self.cleaned_data
        on_hand = cleaned.get("on_hand")
        if on_hand is None or not self.instance.pk:
            return cleaned
        current = StockItem.objects.get(pk=self.instance.pk)
        if cleaned.get("seen") is not None and cleaned["seen"] != current.on_hand:
            # The next try starts from what is true now.
            self.data = {**self.data.dict(), "seen": str(current.on_hand)}  # type: ignore[attr-defined]
            self.add_error("on_hand", ValidationError(str(CountOutdated(current.on_hand))))
        elif on_hand < current.reserved:
            self.add_error("on_hand", ValidationError(str(CountBelowReserved(current.reserved))))
        return cleaned


class MovementInline(ReadOnlyInline):
    model = StockMovement
    fields = ["moved_at", "pieces", "reason", "reference", "author"]
    verbose_name_plural = _("рух")
    per_page = 20

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[StockMovement]:
        return super().get_queryset(request).select_related("author")  # type: ignore[no-any-return]


@admin.register(StockItem)
class StockItemAdmin(ShopModelAdmin):
    form = StockItemForm
    list_display = ["part_number", "part_name", "warehouse", "on_hand", "reserved", "free_pieces"]
    list_filter = [("warehouse", AutocompleteSelectFilter)]
    list_filter_submit = True
    search_fields = ["part__search_key__startswith"]
    search_help_text = _("Початок артикула")
    ordering = ["-pk"]
    autocomplete_fields = ["part"]
    inlines = [MovementInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[StockItem]:
        return super().get_queryset(request).select_related("part__brand", "warehouse")  # type: ignore[no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[StockItem], search_term: str
    ) -> tuple[models.QuerySet[StockItem], bool]:
        return of_parts(queryset, search_term), False

    def get_fields(self, request: HttpRequest, obj: StockItem | None = None) -> list[str]:
        if obj is None:
            return ["part", "warehouse", "on_hand", "reason", "reference"]
        if not self.has_change_permission(request, obj):
            return ["part", "warehouse", "on_hand", "reserved"]
        return ["part", "warehouse", "reserved", "on_hand", "seen", "reason", "reference"]

    def get_readonly_fields(self, request: HttpRequest, obj: StockItem | None = None) -> list[str]:
        return ["part", "warehouse", "reserved"] if obj else []

    def get_inlines(self, request: HttpRequest, obj: StockItem | None = None) -> list[type[ReadOnlyInline]]:
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, obj: StockItem, form: Any, change: bool) -> None:
        wanted: int = form.cleaned_data["on_hand"]
        seen = form.cleaned_data.get("seen") or 0
        if not change:
            obj.on_hand = seen = 0
            obj.save()
        count_stock(
            obj,
            seen=seen,
            on_hand=wanted,
            reason=StockMovement.Reason(form.cleaned_data["reason"]),
            author=request.user,  # type: ignore[arg-type]  # admin pages are for people who signed in
            reference=form.cleaned_data["reference"],
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except CountRefused as refusal:
            # Somebody was quicker between the form's check and the act's lock; nothing was saved.
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())
        return response

    @display(description=_("деталь"))
    def part_number(self, obj: StockItem) -> str:
        return f"{obj.part.brand.name} {obj.part.article_number}"

    @display(description=_("назва"))
    def part_name(self, obj: StockItem) -> str:
        return obj.part.name_uk

    @display(description=_("вільно"))
    def free_pieces(self, obj: StockItem) -> int:
        return obj.free


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyModelAdmin):
    list_display = ["moved_at", "part_number", "warehouse", "pieces", "reason", "reference", "author"]
    list_filter = [("reason", ChoicesDropdownFilter), ("stock_item__warehouse", AutocompleteSelectFilter)]
    list_filter_submit = True
    search_fields = ["reference__startswith"]
    search_help_text = _("Початок номера документа чи замовлення")
    ordering = ["-pk"]
    fields = ["moved_at", "stock_item", "pieces", "reason", "reference", "author"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[StockMovement]:
        rows: models.QuerySet[StockMovement] = super().get_queryset(request)
        return rows.select_related("stock_item__part__brand", "stock_item__warehouse", "author")

    @display(description=_("деталь"))
    def part_number(self, obj: StockMovement) -> str:
        part = obj.stock_item.part
        return f"{part.brand.name} {part.article_number}"

    @display(description=_("склад"))
    def warehouse(self, obj: StockMovement) -> str:
        return obj.stock_item.warehouse.public_name_uk
