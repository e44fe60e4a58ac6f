"""The questions that price lists leave: names of brands that nobody knows, articles whose kind no name tells."""

from collections.abc import Collection
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import VERTICAL
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from shop.catalog.models import Brand, Category
from shop.catalog.numbers import brand_key
from shop.lib.admin import ShopModelAdmin, action, display
from shop.offers.errors import BrandExists, SpellingTaken
from shop.offers.models import PriceListVersion, UnknownBrand, UnplacedPart
from shop.offers.placing import (
    MOST_AT_ONCE,
    files_to_read,
    guesses,
    is_spelling_of,
    make_brand,
    place_parts,
    set_ignored,
)

_ALIAS: Final = "alias"
_NEW: Final = "new"
_IGNORE: Final = "ignore"
_ASK: Final = "ask"


class BrandAnswer(forms.Form):
    """What a name in price lists is."""

    answer = forms.ChoiceField(
        label=_("Що це за назва"),
        choices=[
            (_ALIAS, _("Це написання бренда, який уже є")),
            (_NEW, _("Це новий бренд")),
            (_IGNORE, _("Не торгуємо цим: не питати більше")),
        ],
        widget=UnfoldAdminRadioSelectWidget(radio_style=VERTICAL),
        error_messages={"required": _("Оберіть, що це за назва."), "invalid_choice": _("Оберіть, що це за назва.")},
    )
    brand = forms.ModelChoiceField(
        label=_("Бренд"),
        queryset=Brand.objects.all(),
        required=False,
        empty_label=_("— виберіть —"),
        widget=UnfoldAdminSelectWidget,
        error_messages={"invalid_choice": _("Такого бренда немає.")},
    )
    name = forms.CharField(
        label=_("Як пишеться на упаковці"),
        required=False,
        max_length=60,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"max_length": _("Не більше 60 знаків.")},
    )
    slug = forms.SlugField(
        label=_("Адреса сторінки"),
        required=False,
        max_length=50,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Латиницею; порожнє поле — з назви. Потім не змінюється."),
        error_messages={"invalid": _("Лише латинські літери, цифри, дефіс.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        answer = cleaned.get("answer")
        if answer == _ALIAS and not cleaned.get("brand") and "brand" not in self.errors:
            self.add_error("brand", _("Оберіть бренд."))
        if answer == _NEW and "name" not in self.errors:
            name = cleaned.get("name", "").strip()
            cleaned["slug"] = cleaned.get("slug") or slugify(name)[:50]
            if not brand_key(name):
                self.add_error("name", _("У назві має бути хоча б одна літера чи цифра."))
            elif not cleaned["slug"] and "slug" not in self.errors:
                self.add_error("slug", _("Напишіть адресу латиницею: з цієї назви її не скласти."))
        return cleaned


class _Desk(ShopModelAdmin):
    """A queue with a page of its own for every answer; nothing is added by hand."""

    sortable_by = ()
    list_filter_submit = True
    template = ""

    class Media:
        css: ClassVar = {"all": ["css/desk-prices.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One question; its answer leads back to the list."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        may_change = self.has_change_permission(request, row)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        form = self.form_for(request, row)
        if request.method == "POST" and form.is_valid() and self.answer(request, row, form):
            return HttpResponseRedirect(self.list_address(request))
        context = self.admin_site.each_context(request) | {
            "title": str(row),
            "opts": self.opts,
            "row": row,
            "form": form,
            "may_change": may_change,
            "may_see_version": _may_see_version(request),
            "list_address": self.list_address(request),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, self.template, context)

    def list_address(self, request: HttpRequest) -> str:
        """The list as the person left it, filters and page included."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return self._with_filters(request, address)

    def _with_filters(self, request: HttpRequest, address: str) -> str:
        return str(
            add_preserved_filters(
                {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}, address
            )
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """What a row shows of the person who looks is told to all of them at once."""
        page = super().get_changelist_instance(request)
        may_see_version = _may_see_version(request)
        for row in page.result_list:
            row.may_see_version = may_see_version
        return page

    @display(description=_("де бачили"))
    def where(self, obj: Any) -> Any:
        if obj.version is None:
            return "—"
        return _link(obj.version) if obj.may_see_version else str(obj.version)

    def tell_what_is_next(
        self, request: HttpRequest, words: str, asked: Collection[UnknownBrand | UnplacedPart]
    ) -> None:
        """``words``, and the files that may be read again at once, for whoever may open them."""
        files = files_to_read(asked) if _may_see_version(request) else []
        links = format_html_join(", ", "{}", ((_link(version),) for version in files))
        messages.info(request, format_html("{} {}", words, links) if files else words)

    def form_for(self, request: HttpRequest, row: Any) -> forms.Form:
        raise NotImplementedError

    def answer(self, request: HttpRequest, row: Any, form: forms.Form) -> bool:
        """Do what the form says; False when it was refused, with the reason in the form."""
        raise NotImplementedError


@admin.register(UnknownBrand)
class UnknownBrandAdmin(_Desk):
    """The names that most rows wait for on top."""

    list_display = ["name", "rows", "state", "where"]
    list_filter = ["is_ignored", ("version__price_list", AutocompleteSelectFilter)]
    list_select_related = ["version__price_list__supplier"]
    search_fields = ["name__istartswith"]
    actions = ["ignore", "ask_again"]
    template = "admin/offers/placing/brand.html"

    def form_for(self, request: HttpRequest, row: UnknownBrand) -> BrandAnswer:
        initial = {"name": row.name, "answer": _IGNORE if row.is_ignored else None}
        return BrandAnswer(_posted(request), initial=initial)

    def answer(self, request: HttpRequest, row: UnknownBrand, form: forms.Form) -> bool:
        data = form.cleaned_data
        try:
            if data["answer"] == _ALIAS:
                is_spelling_of(row, data["brand"])
                words = _("«%(name)s» — тепер написання бренда «%(brand)s».") % {"name": row, "brand": data["brand"]}
            elif data["answer"] == _NEW:
                brand = make_brand(row, data["name"].strip(), data["slug"])
                words = _("Бренд «%(brand)s» додано.") % {"brand": brand}
            else:
                set_ignored([row], is_ignored=True)
                words = _("«%(name)s»: більше не питатимемо.") % {"name": row}
        except (SpellingTaken, BrandExists) as refusal:
            form.add_error("brand" if isinstance(refusal, SpellingTaken) else "name", str(refusal))
            return False
        self.log_change(request, row, str(words))
        messages.success(request, words)
        if data["answer"] != _IGNORE:
            self.tell_what_is_next(
                request, gettext("Рядки ввійдуть у пропозиції з наступним файлом, або прочитайте чинний ще раз."), [row]
            )
        return True

    @action(description=_("Не торгуємо: не питати більше"), permissions=["change"])
    def ignore(self, request: HttpRequest, queryset: models.QuerySet[UnknownBrand]) -> None:
        self._set(request, queryset, is_ignored=True)

    @action(description=_("Питати знову"), permissions=["change"])
    def ask_again(self, request: HttpRequest, queryset: models.QuerySet[UnknownBrand]) -> None:
        self._set(request, queryset, is_ignored=False)

    def _set(self, request: HttpRequest, queryset: models.QuerySet[UnknownBrand], *, is_ignored: bool) -> None:
        set_ignored(queryset, is_ignored=is_ignored)
        messages.success(request, _("Записано."))

    @display(description=_("стан"), label={_ASK: "warning", _IGNORE: "info"})
    def state(self, obj: UnknownBrand) -> Any:
        return (_IGNORE, _("не торгуємо")) if obj.is_ignored else (_ASK, _("чекає"))


class PartAnswer(forms.Form):
    """Which kind of part an article is; parts belong to leaves of the tree."""

    category = forms.ModelChoiceField(
        label=_("Категорія"),
        queryset=Category.objects.filter(numchild=0).order_by("name_uk"),
        empty_label=_("— виберіть —"),
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": _("Оберіть категорію."), "invalid_choice": _("Оберіть категорію зі списку.")},
    )


@admin.register(UnplacedPart)
class UnplacedPartAdmin(_Desk):
    list_display = ["article", "name", "guess", "where"]
    list_filter = [("brand", AutocompleteSelectFilter), ("version__price_list", AutocompleteSelectFilter)]
    list_select_related = ["brand", "version__price_list__supplier"]
    search_fields = ["article_key__startswith", "name__istartswith"]
    list_per_page = 100
    actions = ["accept_guesses", "place_all"]
    template = "admin/offers/placing/part.html"

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The guesses of the page are made at once."""
        page = super().get_changelist_instance(request)
        found = guesses(page.result_list)
        may_change = self.has_change_permission(request)
        for row in page.result_list:
            row.guess = found.get(row.pk)
            address = reverse("admin:offers_unplacedpart_change", args=[row.pk])
            row.answer_address = self._with_filters(request, address) if may_change else ""
        return page

    def form_for(self, request: HttpRequest, row: UnplacedPart) -> PartAnswer:
        guess = guesses([row]).get(row.pk)
        return PartAnswer(_posted(request), initial={"category": guess})

    def answer(self, request: HttpRequest, row: UnplacedPart, form: forms.Form) -> bool:
        category = form.cleaned_data["category"]
        self._place(request, [row], {row.pk: category})
        self.log_change(request, row, str(category))
        return True

    def _place(self, request: HttpRequest, rows: Collection[UnplacedPart], category_of: dict[int, Category]) -> None:
        placed = place_parts(category_of)
        words = ngettext("Додано %(count)d деталь до каталогу.", "Додано %(count)d деталей до каталогу.", placed)
        messages.success(request, words % {"count": placed})
        self.tell_what_is_next(
            request, gettext("Пропозиціями вони стануть із наступним файлом, або прочитайте чинний ще раз."), rows
        )

    @action(description=_("Прийняти здогад"), permissions=["change"])
    def accept_guesses(self, request: HttpRequest, queryset: models.QuerySet[UnplacedPart]) -> None:
        """What has no guess is left in the queue."""
        rows = list(queryset[:MOST_AT_ONCE])
        found = guesses(rows)
        if found:
            self._place(request, rows, found)
        if without := len(rows) - len(found):
            words = ngettext(
                "%(count)d деталь лишилася: з її назви категорію не видно.",
                "%(count)d деталей лишилося: з їхніх назв категорію не видно.",
                without,
            )
            messages.warning(request, words % {"count": without})

    @action(description=_("Розмістити в одній категорії"), permissions=["change"])
    def place_all(self, request: HttpRequest, queryset: models.QuerySet[UnplacedPart]) -> HttpResponse | None:
        """Asks for the category on a page between."""
        rows = list(queryset.select_related("brand")[:MOST_AT_ONCE])
        is_answer = "category" in request.POST
        form = PartAnswer(request.POST if is_answer else None)
        if is_answer and form.is_valid():
            self._place(request, rows, {row.pk: form.cleaned_data["category"] for row in rows})
            return None
        context = self.admin_site.each_context(request) | {
            "title": gettext("Розмістити в одній категорії"),
            "opts": self.opts,
            "rows": rows,
            "form": form,
            "list_address": request.get_full_path(),
            "media": self.media + form.media,
            "select_across": request.POST.get("select_across", ""),
        }
        return TemplateResponse(request, "admin/offers/placing/parts.html", context)

    @display(description=_("артикул"))
    def article(self, obj: UnplacedPart) -> str:
        return f"{obj.brand} {obj.article_number}"

    @display(description=_("здогад"))
    def guess(self, obj: Any) -> Any:
        """One press accepts it: the button sends what the page of the article asks for."""
        if obj.guess is None or not obj.answer_address:
            return obj.guess or "—"
        return format_html(
            '<button class="desk-button" type="submit" name="category" value="{}" formaction="{}" title="{}">'
            "{}</button>",
            obj.guess.pk,
            obj.answer_address,
            gettext("Прийняти здогад"),
            obj.guess,
        )


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _may_see_version(request: HttpRequest) -> bool:
    return request.user.has_perm("offers.view_pricelistversion")


def _link(version: PriceListVersion) -> Any:
    address = reverse("admin:offers_pricelistversion_change", args=[version.pk])
    return format_html('<a class="desk-link" href="{}">{}</a>', address, version)
