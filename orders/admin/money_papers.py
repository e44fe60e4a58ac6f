"""Tax receipts, notices of payment systems, and the rules by which ways of paying are offered."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.models import Customer
from orders import fiscal
from orders.admin.payment import HANDLE, SETTLE, WaitsFilter, order_link
from orders.admin.row_acts import ActsAdmin, RowAct
from orders.models import DeliveryKind, FiscalReceipt, PaymentRule
from shop.lib.admin import Deletable, ShopModelAdmin, action, display
from shop.messaging.models import WebhookEvent

_WAITING = (FiscalReceipt.Status.DUE, FiscalReceipt.Status.SENDING)
RECEIPT_LABELS = {
    FiscalReceipt.Status.DUE: "warning",
    FiscalReceipt.Status.SENDING: "info",
    FiscalReceipt.Status.DONE: "success",
    FiscalReceipt.Status.BY_PROVIDER: "",
    FiscalReceipt.Status.NOT_DUE: "",
}
OUTCOME_LABELS = {
    WebhookEvent.Outcome.WAITING: "warning",
    WebhookEvent.Outcome.APPLIED: "success",
    WebhookEvent.Outcome.REPEATED: "info",
    WebhookEvent.Outcome.STALE: "info",
    WebhookEvent.Outcome.REFUSED: "danger",
}


def try_again(receipt: FiscalReceipt, *, author: Customer) -> None:
    fiscal.try_again(receipt)


TRY_AGAIN = RowAct(
    name="try_again",
    path="again",
    title=gettext_lazy("Видати ще раз"),
    explanation=gettext_lazy("Каса знову працює: чек буде видано протягом хвилини й лише один раз."),
    done=gettext_lazy("Спробуємо протягом хвилини."),
    do=try_again,
    is_offered=lambda receipt: receipt.status in _WAITING,
    right=HANDLE,
    icon="replay",
)


@admin.register(FiscalReceipt)
class FiscalReceiptAdmin(ActsAdmin):
    acts = (TRY_AGAIN, SETTLE)
    list_display = ("what_for", "state", "fiscal_code", "created_at", "done_at", "needs_person_reason")
    list_filter = (("status", ChoicesDropdownFilter), WaitsFilter, ("created_at", RangeDateTimeFilter))
    list_filter_submit = True
    search_fields = ("fiscal_code__exact", "payment__reference__startswith", "refund__reference__startswith")
    search_help_text = gettext_lazy("Фіскальний номер або номер замовлення")
    ordering = ("-created_at",)
    fields = (
        "what_for",
        "status",
        ("fiscal_code", "link"),
        ("created_at", "done_at"),
        ("needs_person_since", "needs_person_reason"),
    )
    readonly_fields = ("what_for", "link")
    actions_detail = ("try_again", "settle")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[FiscalReceipt]:
        rows: models.QuerySet[FiscalReceipt] = super().get_queryset(request)
        return rows.select_related("payment__order", "refund__payment__order")

    @display(description=gettext_lazy("за що"))
    def what_for(self, obj: FiscalReceipt) -> str:
        return str(obj.refund or obj.payment)

    @display(description=gettext_lazy("чек"))
    def link(self, obj: FiscalReceipt) -> str:
        return (
            format_html('<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>', obj.url) if obj.url else "—"
        )

    @display(description=gettext_lazy("стан"), ordering="status", label=RECEIPT_LABELS)
    def state(self, obj: FiscalReceipt) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @action(description=TRY_AGAIN.title, url_path=TRY_AGAIN.path, icon=TRY_AGAIN.icon, variant=TRY_AGAIN.variant)
    def try_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.carry_out(TRY_AGAIN, request, object_id)

    @action(description=SETTLE.title, url_path=SETTLE.path, icon=SETTLE.icon, variant=SETTLE.variant)
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.carry_out(SETTLE, request, object_id)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ActsAdmin):
    acts = (SETTLE,)
    list_display = ("received_at", "provider", "result", "problem", "deliveries", "needs_person_reason")
    list_filter = (
        ("outcome", ChoicesDropdownFilter),
        WaitsFilter,
        "provider",
        ("received_at", RangeDateTimeFilter),
    )
    list_filter_submit = True
    ordering = ("-received_at",)
    fields = (
        "provider",
        ("received_at", "deliveries"),
        ("outcome", "problem"),
        "order",
        "said",
        ("needs_person_since", "needs_person_reason"),
    )
    readonly_fields = ("order", "said")
    actions_detail = ("settle",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[WebhookEvent]:
        rows: models.QuerySet[WebhookEvent] = super().get_queryset(request)
        is_list = getattr(request.resolver_match, "url_name", "").endswith("_changelist")
        return rows.defer("body", "signature") if is_list else rows.defer("signature")

    @display(description=gettext_lazy("замовлення"))
    def order(self, obj: WebhookEvent) -> str:
        if obj.subject_kind != "order":
            return "—"
        return order_link(int(obj.subject_id), obj.subject_id)

    @display(description=gettext_lazy("що в ньому"))
    def said(self, obj: WebhookEvent) -> str:
        """Sums, numbers and codes that are kept when it has been handled; until then it stays sealed."""
        if obj.handled_at is None or not obj.body:
            return "—"
        words = json.loads(obj.body)
        rows = format_html_join("\n", "{}: {}", sorted(words.items()))
        return format_html('<pre class="desk-text">{}</pre>', rows)

    @display(description=gettext_lazy("чим скінчилося"), ordering="outcome", label=OUTCOME_LABELS)
    def result(self, obj: WebhookEvent) -> tuple[str, str]:
        return obj.outcome, obj.get_outcome_display()

    @action(description=SETTLE.title, url_path=SETTLE.path, icon=SETTLE.icon, variant=SETTLE.variant)
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.carry_out(SETTLE, request, object_id)


@admin.register(PaymentRule)
class PaymentRuleAdmin(Deletable, ShopModelAdmin):
    list_display = (
        "kind",
        "is_active",
        "delivery_kind",
        "category",
        "min_total",
        "max_total",
        "max_weight_kg",
        "prepayment_percent",
    )
    list_filter = (("kind", ChoicesDropdownFilter), "is_active")
    list_select_related = ("category",)
    ordering = ("kind", "id")
    autocomplete_fields = ("category",)
    fieldsets = (
        (None, {"fields": ("kind", "is_active")}),
        (gettext_lazy("Для чого діє"), {"fields": ("delivery_kind", "category")}),
        (
            gettext_lazy("Умови"),
            {"fields": (("min_total", "max_total"), "max_weight_kg", "needs_own_stock", "needs_account")},
        ),
        (gettext_lazy("Передоплата"), {"fields": (("prepayment_percent", "prepayment_amount"),)}),
        (gettext_lazy("Слова"), {"fields": ("explanation_uk", "explanation_en", "legal_basis")}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The delivery is chosen from the list of kinds, or left open."""
        if db_field.name == "delivery_kind":
            return forms.ChoiceField(
                label=db_field.verbose_name,
                choices=[("", "—"), *DeliveryKind.choices],
                required=False,
                widget=UnfoldAdminSelectWidget,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)
