"""Files of price lists on their way: what each would change, why it waits, and what a person decides."""

from collections.abc import Iterator
from functools import partial
from pathlib import PurePath
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RadioFilter

from shop.lib.admin import ReadOnlyModelAdmin, display
from shop.lib.table_writing import csv_pieces
from shop.lib.tables import TableRefused
from shop.offers.admin.columns_page import columns_page
from shop.offers.admin.version_acts import ACTS, RETURN, Act, acts_for, changes_of_return
from shop.offers.admin.version_sheet import STATUS_LABELS, sheet_of, way_of
from shop.offers.errors import PriceListError
from shop.offers.models import PriceListVersion
from shop.offers.pricelists.reasons import reason_words
from shop.offers.pricelists.receiving import read_again

LOAD = "offers.load_price_list"
RELEASE = "offers.release_price_list"
SEE_PURCHASE_PRICES = "offers.view_purchase_price"
_TEMPLATES = "admin/offers/pricelistversion"


class NeedsPersonFilter(RadioFilter):
    title = _("чекає на людину")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("так")), ("no", _("ні"))]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[PriceListVersion]
    ) -> models.QuerySet[PriceListVersion]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(needs_person_since__isnull=self.value() == "no")


@admin.register(PriceListVersion)
class PriceListVersionAdmin(ReadOnlyModelAdmin):
    list_fullwidth = True
    list_display = ["title", "state", "file_name", "received", "origin_name", "author_name", "changes", "waits"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        NeedsPersonFilter,
        ("price_list__supplier", AutocompleteSelectFilter),
        ("price_list", AutocompleteSelectFilter),
        ("origin", ChoicesDropdownFilter),
    ]
    list_filter_submit = True
    list_select_related = ["price_list__supplier", "author"]
    search_fields = [
        "file_name__istartswith",
        "price_list__name__istartswith",
        "price_list__supplier__name__istartswith",
    ]
    search_help_text = _("Початок назви файлу, прайс-листа або постачальника")
    ordering = ["-pk"]
    fields: list[str] = []
    change_form_template = f"{_TEMPLATES}/sheet.html"

    # The list.

    @display(description=_("версія"))
    def title(self, obj: PriceListVersion) -> str:
        return str(obj)

    @display(description=_("стан"), ordering="status", label=STATUS_LABELS)
    def state(self, obj: PriceListVersion) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("отримано"), ordering="received_at")
    def received(self, obj: PriceListVersion) -> str:
        return date_format(localtime(obj.received_at), "d.m.y H:i")

    @display(description=_("звідки"))
    def origin_name(self, obj: PriceListVersion) -> str:
        return obj.get_origin_display()

    @display(description=_("хто"))
    def author_name(self, obj: PriceListVersion) -> str:
        return str(obj.author or "")

    @display(description=_("нових / змінених / зниклих"))
    def changes(self, obj: PriceListVersion) -> str:
        return " / ".join(str(obj.trial[name]) for name in ("new", "changed", "vanished")) if obj.trial else ""

    @display(description=_("чекає"), ordering="needs_person_since")
    def waits(self, obj: PriceListVersion) -> str:
        return timesince(obj.needs_person_since, depth=1) if obj.needs_person_since else ""

    # The page of one version.

    def get_urls(self) -> list[URLPattern]:
        guard, name = self.admin_site.admin_view, "offers_pricelistversion"
        acts = [
            path(f"<int:pk>/{act.path}/", guard(partial(self.carry_out, act)), name=f"{name}_{act.path}")
            for act in ACTS.values()
        ]
        return [
            path("<int:pk>/progress/", guard(self.progress), name=f"{name}_progress"),
            path("<int:pk>/columns/", guard(self.columns), name=f"{name}_columns"),
            path("<int:pk>/rejected/", guard(self.rejected), name=f"{name}_rejected"),
            *acts,
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[PriceListVersion]:
        rows: models.QuerySet[PriceListVersion] = super().get_queryset(request)
        return rows.select_related("price_list__supplier", "author")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        version = self.get_object(request, object_id)
        extra = extra_context or {}
        if version and self.has_view_permission(request, version):
            may_decide = request.user.has_perm(RELEASE)
            extra |= {
                "sheet": sheet_of(version),
                "acts": acts_for(version) if may_decide else [],
                "may_load": request.user.has_perm(LOAD) and bool(version.file),
                "with_purchase": request.user.has_perm(SEE_PURCHASE_PRICES),
            }
        response: HttpResponse = super().change_view(request, object_id, form_url, extra)
        return response

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> PriceListVersion | None:
        """Found once a request."""
        known: dict[str, PriceListVersion | None] = request.__dict__.setdefault("versions_found", {})
        if object_id not in known:
            known[object_id] = super().get_object(request, object_id, from_field)
        return known[object_id]

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far it is, for a page that asks every second; at rest the page is told to show everything anew."""
        version = self._version(request, pk)
        way = way_of(version)
        if not request.headers.get("HX-Request"):
            return HttpResponseRedirect(_address(pk))
        response = TemplateResponse(request, f"{_TEMPLATES}/way.html", {"way": way, "version": version})
        if not way.is_moving:
            response.headers["HX-Refresh"] = "true"
        return response

    def columns(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The first rows with a select over every column; a correction reads the file again."""
        version = self._version(request, pk)
        if not request.user.has_perm(LOAD):
            raise PermissionDenied
        if not version.file:
            messages.info(request, gettext("Файл цієї версії вже не зберігається."))
            return HttpResponseRedirect(_address(pk))
        try:
            page = columns_page(request, version)
        except TableRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(_address(pk))
        if "save" in request.POST:
            if page.form.is_bound and page.form.is_valid():
                return self._read_again(request, version, page.layout)
            if not page.form.is_bound:
                messages.info(request, gettext("У файлі тепер інші колонки: перевірте їх і збережіть ще раз."))
        context = self._context(request, version, gettext("Колонки: %(version)s") % {"version": version}) | {
            "page": page
        }
        return TemplateResponse(request, f"{_TEMPLATES}/columns.html", context)

    def _read_again(self, request: HttpRequest, version: PriceListVersion, layout: Any) -> HttpResponse:
        try:
            again = read_again(version, layout, author=request.user)  # type: ignore[arg-type]
        except PriceListError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(_address(version.pk))
        self.log_change(request, again, gettext("Виправлено колонки."))
        messages.success(request, gettext("Колонки запам’ятовано, файл читається знову."))
        return HttpResponseRedirect(_address(again.pk))

    def rejected(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Rejected rows as a file for the supplier, streamed."""
        version = self._version(request, pk)
        header = [gettext("Рядок"), gettext("Причина"), gettext("Колонка"), gettext("Значення")]
        stem = PurePath(version.file_name).stem or str(version.number)
        name = gettext("відхилені-%(name)s.csv") % {"name": stem}
        return StreamingHttpResponse(
            csv_pieces(header, _rejected_rows(version)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""},
        )

    def carry_out(self, act: Act, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows what will happen and asks; POST does it. A second click is told that it is done already."""
        version = self._version(request, pk)
        if not request.user.has_perm(RELEASE):
            raise PermissionDenied
        if request.method == "POST":
            shown = pk
            try:
                # Reading a file once more makes a version of its own, and that is what is looked at next.
                if made := act.do(version, author=request.user):
                    shown = made.pk
            except PriceListError as refusal:
                messages.error(request, str(refusal))
            else:
                self.log_change(request, version, str(act.logged))
                messages.success(request, str(act.done))
            return HttpResponseRedirect(_address(shown))
        if act not in acts_for(version):
            messages.info(request, gettext("Стан прайс-листа вже змінився."))
            return HttpResponseRedirect(_address(pk))
        question = str(act.question) % {"number": version.number}
        context = self._context(request, version, question) | {
            "act": act,
            "sheet": sheet_of(version),
            "changes": changes_of_return(version) if act is RETURN else None,
            "is_return": act is RETURN,
        }
        return TemplateResponse(request, f"{_TEMPLATES}/act.html", context)

    def _version(self, request: HttpRequest, pk: int) -> PriceListVersion:
        version = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, version):
            raise PermissionDenied
        return version

    def _context(self, request: HttpRequest, version: PriceListVersion, title: str) -> dict[str, Any]:
        context: dict[str, Any] = self.admin_site.each_context(request)
        return context | {"opts": self.opts, "title": title, "original": version, "version": version}


def _rejected_rows(version: PriceListVersion) -> Iterator[list[Any]]:
    from shop.offers.admin.layout_form import FIELD_NAMES

    rows = version.rejected_rows.order_by("row").values_list("row", "reason", "field", "value")
    for row, reason, field, value in rows.iterator(chunk_size=2000):
        yield [row, reason_words(reason), str(FIELD_NAMES.get(field, field)), value]


def _address(pk: int) -> str:
    return reverse("admin:offers_pricelistversion_change", args=[pk])
