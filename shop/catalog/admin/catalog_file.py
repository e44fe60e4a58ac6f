"""Files of fitments and numbers: sent, looked at before they change anything, applied, undone."""

import csv
from collections.abc import Callable, Iterator
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminFileFieldWidget

from shop.catalog.errors import CatalogFileError
from shop.catalog.loading import receiving
from shop.catalog.models import CarText, CatalogFile
from shop.lib.admin import ShopModelAdmin, display

_SHOWN: Final = 50
_MOST_BYTES: Final = 200 * 1024 * 1024
_TABLES: Final = {
    "fitment": gettext_noop("придатність до авто"),
    "oe": gettext_noop("оригінальні номери"),
    "cross": gettext_noop("номери інших брендів"),
    "barcode": gettext_noop("штрихкоди"),
}
# msgids: what a manager reads beside a rejected row.
REASONS: Final = {
    "brand_missing": gettext_noop("немає бренда"),
    "unknown_brand": gettext_noop("бренда немає в каталозі"),
    "article_missing": gettext_noop("немає артикулу"),
    "number_damaged": gettext_noop("номер зіпсувала таблиця (1,23E+05)"),
    "number_too_long": gettext_noop("номер задовгий"),
    "unknown_part": gettext_noop("деталі немає в каталозі"),
    "unknown_successor": gettext_noop("деталі, що прийшла на зміну, немає в каталозі"),
    "car_missing": gettext_noop("не сказано, яке авто"),
    "bad_years": gettext_noop("роки не прочитати"),
    "no_numbers": gettext_noop("у рядку немає номерів"),
    "not_a_number": gettext_noop("це не номер"),
    "owner_missing": gettext_noop("не сказано, чий це номер"),
    "unknown_owner": gettext_noop("невідомо, чий це номер"),
    "bad_barcode": gettext_noop("штрихкод з помилкою"),
}
_CELLS_THAT_COUNT: Final = ("=", "+", "-", "@", "\t", "\r")


def reason_text(reason: str) -> str:
    return gettext(REASONS[reason]) if reason in REASONS else reason


class UploadForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CatalogFile
        fields = ("kind", "source", "name", "replaces", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replaces"].initial = True

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > _MOST_BYTES:
            raise forms.ValidationError(_("Файл більший за 200 МБ. Поділіть його."))
        return file


@admin.register(CatalogFile)
class CatalogFileAdmin(ShopModelAdmin):
    form = UploadForm
    fields = ["kind", "source", "name", "replaces", "file"]
    list_display = ["received_at", "kind", "source", "shown_name", "status", "rows_read", "added"]
    list_select_related = ["source"]
    list_filter = ["kind", "status"]
    search_fields = ["file_name__icontains", "source__name_uk__istartswith"]
    sortable_by = ()

    def get_urls(self) -> list[Any]:
        pages: list[tuple[str, str, Callable[..., HttpResponseBase]]] = [
            ("<path:object_id>/application/", "application", require_POST(self._act(receiving.apply))),
            ("<path:object_id>/undoing/", "undoing", require_POST(self._act(receiving.undo))),
            ("<path:object_id>/discarding/", "discarding", require_POST(self._act(receiving.discard))),
            ("<path:object_id>/rejected.csv", "rejected", self.rejected),
        ]
        own = [
            path(route, self.admin_site.admin_view(page), name=f"catalog_catalogfile_{name}")
            for route, name, page in pages
        ]
        return [*own, *super().get_urls()]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "file":
            kwargs["widget"] = UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.zip"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: CatalogFile, form: Any, change: bool) -> None:
        kept = receiving.receive(
            obj.source,
            form.cleaned_data["file"],
            kind=CatalogFile.Kind(obj.kind),
            name=obj.name,
            replaces=obj.replaces,
            author=request.user,  # type: ignore[arg-type]
        )
        obj.__dict__.update(kept.__dict__)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        only_send = {"show_save_and_continue": False, "show_save_and_add_another": False, "title": _("Надіслати файл")}
        return super().add_view(request, form_url, only_send | (extra_context or {}))  # type: ignore[no-any-return]

    def response_add(
        self, request: HttpRequest, obj: CatalogFile, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, _("Файл отримано. Зараз його прочитають і скажуть, що зміниться."))
        return HttpResponseRedirect(reverse("admin:catalog_catalogfile_change", args=[obj.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The sheet of a file: nothing of it is edited, it is moved on."""
        file: CatalogFile | None = self.get_object(request, unquote(object_id))
        if file is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not self.has_view_permission(request, file):
            raise PermissionDenied
        rejected = list(file.rejected_rows.all()[:_SHOWN])
        texts = CarText.objects.filter(waiting__file=file) if file.is_in_force else CarText.objects.filter(file=file)
        open_texts = texts.filter(status=CarText.Status.OPEN).order_by("-rows", "pk").distinct()[:_SHOWN]
        context = self.admin_site.each_context(request) | {
            "title": str(file),
            "opts": self.opts,
            "file": file,
            "percent": min(100, 100 * file.bytes_read // file.bytes_total) if file.bytes_total else 0,
            "counts": self._counts(file.report),
            "reasons": [(reason_text(code), rows) for code, rows in file.report.get("rejected_by_reason", {}).items()],
            "columns": self._columns(file.report),
            "rejected": [(row, reason_text(row.reason)) for row in rejected],
            "open_texts": open_texts if file.kind == CatalogFile.Kind.FITMENT else [],
            "may_change": self.has_change_permission(request, file),
        }
        return TemplateResponse(request, "admin/catalog/catalogfile/sheet.html", context)

    def rejected(self, request: HttpRequest, object_id: str) -> StreamingHttpResponse:
        """All rejected rows as a table; cells that a spreadsheet would reckon with are made plain text."""
        file = self._file(request, object_id)
        response = StreamingHttpResponse(_csv(file), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="rejected-{file.pk}.csv"'
        return response

    def _act(self, move: Callable[..., None]) -> Callable[..., HttpResponse]:
        def act(request: HttpRequest, object_id: str) -> HttpResponse:
            file = self._file(request, object_id)
            if not self.has_change_permission(request, file):
                raise PermissionDenied
            try:
                move(file, author=request.user)
            except CatalogFileError as error:
                messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:catalog_catalogfile_change", args=[file.pk]))

        return act

    def _file(self, request: HttpRequest, object_id: str) -> CatalogFile:
        pk = unquote(object_id)
        file = get_object_or_404(
            CatalogFile.objects.select_related("source", "author"), pk=pk if pk.isascii() and pk.isdigit() else 0
        )
        if not self.has_view_permission(request, file):
            raise PermissionDenied
        return file

    def _counts(self, report: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "name": gettext(_TABLES.get(table, table)),
                "new": new,
                "known": report["known"].get(table, 0),
                "vanished": report["vanished"].get(table, 0),
            }
            for table, new in report.get("new", {}).items()
        ]

    def _columns(self, report: dict[str, Any]) -> str:
        named = report.get("layout", {}).get("columns", {}).values()
        return ", ".join(f"«{header}»" for headers in named for header in headers)

    @display(description=_("файл"))
    def shown_name(self, obj: CatalogFile) -> str:
        return obj.file_name or obj.name

    @display(description=_("нового"))
    def added(self, obj: CatalogFile) -> int:
        return sum(obj.report.get("new", {}).values())


class _Line:
    """What ``csv`` writes to: it gives the line back."""

    def write(self, line: str) -> str:
        return line


def _csv(file: CatalogFile) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([gettext("рядок"), gettext("причина"), gettext("значення")])
    for row, reason, value in file.rejected_rows.values_list("row", "reason", "value").iterator():
        plain = f"'{value}" if value.startswith(_CELLS_THAT_COUNT) else value
        yield writer.writerow([row, reason_text(reason), plain])
