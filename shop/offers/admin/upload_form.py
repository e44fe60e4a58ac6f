"""A file for a price list. What can be told at once is said beside the field; the rest a worker finds out."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from shop.lib.tables import TableRefused, open_table
from shop.lib.tables.limits import MIB, MOST_FILE_BYTES
from shop.offers.models import PriceList

# Larger files are opened by the worker only: a workbook of this size takes a moment.
_OPENED_BYTES = 12 * MIB


class UploadForm(forms.Form):
    price_list = forms.ModelChoiceField(
        PriceList.objects.select_related("supplier"),
        label=gettext_lazy("Прайс-лист"),
        empty_label=gettext_lazy("— виберіть —"),
        error_messages={"required": gettext_lazy("Виберіть, чий це прайс-лист.")},
        widget=UnfoldAdminSelectWidget,
    )
    file = forms.FileField(
        label=gettext_lazy("Файл"),
        max_length=None,
        help_text=gettext_lazy("CSV, TSV, XLSX, XLS або ODS, можна в ZIP; до %(size)d МБ. Колонки впізнаємо самі."),
        error_messages={
            "required": gettext_lazy("Виберіть файл."),
            "empty": gettext_lazy("Файл порожній."),
            "missing": gettext_lazy("Виберіть файл."),
        },
        widget=forms.FileInput(attrs={"class": "desk-drop__field", "accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.zip"}),
    )
    is_held = forms.BooleanField(
        label=gettext_lazy("Спершу показати, що зміниться"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Без позначки ціни почнуть діяти самі, якщо гальма мовчать."),
    )

    def __init__(self, *args: Any, price_list: PriceList | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if price_list:
            del self.fields["price_list"]
        self.fields["file"].help_text = str(self.fields["file"].help_text) % {"size": MOST_FILE_BYTES // MIB}

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        size = file.size or 0
        if size > MOST_FILE_BYTES:
            too_large = _("Файл завеликий: понад %(size)s МБ. Розділіть його.")
            raise ValidationError(too_large % {"size": MOST_FILE_BYTES // MIB})
        if size <= _OPENED_BYTES:
            _check(file)
        return file


def _check(file: "UploadedFile[Any]") -> None:
    """Open it once, so that a picture or a locked workbook is refused while the person is still here."""
    with NamedTemporaryFile() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        file.seek(0)
        try:
            open_table(Path(copy.name), name=file.name or "").close()
        except TableRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
