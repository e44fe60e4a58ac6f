"""The questions that price lists leave: names of brands that nobody knows, articles whose kind no name tells."""

from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import VERTICAL
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from shop.catalog.models import Brand, Category
from shop.catalog.numbers import brand_key
from shop.lib.admin import ShopModelAdmin, action, display
from shop.offers.errors import BrandExists, SpellingTaken
from shop.offers.models import UnknownBrand, UnplacedPart
from shop.offers.placing import MOST_AT_ONCE, guesses, is_spelling_of, make_brand, place_parts, set_ignored

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
            return HttpResponseRedirect(self.list_address())
        context = self.admin_site.each_context(request) | {
            "title": str(row),
            "opts": self.opts,
            "row": row,
            "form": form,
            "may_change": may_change,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, self.template, context)

    def list_address(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def form_for(self, request: HttpRequest, row: Any) -> forms.Form:
        raise NotImplementedError

    def answer(self, request: HttpRequest, row: Any, form: forms.Form) -> bool:
        """Do what the form says; False when it was refused, with the reason in the form."""
        raise NotImplementedError


@admin.register(UnknownBrand)
class UnknownBrandAdmin(_Desk):
    """The names that most rows wait for on top."""

    list_display = ["name", "rows", "state", "where"]
    list_filter = ["is_ignored"]
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
                set_ignored(row, is_ignored=True)
                words = _("«%(name)s»: більше не питатимемо.") % {"name": row}
        except (SpellingTaken, BrandExists) as refusal:
            form.add_error("brand" if isinstance(refusal, SpellingTaken) else "name", str(refusal))
            return False
        self.log_change(request, row, str(words))
        messages.success(request, words)
        if data["answer"] != _IGNORE:
            messages.info(
                request, gettext("Рядки ввійдуть у пропозиції з наступним файлом, або прочитайте чинний ще раз.")
            )
        return True

    @action(description=_("Не торгуємо: не питати більше"), permissions=["change"])
    def ignore(self, request: HttpRequest, queryset: models.QuerySet[UnknownBrand]) -> None:
        self._set(request, queryset, is_ignored=True)

    @action(description=_("Питати знову"), permissions=["change"])
    def ask_again(self, request: HttpRequest, queryset: models.QuerySet[UnknownBrand]) -> None:
        self._set(request, queryset, is_ignored=False)

    def _set(self, request: HttpRequest, queryset: models.QuerySet[UnknownBrand], *, is_ignored: bool) -> None:
        for row in queryset:
            set_ignored(row, is_ignored=is_ignored)
        messages.success(request, _("Записано."))

    @display(description=_("стан"), label={_ASK: "warning", _IGNORE: "info"})
    def state(self, obj: UnknownBrand) -> Any:
        return (_IGNORE, _("не торгуємо")) if obj.is_ignored else (_ASK, _("чекає"))

    @display(description=_("де бачили"))
    def where(self, obj: UnknownBrand) -> Any:
        return _version_link(obj)


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
    list_display = ["article_number", "brand", "name", "guess", "where"]
    list_filter = [("brand", AutocompleteSelectFilter)]
    list_select_related = ["brand", "version__price_list__supplier"]
    search_fields = ["article_key__startswith", "name__istartswith"]
    list_per_page = 100
    actions = ["accept_guesses", "place_all"]
    template = "admin/offers/placing/part.html"

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The guesses of the page are made at once."""
        page = super().get_changelist_instance(request)
        found = guesses(page.result_list)
        for row in page.result_list:
            row.guess = found.get(row.pk)
        return page

    def form_for(self, request: HttpRequest, row: UnplacedPart) -> PartAnswer:
        guess = guesses([row]).get(row.pk)
        return PartAnswer(_posted(request), initial={"category": guess})

    def answer(self, request: HttpRequest, row: UnplacedPart, form: forms.Form) -> bool:
        category = form.cleaned_data["category"]
        self._place(request, {row.pk: category})
        self.log_change(request, row, str(category))
        return True

    def _place(self, request: HttpRequest, category_of: dict[int, Category]) -> None:
        placed = len(place_parts(category_of))
        words = ngettext("Додано %(count)d деталь до каталогу.", "Додано %(count)d деталей до каталогу.", placed)
        messages.success(request, words % {"count": placed})
        messages.info(request, gettext("Пропозиціями вони стануть із наступним файлом, або прочитайте чинний ще раз."))

    @action(description=_("Прийняти здогад"), permissions=["change"])
    def accept_guesses(self, request: HttpRequest, queryset: models.QuerySet[UnplacedPart]) -> None:
        """What has no guess is left in the queue."""
        rows = list(queryset[:MOST_AT_ONCE])
        found = guesses(rows)
        if found:
            self._place(request, found)
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
        rows = queryset.select_related("brand")[:MOST_AT_ONCE]
        is_answer = "category" in request.POST
        form = PartAnswer(request.POST if is_answer else None)
        if is_answer and form.is_valid():
            self._place(request, {row.pk: form.cleaned_data["category"] for row in rows})
            return None
        context = self.admin_site.each_context(request) | {
            "title": gettext("Розмістити в одній категорії"),
            "opts": self.opts,
            "rows": rows,
            "form": form,
            "media": self.media + form.media,
            "select_across": request.POST.get("select_across", ""),
        }
        return TemplateResponse(request, "admin/offers/placing/parts.html", context)

    @display(description=_("здогад"))
    def guess(self, obj: Any) -> Any:
        return obj.guess or "—"

    @display(description=_("де бачили"))
    def where(self, obj: UnplacedPart) -> Any:
        return _version_link(obj)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _version_link(row: UnknownBrand | UnplacedPart) -> Any:
    if row.version is None:
        return "—"
    address = reverse("admin:offers_pricelistversion_change", args=[row.version.pk])
    return format_html('<a class="desk-link" href="{}">{}</a>', address, row.version)
