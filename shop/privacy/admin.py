"""Legal texts with their versions, and the two ledgers of personal data, which nobody edits."""

from html.parser import HTMLParser
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from shop.lib.admin import ReadOnlyModelAdmin, ShopModelAdmin, action, display
from shop.privacy.models import Consent, Disclosure, LegalDocument

_TAGS = frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "a",
        "strong",
        "em",
        "b",
        "i",
        "br",
        "hr",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "blockquote",
        "address",
    ]
)
_ATTRIBUTES = frozenset({"href", "scope", "colspan", "rowspan", "lang"})
_LINKS = ("https://", "http://", "mailto:", "tel:", "/", "#")


class _Foreign(HTMLParser):
    """Collects what a legal text may not hold: it is shown as it is, so only plain marks of text are let in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in _ATTRIBUTES or (name == "href" and not (value or "").strip().lower().startswith(_LINKS)):
                self.found.append(f"<{tag} {name}>")


class LegalDocumentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LegalDocument
        fields = ["kind", "valid_from", "body_uk", "body_en"]
        widgets = {
            "body_uk": UnfoldAdminTextareaWidget(attrs={"rows": 30}),
            "body_en": UnfoldAdminTextareaWidget(attrs={"rows": 12}),
        }

    def clean_valid_from(self) -> Any:
        valid_from = self.cleaned_data["valid_from"]
        if valid_from < timezone.localdate():
            raise ValidationError(_("Нова версія не може діяти заднім числом."))
        return valid_from

    def clean_body_uk(self) -> str:
        return self._plain("body_uk")

    def clean_body_en(self) -> str:
        return self._plain("body_en")

    def _plain(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        parser = _Foreign()
        parser.feed(text)
        parser.close()
        if parser.found:
            raise ValidationError(
                _("Дозволено лише просту розмітку тексту. Приберіть: %(tags)s"),
                params={"tags": ", ".join(dict.fromkeys(parser.found))},
            )
        return text


@admin.register(LegalDocument)
class LegalDocumentAdmin(ShopModelAdmin):
    """A version that is in force stays as customers accepted it; the next one starts as its copy."""

    form = LegalDocumentForm
    list_display = ["kind_name", "version", "valid_from", "state"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    fields = ["kind", "valid_from", "body_uk", "body_en"]
    actions_detail = ["new_version"]

    def has_change_permission(self, request: HttpRequest, obj: LegalDocument | None = None) -> bool:
        if isinstance(obj, LegalDocument) and _is_published(obj):
            return False
        return bool(super().has_change_permission(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: LegalDocument | None = None) -> list[str]:
        return ["kind"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        copied = request.GET.get("copy", "")
        document = LegalDocument.objects.filter(pk=copied).first() if copied.isascii() and copied.isdigit() else None
        if document is None:
            return {"valid_from": timezone.localdate()}
        return {
            "kind": document.kind,
            "valid_from": timezone.localdate(),
            "body_uk": document.body_uk,
            "body_en": document.body_en,
        }

    def save_model(self, request: HttpRequest, obj: LegalDocument, form: Any, change: bool) -> None:
        if not change:
            newest = LegalDocument.objects.filter(kind=obj.kind).aggregate(newest=Max("version"))["newest"] or 0
            obj.version = newest + 1
        super().save_model(request, obj, form, change)

    @action(description=_("Нова версія"), url_path="new-version", icon="content_copy", permissions=["add"])
    def new_version(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return redirect(f"{reverse('admin:privacy_legaldocument_add')}?copy={object_id}")

    # Unfold asks with the row's id where Django asks without a row.
    def has_add_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(super().has_add_permission(request))

    @display(description=_("документ"), ordering="kind")
    def kind_name(self, obj: LegalDocument) -> str:
        return obj.get_kind_display()

    @display(description=_("стан"), label={"published": "success", "draft": "info"})
    def state(self, obj: LegalDocument) -> tuple[str, Any]:
        return ("published", _("діє, незмінна")) if _is_published(obj) else ("draft", _("чернетка"))


def _is_published(document: LegalDocument) -> bool:
    return document.valid_from <= timezone.localdate()


@admin.register(Consent)
class ConsentAdmin(ReadOnlyModelAdmin):
    list_display = ["recorded_at", "kind", "is_given", "document", "subject", "page"]
    list_filter = [("kind", ChoicesDropdownFilter), "is_given"]
    list_select_related = ["document"]
    search_fields = ["subject_id__exact"]
    search_help_text = _("Номер замовлення чи людини в базі")
    fields = ["kind", "is_given", "document", "subject", "page", "recorded_at"]
    readonly_fields = ["subject"]

    @display(description=_("чия"))
    def subject(self, obj: Consent) -> str:
        return f"{obj.subject_kind} {obj.subject_id}"


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyModelAdmin):
    list_display = ["handed_over_at", "receiver", "purpose", "field_names", "subject"]
    list_filter = [("purpose", ChoicesDropdownFilter)]
    search_fields = ["subject_id__exact"]
    search_help_text = _("Номер замовлення чи людини в базі")
    fields = ["receiver", "purpose", "field_names", "subject", "handed_over_at"]
    readonly_fields = ["field_names", "subject"]

    @display(description=_("які дані"))
    def field_names(self, obj: Disclosure) -> str:
        return ", ".join(obj.fields)

    @display(description=_("чиї"))
    def subject(self, obj: Disclosure) -> str:
        return f"{obj.subject_kind} {obj.subject_id}"
