"""Pages about prices that stand beside the lists of offers: how a part's prices came about, and our own price list."""

from tempfile import TemporaryFile
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget

from shop.catalog.models import CustomerGroup, Part
from shop.offers.explaining import explain
from shop.offers.exporting import RETAIL, csv_price_list, file_name, xlsx_price_list
from shop.offers.models import Offer, PastPrice

_PAST_SHOWN = 30


class ExportForm(forms.Form):
    group = forms.ModelChoiceField(
        CustomerGroup.objects.order_by("name_uk"),
        label=_("Для кого"),
        required=False,
        empty_label=_("роздрібні ціни"),
        widget=UnfoldAdminSelectWidget,
    )
    format = forms.ChoiceField(
        label=_("Файл"),
        choices=[("xlsx", _("Excel (XLSX)")), ("csv", _("CSV (для програм)"))],
        initial="xlsx",
        widget=UnfoldAdminRadioSelectWidget,
    )


def export_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    """The form; with a format in the address, the file."""
    form = ExportForm(request.GET if "format" in request.GET else None, initial={"group": request.GET.get("group")})
    if not form.is_valid():
        return TemplateResponse(request, "admin/offers/offer/export.html", context | {"form": form})
    group = form.cleaned_data["group"] or RETAIL
    if form.cleaned_data["format"] == "csv":
        name = content_disposition_header(as_attachment=True, filename=file_name(group, "csv"))
        return StreamingHttpResponse(
            csv_price_list(group),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": name},
        )
    file = TemporaryFile()  # noqa: SIM115  # the response closes it
    xlsx_price_list(group, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name(group, "xlsx"))


def part_prices_page(request: HttpRequest, context: dict[str, Any], part_id: int) -> TemplateResponse:
    part = get_object_or_404(Part.objects.select_related("brand", "category"), pk=part_id)
    context |= {
        "title": _("Ціни %(brand)s %(article)s") % {"brand": part.brand.name, "article": part.article_number},
        "part": part,
        "explanations": explain(part),
    }
    return TemplateResponse(request, "admin/offers/offer/part_prices.html", context)


def prices_of(offer: Offer, *, with_purchase: bool) -> dict[str, Any]:
    """For the offer's own page: how its price came about, and what it was before."""
    past = PastPrice.objects.filter(price_list=offer.price_list_id, part=offer.part_id, warehouse=offer.warehouse_id)
    explained = [each for each in explain(offer.part) if each.offer == offer] if with_purchase else []
    return {
        "explanation": explained[0] if explained else None,
        "past_prices": list(past[:_PAST_SHOWN]),
        "with_purchase": with_purchase,
        "offer": offer,
    }
