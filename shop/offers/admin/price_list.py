"""Named price lists: how their files are read, when they wait for a person, and which versions there were."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from shop.lib.admin import ShopModelAdmin, action, display
from shop.offers.admin.price_list_version import LOAD, RELEASE
from shop.offers.admin.upload_form import UploadForm
from shop.offers.admin.version_sheet import STATUS_LABELS
from shop.offers.models import PriceList, PriceListSource, PriceListVersion
from shop.offers.pricelists.receiving import receive
from shop.offers.pricelists.switching import returnable

_Status = PriceListVersion.Status
_LATEST = 10


@admin.register(PriceList)
class PriceListAdmin(ShopModelAdmin):
    list_display = ["supplier_name", "name", "in_force", "waiting", "fresh"]
    list_filter = [("supplier", AutocompleteSelectFilter)]
    list_select_related = ["supplier"]
    search_fields = ["name__istartswith", "supplier__name__istartswith"]
    search_help_text = _("Початок назви прайс-листа або постачальника")
    autocomplete_fields = ["supplier"]
    fieldsets = [
        (None, {"fields": ["supplier", "name", "creates_parts"]}),
        (_("Ціни"), {"fields": ["prices_include_vat", "vat_percent", "max_age_days"]}),
        (
            _("Гальма"),
            {
                "fields": ["most_vanished_percent", "most_price_move_percent", "most_rejected_percent"],
                "description": _("Коли файл переступає одну з цих меж, він не діє, доки його не перегляне людина."),
            },
        ),
    ]
    actions_list = ["upload_any"]
    change_form_outer_after_template = "admin/offers/pricelist/versions.html"
    change_form_outer_before_template = "admin/offers/pricelist/head.html"

    class Media:
        css: ClassVar = {"all": ["css/desk-prices.css"]}

    def has_load_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(LOAD)

    # The list.

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[PriceList]:
        active = PriceListVersion.objects.filter(price_list=OuterRef("pk"), status=_Status.ACTIVE)
        rows: models.QuerySet[PriceList] = super().get_queryset(request)
        return rows.annotate(
            active_number=Subquery(active.values("number")),
            active_since=Subquery(active.values("switched_at")),
            waiting_count=Count("versions", filter=Q(versions__needs_person_since__isnull=False)),
        )

    @display(description=_("постачальник"), ordering="supplier__name")
    def supplier_name(self, obj: PriceList) -> Any:
        return obj.supplier.name if obj.supplier else _("Наш склад")

    @display(description=_("діє"), ordering="active_since")
    def in_force(self, obj: Any) -> str:
        if obj.active_number is None:
            return gettext("ще нічого")
        moment = date_format(localtime(obj.active_since), "d.m.y H:i") if obj.active_since else ""
        return gettext("версія %(number)d з %(moment)s") % {"number": obj.active_number, "moment": moment}

    @display(description=_("чекає на людину"), ordering="waiting_count", label="warning")
    def waiting(self, obj: Any) -> str:
        return str(obj.waiting_count or "")

    @display(description=_("чинний до"), ordering="fresh_until")
    def fresh(self, obj: PriceList) -> str:
        return date_format(localtime(obj.fresh_until), "d.m.y H:i") if obj.fresh_until else ""

    # The page of one list.

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A limit says what it is where nobody has changed it."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("most_vanished_percent", "most_price_move_percent", "most_rejected_percent"):
            field.help_text = gettext("Звичайно %(default)s %%.") % {"default": db_field.default}
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: PriceList | None = None) -> list[str]:
        """Whose list it is does not change: its offers stand in that supplier's warehouses."""
        return ["supplier"] if obj else []

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        price_list = self.get_object(request, object_id)
        extra = extra_context or {}
        if price_list and self.has_view_permission(request, price_list):
            latest = list(price_list.versions.select_related("author").order_by("-pk")[:_LATEST])
            may_return = request.user.has_perm(RELEASE)
            extra |= {
                "price_list": price_list,
                "latest": [(version, STATUS_LABELS[_Status(version.status)]) for version in latest],
                "returnable": returnable(price_list),
                "may_return": may_return,
                "may_load": self.has_load_permission(request),
                "source_link": _source_link(request, price_list),
            }
        response: HttpResponse = super().change_view(request, object_id, form_url, extra)
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> PriceList | None:
        """Found once a request."""
        known: dict[str, PriceList | None] = request.__dict__.setdefault("price_lists_found", {})
        if object_id not in known:
            known[object_id] = super().get_object(request, object_id, from_field)
        return known[object_id]

    def response_add(self, request: HttpRequest, obj: PriceList, post_url_continue: str | None = None) -> HttpResponse:
        """A new list waits for its first file."""
        if "_addanother" in request.POST or "_continue" in request.POST or not self.has_load_permission(request):
            return super().response_add(request, obj, post_url_continue)  # type: ignore[no-any-return]
        messages.success(request, gettext("Прайс-лист створено. Завантажте його перший файл."))
        return HttpResponseRedirect(reverse("admin:offers_pricelist_upload", args=[obj.pk]))

    # Upload.

    def get_urls(self) -> list[URLPattern]:
        upload = self.admin_site.admin_view(self.upload)
        return [path("<int:pk>/upload/", upload, name="offers_pricelist_upload"), *super().get_urls()]

    @action(description=_("Завантажити файл"), url_path="upload", permissions=["load"], icon="upload")
    def upload_any(self, request: HttpRequest) -> HttpResponse:
        """A file for a list that is chosen on the page."""
        return self._upload(request, None)

    def upload(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A file for this list."""
        return self._upload(request, get_object_or_404(PriceList.objects.select_related("supplier"), pk=pk))

    def _upload(self, request: HttpRequest, price_list: PriceList | None) -> HttpResponse:
        if not (self.has_view_permission(request) and self.has_load_permission(request)):
            raise PermissionDenied
        sent = request.method == "POST"
        form = UploadForm(*([request.POST, request.FILES] if sent else []), price_list=price_list)
        if sent and form.is_valid():
            return self._take(request, form, price_list or form.cleaned_data["price_list"])
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": gettext("Новий файл: %(list)s") % {"list": price_list}
            if price_list
            else gettext("Новий файл прайс-листа"),
            "price_list": price_list,
            "form": form,
        }
        return TemplateResponse(request, "admin/offers/pricelist/upload.html", context)

    def _take(self, request: HttpRequest, form: UploadForm, price_list: PriceList) -> HttpResponse:
        began = timezone.now()
        file = form.cleaned_data["file"]
        version = receive(
            price_list,
            file,
            name=file.name,
            origin=PriceListVersion.Origin.UPLOAD,
            author=request.user,  # type: ignore[arg-type]
            is_held=form.cleaned_data["is_held"],
        )
        if version.received_at >= began:
            self.log_change(request, price_list, gettext("Завантажено версію %(number)d.") % {"number": version.number})
        elif version.status == _Status.ACTIVE:
            messages.info(request, gettext("Це той самий файл, що й у чинній версії: нічого не зміниться."))
        else:
            messages.info(request, gettext("Цей файл уже завантажено: ось він."))
        address = reverse("admin:offers_pricelistversion_change", args=[version.pk])
        if request.headers.get("X-Upload"):
            # A script that shows how much is sent goes there by itself, and so shows the message once.
            return JsonResponse({"address": address})
        return HttpResponseRedirect(address)


def _source_link(request: HttpRequest, price_list: PriceList) -> tuple[str, str] | None:
    """Where its files come from by themselves, or where that is told; words and address, for whoever may see it."""
    source = PriceListSource.objects.filter(price_list=price_list).only("pk").first()
    if source and request.user.has_perm("offers.view_pricelistsource"):
        return gettext("Звідки файли"), reverse("admin:offers_pricelistsource_change", args=[source.pk])
    if not source and request.user.has_perm("offers.add_pricelistsource"):
        address = reverse("admin:offers_pricelistsource_add")
        return gettext("Отримувати файли автоматично"), f"{address}?price_list={price_list.pk}"
    return None
