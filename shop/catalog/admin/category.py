"""The tree of part kinds, shown indented, and the properties of its leaves."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from treebeard.forms import TreeNodeChoiceField
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from shop.catalog.models import Attribute, AttributeChoice, Category
from shop.lib.admin import ShopModelAdmin, display

MAX_DEPTH = 3


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """A node with its place: the parent and the order among siblings."""

    parent = TreeNodeChoiceField(
        queryset=Category.objects.none(),
        required=False,
        label=_("всередині категорії"),
        empty_label=_("— найвищий рівень —"),
        widget=UnfoldAdminSelectWidget,
    )
    synonyms = SimpleArrayField(
        forms.CharField(max_length=100),
        delimiter="\n",
        required=False,
        label=_("слова для пошуку"),
        help_text=_("Кожне слово чи вислів — з нового рядка."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8}),
    )

    class Meta:
        model = Category
        fields: ClassVar = [
            "name_uk",
            "name_en",
            "slug",
            "position",
            "fitment_kind",
            "synonyms",
            "google_product_category",
            "is_active",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = Category.objects.filter(depth__lt=MAX_DEPTH).order_by("path")
        if self.instance.pk:
            parents = parents.exclude(path__startswith=self.instance.path)
            parent = Category.objects.get_parent(self.instance)
            self.initial["parent"] = parent.pk if parent else None
        if "parent" in self.fields:
            self.fields["parent"].queryset = parents  # type: ignore[attr-defined]

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        depth = parent.depth if parent else 0
        if depth + self._levels() > MAX_DEPTH:
            raise ValidationError(_("Дерево має щонайбільше три рівні."))
        if parent and parent.parts.exists():
            raise ValidationError(_("У цій категорії вже є деталі, тож підкатегорій у ній бути не може."))
        return parent

    def _levels(self) -> int:
        """How many levels the moved branch itself has."""
        if not self.instance.pk:
            return 1
        lowest: int = Category.objects.get_tree(self.instance).aggregate(lowest=models.Max("depth"))["lowest"]
        levels: int = lowest - self.instance.depth + 1
        return levels


@admin.register(Category)
class CategoryAdmin(ShopModelAdmin):
    form = CategoryForm
    list_display = ["indented_name", "slug", "position", "subcategories", "fitment_kind", "is_active"]
    list_filter = [("fitment_kind", ChoicesDropdownFilter), "is_active"]
    search_fields = ["name_uk__icontains"]
    ordering = ["path"]
    list_per_page = 300
    fields = [
        "parent",
        ("name_uk", "name_en"),
        "slug",
        "position",
        "fitment_kind",
        "synonyms",
        "google_product_category",
        "is_active",
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Category | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name_en"]}

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        parent: Category | None = form.cleaned_data["parent"]
        if not change:
            if parent:
                Category.objects.add_child(parent, instance=obj)
            else:
                Category.objects.add_root(instance=obj)
            return
        super().save_model(request, obj, form, change)
        if {"parent", "position"} & set(form.changed_data):
            node = Category.objects.get(pk=obj.pk)
            if parent:
                Category.objects.move(node, Category.objects.get(pk=parent.pk), "sorted-child")
            else:
                others = Category.objects.get_root_nodes().exclude(pk=obj.pk)
                if first := others.first():
                    Category.objects.move(node, first, "sorted-sibling")

    @display(description=_("назва"))
    def indented_name(self, obj: Category) -> Any:
        return format_html('<span class="desk-tree desk-tree--{}">{}</span>', obj.depth, obj.name_uk)

    @display(description=_("підкатегорій"))
    def subcategories(self, obj: Category) -> int:
        count: int = obj.numchild
        return count


class AttributeChoiceInline(TabularInline):
    model = AttributeChoice
    fields = ["name_uk", "name_en", "position"]
    extra = 1

    # Values of parts refer to choices by a database key; a choice nobody uses any more does no harm.
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AttributeForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Attribute
        fields: ClassVar = [
            "category",
            "code",
            "name_uk",
            "name_en",
            "kind",
            "unit",
            "min_value",
            "max_value",
            "position",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        lowest, highest = cleaned.get("min_value"), cleaned.get("max_value")
        if lowest is not None and highest is not None and lowest > highest:
            self.add_error("max_value", _("«До» має бути не менше за «від»."))
        return cleaned


@admin.register(Attribute)
class AttributeAdmin(ShopModelAdmin):
    form = AttributeForm
    list_display = ["name_uk", "category", "code", "kind", "unit", "choices_count"]
    list_filter = [("kind", ChoicesDropdownFilter), ("category", AutocompleteSelectFilter)]
    list_select_related = ["category"]
    search_fields = ["name_uk__istartswith", "code__startswith"]
    autocomplete_fields = ["category"]
    fields = [
        "category",
        "code",
        ("name_uk", "name_en"),
        "kind",
        "unit",
        ("min_value", "max_value"),
        "position",
    ]
    inlines = [AttributeChoiceInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Attribute]:
        return super().get_queryset(request).annotate(choices_count=Count("choices"))  # type: ignore[no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: Attribute | None = None) -> list[str]:
        # The kind says which column of a value is filled; changing it would orphan the values there are.
        return ["category", "code", "kind"] if obj else []

    @display(description=_("значень"), ordering="choices_count")
    def choices_count(self, obj: Any) -> int:
        count: int = obj.choices_count
        return count
