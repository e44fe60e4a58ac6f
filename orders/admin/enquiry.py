"""Questions of customers: read one, call back, mark it answered."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RadioFilter
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldBooleanSwitchWidget

from orders.enquiry_notices import enquiry_answered
from orders.models import Enquiry
from shop.lib.admin import ShopModelAdmin, action, display
from shop.lib.phones import mask_phone

# What staff fill in; the rest is the customer's.
_WRITTEN = ("answer", "tells")


class AnsweredFilter(RadioFilter):
    title = _("відповіли")
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("ще ні")), ("yes", _("так"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Enquiry]) -> models.QuerySet[Enquiry]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(answered_at__isnull=self.value() == "no")


class AnswerForm(forms.ModelForm):  # type: ignore[type-arg]
    """The answer, and whether it goes to the customer as it stands."""

    tells = forms.BooleanField(
        label=_("Надіслати цю відповідь покупцеві в SMS"),
        required=False,
        help_text=_("Без позначки відповідь бачать лише працівники, наприклад після дзвінка."),
        widget=UnfoldBooleanSwitchWidget,
    )

    class Meta:
        model = Enquiry
        fields = ("answer",)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "answer" in self.fields and cleaned.get("tells") and not cleaned.get("answer", "").strip():
            self.add_error("answer", _("Напишіть відповідь, щоб її надіслати."))
        return cleaned


@admin.register(Enquiry)
class EnquiryAdmin(ShopModelAdmin):
    form = AnswerForm
    list_display = ["short_question", "name", "masked_phone", "modification", "asked_at", "answered_at"]
    list_filter = [AnsweredFilter]
    list_select_related = ["modification__generation__model__make"]
    search_fields = ["question", "name", "phone"]
    ordering = ["-asked_at"]
    actions = ["mark_answered"]
    actions_detail = ["make_order"]
    fields = [
        "question",
        "name",
        "masked_phone",
        "modification",
        "language",
        "asked_at",
        "answered_at",
        "answered_by",
        "answer",
        "tells",
    ]

    @display(description=_("запитання"))
    def short_question(self, enquiry: Enquiry) -> str:
        return enquiry.question if len(enquiry.question) <= 80 else f"{enquiry.question[:80]}…"

    @display(description=_("телефон"))
    def masked_phone(self, enquiry: Enquiry) -> str:
        return mask_phone(enquiry.phone)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Enquiry]:
        rows: models.QuerySet[Enquiry] = super().get_queryset(request)
        return rows.select_related("modification__generation__model__make")

    def get_fields(self, request: HttpRequest, obj: Enquiry | None = None) -> Any:
        """The whole phone is for those who may see contacts."""
        fields = list(self.fields or [])
        if request.user.has_perm("orders.view_contacts"):
            fields[fields.index("masked_phone")] = "phone"
        if not self._is_open(request, obj):
            fields.remove("tells")
        return fields

    def _is_open(self, request: HttpRequest, obj: Enquiry | None) -> bool:
        """Whether there is something to answer, and this person may."""
        return obj is not None and obj.answered_at is None and self.has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Enquiry | None = None) -> list[str]:
        """Only what was answered is written here, once."""
        fields = list(self.get_fields(request, obj))
        return fields if not self._is_open(request, obj) else [each for each in fields if each not in _WRITTEN]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Enquiry, form: Any, change: bool) -> None:
        """Saving is answering: the enquiry leaves the queue."""
        if not obj.answered(author=request.user, note=obj.answer):
            messages.warning(request, _("На цей запит уже відповіли."))
        elif form.cleaned_data.get("tells"):
            enquiry_answered(obj, obj.answer.strip())
            messages.success(request, _("Відповідь надсилаємо в SMS."))

    def has_make_order_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.add_order"))

    @action(
        description=_("Оформити замовлення"),
        url_path="order",
        permissions=["make_order"],
        icon="add_shopping_cart",
        variant=ActionVariant.PRIMARY,
    )
    def make_order(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the form for entering an order, with what the enquiry says filled in."""
        enquiry = self.get_object(request, object_id)
        if enquiry is not None and enquiry.order_id is not None:
            messages.info(request, _("Замовлення за цим запитом уже оформлено."))
            return HttpResponseRedirect(reverse("admin:orders_order_change", args=[enquiry.order_id]))
        return HttpResponseRedirect(f"{reverse('admin:orders_order_add')}?{urlencode({'enquiry': object_id})}")

    @admin.action(description=_("Відповіли: забрати з черги"), permissions=["change"])
    def mark_answered(self, request: HttpRequest, queryset: models.QuerySet[Enquiry]) -> None:
        settled = [enquiry for enquiry in queryset if enquiry.answered(author=request.user)]
        for enquiry in settled:
            self.log_change(request, enquiry, "answered")
        self.message_user(
            request,
            ngettext("Закрито %(count)d запит.", "Закрито %(count)d запитів.", len(settled)) % {"count": len(settled)},
        )
