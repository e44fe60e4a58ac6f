"""How a file is to be read, as a form: a select over every column, marks of the whole file beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from shop.lib.tables import TableFormat
from shop.offers.models import Currency, Warehouse
from shop.offers.pricelists.header_words import FIELDS
from shop.offers.pricelists.layout import MOST_HEAD_ROWS, NEEDED, Layout
from shop.offers.pricelists.receiving import Preview

FIELD_NAMES = {
    "brand": gettext_lazy("бренд"),
    "article": gettext_lazy("артикул"),
    "name": gettext_lazy("назва"),
    "price": gettext_lazy("ціна"),
    "stock": gettext_lazy("залишок"),
    "delivery": gettext_lazy("термін"),
    "oe": gettext_lazy("номери OE"),
    "cross": gettext_lazy("аналоги"),
    "currency": gettext_lazy("валюта"),
    "barcode": gettext_lazy("штрихкод"),
}
# Columns of which a file may have several.
_SEVERAL = ("stock", "oe", "cross")
_ENCODINGS = ["utf-8", "cp1251", "utf-16", "cp866", "koi8-u", "mac-cyrillic", "iso8859-5", "cp1250", "cp1252"]
_DELIMITERS = {
    ";": gettext_lazy("крапка з комою ;"),
    ",": gettext_lazy("кома ,"),
    "\t": gettext_lazy("табуляція"),
    "|": gettext_lazy("риска |"),
}
_TAB = "tab"


class LayoutForm(forms.Form):
    """Fields depend on the file: ``column_0`` … for its columns, sheet or encoding by its kind."""

    header_row = forms.IntegerField(
        label=gettext_lazy("Рядок заголовків"),
        min_value=0,
        max_value=MOST_HEAD_ROWS,
        help_text=gettext_lazy("Номер рядка з назвами колонок; 0 — назв немає."),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("Копійки після"),
        choices=[(",", gettext_lazy("коми: 12,50")), (".", gettext_lazy("крапки: 12.50"))],
        widget=UnfoldAdminSelectWidget,
    )
    currency = forms.ChoiceField(label=gettext_lazy("Валюта цін"), required=False, widget=UnfoldAdminSelectWidget)
    brand = forms.CharField(
        label=gettext_lazy("Бренд усіх товарів"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Якщо у файлі немає колонки бренда."),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(
        self, data: Any = None, *, shown: Preview, warehouses: Sequence[Warehouse], currency: str, width: int
    ) -> None:
        self.shown, self.width, self.warehouses = shown, width, warehouses
        super().__init__(data, initial=_initial(shown.layout, width))
        format = shown.layout.format
        if len(shown.sheets) > 1:
            self._choice("sheet", gettext_lazy("Аркуш"), [(sheet, sheet) for sheet in shown.sheets])
        if not format.is_workbook:
            self._choice("encoding", gettext_lazy("Кодування"), _with(_ENCODINGS, format.encoding))
            marks = [(_TAB if sign == "\t" else sign, words) for sign, words in _DELIMITERS.items()]
            told = _TAB if format.delimiter == "\t" else format.delimiter
            known = marks if told in dict(marks) else [*marks, (told, repr(told)[1:-1])]
            self._choice("delimiter", gettext_lazy("Між колонками"), known)
        names = dict(Currency.choices)
        by_supplier = _("за постачальником: %(currency)s") % {"currency": names.get(currency, currency)}
        self.fields["currency"].choices = [("", by_supplier), *Currency.choices]  # type: ignore[attr-defined]
        if format.is_workbook:
            # Numbers of a workbook are numbers; only texts among them have a mark of their own.
            self.fields["decimal"].help_text = _("Лише для цін, записаних текстом.")
        for place in range(width):
            head = shown.layout.headers[place] if place < len(shown.layout.headers) else ""
            label = head or _("Колонка %(number)d") % {"number": place + 1}
            self._choice(f"column_{place}", label, [("", _("не читати")), *FIELD_NAMES.items()], required=False)
            if len(warehouses) > 1:
                places = [
                    ("", _("додати до загального залишку")),
                    *((str(each.pk), warehouse_words(each)) for each in warehouses),
                ]
                label = _("Склад колонки %(number)d") % {"number": place + 1}
                self._choice(f"place_{place}", label, places, required=False)

    def _choice(self, name: str, label: Any, choices: Sequence[Any], *, required: bool = True) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, required=required, widget=UnfoldAdminSelectWidget
        )

    @property
    def marks(self) -> list[forms.BoundField]:
        """What is said of the whole file."""
        names = ("sheet", "encoding", "delimiter", "header_row", "decimal", "currency", "brand")
        return [self[name] for name in names if name in self.fields]

    @property
    def columns(self) -> list[tuple[forms.BoundField, forms.BoundField | None, str]]:
        """For each column its select, its warehouse and what stands in its head."""
        heads = self.shown.layout.headers
        return [
            (
                self[f"column_{place}"],
                self[f"place_{place}"] if f"place_{place}" in self.fields else None,
                heads[place] if place < len(heads) else "",
            )
            for place in range(self.width)
        ]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = self.cleaned_data
        chosen = _chosen(told, self.width)
        for field, places in chosen.items():
            if field not in _SEVERAL and len(places) > 1:
                said = _("Вже вибрано для колонки %(number)d.") % {"number": places[0] + 1}
                for place in places[1:]:
                    self.add_error(f"column_{place}", said)
        missing = [str(FIELD_NAMES[field]) for field in NEEDED if field not in chosen]
        if missing:
            words = ngettext("Не вибрано колонку: %(names)s.", "Не вибрано колонки: %(names)s.", len(missing))
            self.add_error(None, words % {"names": ", ".join(missing)})
        if "brand" in chosen and told.get("brand"):
            self.add_error("brand", _("Бренд уже береться з колонки: залиште це поле порожнім."))
        kept_apart = [told.get(f"place_{place}") for place in chosen.get("stock", ())]
        if any(kept_apart) and not all(kept_apart):
            for place, warehouse in zip(chosen["stock"], kept_apart, strict=True):
                if not warehouse:
                    self.add_error(f"place_{place}", _("Вкажіть склад для кожної колонки залишку або для жодної."))
        elif len(set(kept_apart)) < len(kept_apart) and any(kept_apart):
            self.add_error(f"place_{chosen['stock'][-1]}", _("Цей склад уже вибрано для іншої колонки."))
        return told

    def format(self) -> TableFormat:
        """The form of the file as it is told now, whatever is wrong with the columns."""
        was, told = self.shown.layout.format, self.cleaned_data
        if was.is_workbook:
            return replace(was, sheet=told.get("sheet") or was.sheet)
        delimiter = told.get("delimiter") or was.delimiter
        delimiter = "\t" if delimiter == _TAB else delimiter
        kind = "tsv" if delimiter == "\t" else "csv"
        return replace(was, kind=kind, encoding=told.get("encoding") or was.encoding, delimiter=delimiter)

    def layout(self) -> Layout:
        """How to read the file by the values of the form; where one is wrong, by what was shown."""
        was, told = self.shown.layout, self.cleaned_data
        columns = _chosen(told, self.width)
        stock = columns.get("stock", ())
        places = {str(number): told.get(f"place_{place}") for number, place in enumerate(stock)}
        return Layout(
            format=self.format(),
            header_row=was.header_row if told.get("header_row") is None else told["header_row"],
            headers=was.headers,
            columns=columns,
            decimal=told.get("decimal") or was.decimal,
            currency=told.get("currency", was.currency),
            has_vat=was.has_vat,
            brand=told.get("brand", was.brand),
            places={number: int(pk) for number, pk in places.items() if pk},
        )


def warehouse_words(warehouse: Warehouse) -> str:
    """Customers may see the same name on several; the code tells them apart."""
    return f"{warehouse} · {warehouse.code}"


def _initial(layout: Layout, width: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "header_row": layout.header_row,
        "decimal": layout.decimal,
        "currency": layout.currency,
        "brand": layout.brand,
        "sheet": layout.format.sheet,
        "encoding": layout.format.encoding,
        "delimiter": _TAB if layout.format.delimiter == "\t" else layout.format.delimiter,
    }
    for field, places in layout.columns.items():
        told |= {f"column_{place}": field for place in places if place < width}
    for number, place in enumerate(layout.columns.get("stock", ())):
        told[f"place_{place}"] = str(layout.places.get(str(number), ""))
    return told


def _chosen(told: Mapping[str, Any], width: int) -> dict[str, tuple[int, ...]]:
    """Field → places, in the order of the fields."""
    said = {place: told.get(f"column_{place}") for place in range(width)}
    chosen = {field: tuple(place for place, each in said.items() if each == field) for field in FIELDS}
    return {field: places for field, places in chosen.items() if places}


def _with(known: Sequence[str], told: str) -> list[tuple[str, str]]:
    return [(name, name) for name in ([*known] if told in known or not told else [told, *known])]
