"""The page where a person sees the beginning of a file and says which column is what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.lib.tables import TableFormat, TableRefused
from shop.offers.admin.layout_form import LayoutForm, warehouse_words
from shop.offers.models import PriceListVersion
from shop.offers.pricelists.layout import Layout
from shop.offers.pricelists.merging import own_warehouses
from shop.offers.pricelists.reasons import reason_words
from shop.offers.pricelists.receiving import Preview, preview
from shop.offers.pricelists.rows import StagedLine
from shop.offers.pricelists.staging import list_currency

# Cells of a strange file may hold whole texts.
_MOST_CELL = 80


@dataclass(frozen=True)
class ReadRow:
    """A row of the file and what the reader makes of it. ``state``: o good, r rejected, i no goods, h above."""

    number: int
    cells: Sequence[str]
    state: str
    words: str


@dataclass(frozen=True)
class ColumnsPage:
    form: LayoutForm
    rows: Sequence[ReadRow]
    layout: Layout
    vat_differs: bool

    @property
    def mark(self) -> str:
        return format_mark(self.layout.format)

    @property
    def good(self) -> int:
        return sum(row.state == "o" for row in self.rows)


def columns_page(request: HttpRequest, version: PriceListVersion) -> ColumnsPage:
    """The form over the first rows; with posted values, over what these make of them. Raises TableRefused."""
    shown = preview(version)
    if request.method != "POST":
        return _page(version, _form(None, version, shown), shown)
    form = _form(request.POST, version, shown)
    form.is_valid()
    told = form.format()
    if told != shown.layout.format:
        try:
            shown = preview(version, format=told)
        except TableRefused as refusal:
            name = "sheet" if shown.layout.format.is_workbook else "encoding"
            form.add_error(name if name in form.fields else None, str(refusal))
            return _page(version, form, shown)
        if request.POST.get("seen_format") != format_mark(told):
            # Another sheet, encoding or sign between columns: other columns, recognised afresh and looked at first.
            return _page(version, _form(None, version, shown), shown)
        form = _form(request.POST, version, shown)
        form.is_valid()
    shown = preview(version, _with_heads(form.layout(), shown, version))
    form = _form(request.POST, version, shown)
    form.is_valid()
    return _page(version, form, shown)


def format_mark(format: TableFormat) -> str:
    """The form of a file in a hidden field: which columns the selects stand over."""
    return "|".join([format.encoding, format.delimiter.replace("\t", "tab"), format.sheet])


def _form(data: Any, version: PriceListVersion, shown: Preview) -> LayoutForm:
    rows = [cells for _number, cells in [*shown.above, *shown.rows]]
    width = max([len(shown.layout.headers), *(len(cells) for cells in rows)], default=0)
    warehouses = list(own_warehouses(version.price_list).values())
    return LayoutForm(data, shown=shown, warehouses=warehouses, currency=list_currency(version.price_list), width=width)


def _with_heads(layout: Layout, shown: Preview, version: PriceListVersion) -> Layout:
    """Heads stand in the row that is told now."""
    if layout.header_row == shown.layout.header_row:
        return layout
    above = preview(version, replace(layout, headers=[])).above
    heads = [cell.strip() for cell in above[-1][1]] if above else []
    return replace(layout, headers=heads)


def _page(version: PriceListVersion, form: LayoutForm, shown: Preview) -> ColumnsPage:
    lines: dict[int, list[StagedLine]] = {}
    for line in shown.lines:
        lines.setdefault(line.row, []).append(line)
    names = {str(warehouse.pk): warehouse_words(warehouse) for warehouse in form.warehouses}
    width = range(form.width)
    above = [ReadRow(number, _cells(cells, width), "h", "") for number, cells in shown.above[-5:]]
    rows = [
        ReadRow(number, _cells(cells, width), *_told(lines.get(number, []), shown.layout, names))
        for number, cells in shown.rows
    ]
    has_vat, expected = shown.layout.has_vat, version.price_list.prices_include_vat
    return ColumnsPage(form, [*above, *rows], shown.layout, vat_differs=has_vat is not None and has_vat != expected)


def _cells(cells: Sequence[str], width: range) -> list[str]:
    texts = [cells[place].strip() if place < len(cells) else "" for place in width]
    return [text if len(text) <= _MOST_CELL else f"{text[: _MOST_CELL - 1]}…" for text in texts]


def _told(lines: Sequence[StagedLine], layout: Layout, warehouses: Mapping[str, str]) -> tuple[str, str]:
    if not lines:
        return "i", _("порожній рядок")
    first = lines[0]
    if first.state == "i":
        return "i", _("не товар: %(reason)s") % {"reason": reason_words(first.reason)}
    if first.state == "r":
        value = _(": «%(value)s»") % {"value": first.value} if first.value else ""
        return "r", f"{reason_words(first.reason)}{value}"
    price = f"{number_format(first.price, force_grouping=True)} {first.currency}"
    stocks = [_stock(line, warehouses.get(str(layout.places.get(str(line.place), "")), "")) for line in lines]
    return "o", " · ".join(filter(None, [price, *(stocks if "stock" in layout.columns else []), _lead(first)]))


def _stock(line: StagedLine, warehouse: str) -> str:
    if line.pieces is None:
        pieces = _("є") if line.is_in_stock else _("немає")
    elif line.is_at_least:
        pieces = _("від %(count)s шт.") % {"count": line.pieces}
    else:
        pieces = _("%(count)s шт.") % {"count": line.pieces}
    return f"{warehouse}: {pieces}" if warehouse else pieces


def _lead(line: StagedLine) -> str:
    if line.lead_max is None and line.lead_min is None:
        return ""
    low, high = line.lead_min, line.lead_max
    if low is None or high is None or low == high:
        days = high if low is None else low
        return ngettext("%(count)d день", "%(count)d днів", days or 0) % {"count": days or 0}
    return _("%(low)d–%(high)d днів") % {"low": low, "high": high}
