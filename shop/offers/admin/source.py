"""Where price lists come from by themselves: a folder, an address, a mailbox, and how the last look went."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminPasswordWidget

from shop.lib.admin import Deletable, ShopModelAdmin, display
from shop.lib.publishing import publish
from shop.offers.admin.price_list_version import LOAD
from shop.offers.models import PriceListSource

_Kind = PriceListSource.Kind
# What each kind cannot do without, and what is not its own and is emptied when the kind is changed.
_NEEDED: dict[str, list[tuple[str, Any]]] = {
    _Kind.FOLDER: [("file_pattern", _("Вкажіть, які файли брати з папки."))],
    _Kind.URL: [("url", _("Вкажіть адресу файлу."))],
    _Kind.MAIL: [
        ("sender", _("Вкажіть, з якої адреси постачальник надсилає прайс.")),
        ("file_pattern", _("Вкажіть, який файл брати з листа.")),
    ],
}
_FOREIGN: dict[str, list[str]] = {
    _Kind.FOLDER: ["url", "login", "password", "sender"],
    _Kind.URL: ["sender"],
    _Kind.MAIL: ["url", "login", "password"],
}
# What an edit makes void of the former looks.
_FORGOTTEN = ["last_problem", "failures", "memory", "needs_person_since", "needs_person_reason", "due_at"]
# How the last look went.
_LOOKS = ["state", "last_problem", "last_checked", "last_fetched", "next_look_text"]
_TIMETABLE_ONCE = _("Вкажіть одне: кожні скільки хвилин або о котрій годині щодня.")


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A password that was kept is never shown again: an empty field leaves it as it is."""

    password = forms.CharField(
        label=capfirst(PriceListSource._meta.get_field("password").verbose_name),
        required=False,
        max_length=200,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Зберігається зашифрованим і більше не показується. Порожнє поле лишає попередній пароль."),
    )

    class Meta:
        model = PriceListSource
        fields: ClassVar = [
            "price_list",
            "kind",
            "file_pattern",
            "url",
            "login",
            "password",
            "sender",
            "every_minutes",
            "at_hour",
            "in_working_hours",
            "is_active",
        ]
        error_messages: ClassVar = {
            "price_list": {"unique": _("У цього прайс-листа вже є джерело: змініть його.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An address needs none; for the others it is asked for below, in words.
        if "file_pattern" in self.fields:
            self.fields["file_pattern"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind", "")
        if kind == _Kind.URL:
            cleaned["file_pattern"] = "*"
        for name, words in _NEEDED.get(kind, []):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        for name in _FOREIGN.get(kind, []):
            cleaned[name] = ""
        if kind == _Kind.MAIL and "/" in cleaned.get("file_pattern", ""):
            self.add_error("file_pattern", _("У листі немає папок: вкажіть лише назву файлу."))
        if kind == _Kind.URL and not cleaned.get("login"):
            cleaned["password"] = ""
        elif not cleaned.get("password") and kind == _Kind.URL:
            cleaned["password"] = self.instance.password
        if (cleaned.get("every_minutes") is None) == (cleaned.get("at_hour") is None) and not (
            {"every_minutes", "at_hour"} & self.errors.keys()
        ):
            self.add_error("every_minutes", _TIMETABLE_ONCE)
        return cleaned

    def validate_constraints(self) -> None:
        """The rule of one timetable has been told beside its field."""
        if "every_minutes" not in self.errors:
            super().validate_constraints()


@admin.register(PriceListSource)
class PriceListSourceAdmin(Deletable, ShopModelAdmin):
    form = SourceForm
    list_display = [
        "price_list",
        "kind_text",
        "state",
        "last_checked",
        "last_fetched",
        "next_look_text",
        "last_problem",
    ]
    list_filter = [("kind", ChoicesDropdownFilter), "is_active"]
    list_select_related = ["price_list__supplier"]
    search_fields = ["price_list__name__istartswith", "price_list__supplier__name__istartswith"]
    search_help_text = _("Початок назви прайс-листа або постачальника")
    autocomplete_fields = ["price_list"]
    sortable_by = ()
    readonly_fields = _LOOKS
    change_form_outer_before_template = "admin/offers/pricelistsource/state.html"

    class Media:
        css: ClassVar = {"all": ["css/desk-prices.css"]}

    conditional_fields: ClassVar = {
        "url": "kind == 'url'",
        "login": "kind == 'url'",
        "password": "kind == 'url'",
        "sender": "kind == 'mail'",
        "file_pattern": "kind != 'url'",
    }

    def get_fieldsets(self, request: HttpRequest, obj: PriceListSource | None = None) -> Any:
        where = ["price_list", "kind", "file_pattern", "url", "login", "password", "sender"]
        if not self.has_change_permission(request, obj):
            where.remove("password")
        sets: list[Any] = [
            (None, {"fields": where}),
            (_("Коли перевіряти"), {"fields": ["every_minutes", "at_hour", "in_working_hours", "is_active"]}),
        ]
        if obj:
            sets.insert(0, (_("Остання перевірка"), {"fields": _LOOKS}))
        return sets

    def get_readonly_fields(self, request: HttpRequest, obj: PriceListSource | None = None) -> list[str]:
        """Whose list it is does not change: what was taken already is remembered for it."""
        return [*self.readonly_fields, *(["price_list"] if obj else [])]

    @display(description=_("звідки"), ordering="kind")
    def kind_text(self, obj: PriceListSource) -> str:
        return obj.get_kind_display()

    @display(
        description=_("стан"),
        label={
            _("працює"): "success",
            _("не вдається"): "danger",
            _("вимкнено"): "info",
            _("ще не перевірялося"): "info",
        },
    )
    def state(self, obj: PriceListSource) -> Any:
        if not obj.is_active:
            return _("вимкнено")
        if obj.failures:
            return _("не вдається")
        return _("працює") if obj.last_checked_at else _("ще не перевірялося")

    @display(description=_("перевірено"))
    def last_checked(self, obj: PriceListSource) -> str:
        return _moment(obj.last_checked_at)

    @display(description=_("взято файл"))
    def last_fetched(self, obj: PriceListSource) -> str:
        return _moment(obj.last_fetched_at)

    @display(description=_("наступна перевірка"))
    def next_look_text(self, obj: PriceListSource) -> str:
        return _moment(obj.due_at) if obj.is_active else gettext("вимкнено")

    # Acts.

    def get_urls(self) -> list[URLPattern]:
        check = self.admin_site.admin_view(self.check_now)
        return [path("<int:pk>/check/", check, name="offers_pricelistsource_check"), *super().get_urls()]

    def check_now(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Only workers have a way out of the machine, so one of them is asked; what it found is seen here later."""
        from shop.offers.tasks import check_source_now

        if not request.user.has_perm(LOAD):
            raise PermissionDenied
        source = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST":
            publish(check_source_now, source.pk)
            messages.success(
                request, gettext("Перевіряємо. Оновіть сторінку за хвилину: тут буде видно, що знайшлося.")
            )
        return HttpResponseRedirect(reverse("admin:offers_pricelistsource_change", args=[source.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"may_load": request.user.has_perm(LOAD), "folder": settings.PRICE_LIST_FOLDER}
        response: HttpResponse = super().change_view(request, object_id, form_url, extra | (extra_context or {}))
        return response

    def save_model(self, request: HttpRequest, obj: PriceListSource, form: Any, change: bool) -> None:
        """What was changed is looked at by the next tick, and what failed before is forgotten."""
        if form.changed_data:
            obj.last_problem, obj.failures, obj.memory = "", 0, {}
            obj.needs_person_since, obj.needs_person_reason = None, ""
            obj.due_at = timezone.now()
        if change:
            # A worker may be at it: its claim and the times of its looks are not ours to write.
            obj.save(update_fields=[*SourceForm.Meta.fields, *_FORGOTTEN])
        else:
            obj.save()


def _moment(moment: datetime | None) -> str:
    return date_format(localtime(moment), "d.m.y H:i") if moment else "—"
