"""Payments and refunds: rows that providers write, and what staff do when something about them is odd."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RadioFilter, RangeDateTimeFilter
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accounts.models import Customer
from orders.admin.row_acts import ActsAdmin, RowAct, RowForm
from orders.models import ONLINE, Payment, PaymentStatus, Refund
from orders.payments import attention
from orders.payments.balance import order_balance
from orders.payments.polling import ask_now
from orders.refunding import cancel_refund, mark_refund_done, refundable
from shop.lib.admin import ReadOnlyInline, action, display
from shop.lib.money import format_money

HANDLE, REFUND = "orders.handle_payment", "orders.refund_payment"
PAYMENT_LABELS = {
    PaymentStatus.DUE: "warning",
    PaymentStatus.PENDING: "info",
    PaymentStatus.PAID: "success",
    PaymentStatus.FAILED: "danger",
    PaymentStatus.EXPIRED: "danger",
    PaymentStatus.CANCELLED: "",
}
REFUND_LABELS = {
    Refund.Status.DUE: "warning",
    Refund.Status.SENDING: "info",
    Refund.Status.DONE: "success",
    Refund.Status.FAILED: "danger",
    Refund.Status.CANCELLED: "",
}


class WaitsFilter(RadioFilter):
    """Rows that wait for a person, of any of the models here."""

    title = gettext_lazy("чекає на людину")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("так")), ("no", gettext_lazy("ні"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(needs_person_since__isnull=self.value() == "no")


class NoteForm(RowForm):
    note = forms.CharField(
        label=gettext_lazy("Що з’ясували"),
        max_length=400,
        help_text=gettext_lazy("Залишиться в історії замовлення; покупець цього не бачить."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class TransferForm(RowForm):
    amount = forms.DecimalField(
        label=gettext_lazy("Надійшло, ₴"),
        min_value=0.01,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    note = forms.CharField(
        label=gettext_lazy("Звідки"),
        max_length=200,
        help_text=gettext_lazy("Дата й номер рядка у виписці банку."),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = self.row.amount


class RefundForm(RowForm):
    amount = forms.DecimalField(
        label=gettext_lazy("Повернути, ₴"),
        min_value=0.01,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    reason = forms.CharField(
        label=gettext_lazy("Причина"),
        max_length=200,
        help_text=gettext_lazy("Її прочитає покупець."),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = refundable(self.row)
        self.fields["amount"].initial = min(order_balance(self.row.order).surplus or rest, rest)


def ask_provider(payment: Payment, *, author: Customer) -> str:
    """Ask now, whoever presses; what the provider said is in the row."""
    outcome = ask_now(payment)
    payment.refresh_from_db()
    if outcome is None:
        return _("Платіжна система не відповіла. Спробуйте за кілька хвилин.")
    return _("Стан платежу: %(state)s.") % {"state": payment.get_status_display()}


ASK = RowAct(
    name="ask",
    path="question",
    title=gettext_lazy("Запитати платіжну систему"),
    explanation=gettext_lazy("Запитаємо, чим скінчилася оплата, і запишемо відповідь."),
    do=ask_provider,
    is_offered=lambda payment: payment.kind in ONLINE and payment.status != PaymentStatus.DUE,
    right=HANDLE,
    icon="help",
)
RECORD = RowAct(
    name="record",
    path="transfer",
    title=gettext_lazy("Записати переказ"),
    explanation=gettext_lazy("Гроші видно у виписці банку. Покупець отримає лист і SMS, що вони надійшли."),
    done=gettext_lazy("Надходження записано."),
    do=attention.record_transfer,
    is_offered=lambda payment: payment.status != PaymentStatus.PAID,
    right=HANDLE,
    icon="account_balance",
    form=TransferForm,
)
GIVE_BACK = RowAct(
    name="give_back",
    path="refund",
    title=gettext_lazy("Повернути гроші"),
    explanation=gettext_lazy(
        "Оплачене карткою повернемо на ту саму картку; переказ і готівку повертаєте ви й позначаєте це."
    ),
    done=gettext_lazy("Повернення створено."),
    do=attention.give_back,
    is_offered=lambda payment: payment.status == PaymentStatus.PAID and refundable(payment) > 0,
    right=REFUND,
    icon="undo",
    form=RefundForm,
    is_dangerous=True,
)
SETTLE = RowAct(
    name="settle",
    path="settlement",
    title=gettext_lazy("З’ясовано"),
    explanation=gettext_lazy("Рядок зникне з черги, гроші не зміняться."),
    done=gettext_lazy("Прибрано з черги."),
    do=attention.settle,
    is_offered=lambda row: row.needs_person_since is not None,
    right=HANDLE,
    icon="done",
    form=NoteForm,
)
MARK_DONE = RowAct(
    name="mark_done",
    path="completion",
    title=gettext_lazy("Гроші повернуто"),
    explanation=gettext_lazy("Ви вже повернули гроші самі. Покупець отримає лист і SMS."),
    done=gettext_lazy("Повернення виконано."),
    do=mark_refund_done,
    is_offered=lambda refund: refund.status in (Refund.Status.DUE, Refund.Status.SENDING),
    right=REFUND,
    icon="done_all",
    form=NoteForm,
)
CANCEL = RowAct(
    name="cancel",
    path="cancellation",
    title=gettext_lazy("Не повертати"),
    explanation=gettext_lazy("Гроші лишаться в нас. Покупець нічого не отримає."),
    done=gettext_lazy("Повернення скасовано."),
    do=cancel_refund,
    is_offered=lambda refund: refund.status == Refund.Status.DUE,
    right=REFUND,
    icon="close",
    form=NoteForm,
    is_dangerous=True,
)


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ("reference", "amount", "status", "reason", "created_at", "done_at")
    tab = True


@admin.register(Payment)
class PaymentAdmin(ActsAdmin):
    acts = (ASK, RECORD, GIVE_BACK, SETTLE)
    list_display = ("reference", "order_link", "kind", "sum_asked", "sum_received", "state", "created_at", "reason")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        WaitsFilter,
        ("kind", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    list_filter_submit = True
    list_select_related = ("order",)
    search_fields = ("reference__startswith", "provider_id__exact")
    search_help_text = gettext_lazy("Номер замовлення або платежу, номер у платіжної системи")
    ordering = ("-created_at",)
    inlines = (RefundInline,)
    fields = (
        "order_link",
        ("kind", "purpose"),
        ("amount", "received"),
        "status",
        ("reference", "provider_id"),
        ("created_at", "expires_at", "paid_at"),
        ("author", "note"),
        ("needs_person_since", "needs_person_reason"),
    )
    readonly_fields = ("order_link",)
    actions_detail = ("ask", "record", "give_back", "settle")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Payment]:
        return super().get_queryset(request).select_related("order", "author")  # type: ignore[no-any-return]

    @display(description=gettext_lazy("замовлення"))
    def order_link(self, obj: Payment) -> str:
        return order_link(obj.order_id, obj.order.number)

    @display(description=gettext_lazy("сума"), ordering="amount")
    def sum_asked(self, obj: Payment) -> str:
        return format_money(obj.amount)

    @display(description=gettext_lazy("надійшло"), ordering="received")
    def sum_received(self, obj: Payment) -> str:
        return format_money(obj.received)

    @display(description=gettext_lazy("стан"), ordering="status", label=PAYMENT_LABELS)
    def state(self, obj: Payment) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=gettext_lazy("чекає"), ordering="needs_person_since")
    def reason(self, obj: Payment) -> str:
        return obj.needs_person_reason

    @action(description=ASK.title, url_path=ASK.path, icon=ASK.icon, variant=ASK.variant)
    def ask(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.carry_out(ASK, request, object_id)

    @action(description=RECORD.title, url_path=RECORD.path, icon=RECORD.icon, variant=RECORD.variant)
    def record(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.carry_out(RECORD, request, object_id)

    @action(description=GIVE_BACK.title, url_path=GIVE_BACK.path, icon=GIVE_BACK.icon, variant=GIVE_BACK.variant)
    def give_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.carry_out(GIVE_BACK, request, object_id)

    @action(description=SETTLE.title, url_path=SETTLE.path, icon=SETTLE.icon, variant=SETTLE.variant)
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.carry_out(SETTLE, request, object_id)


@admin.register(Refund)
class RefundAdmin(ActsAdmin):
    acts = (MARK_DONE, CANCEL, SETTLE)
    list_display = ("reference", "order_link", "sum_back", "way", "state", "created_at", "done_at", "why_waits")
    list_filter = (("status", ChoicesDropdownFilter), WaitsFilter, ("created_at", RangeDateTimeFilter))
    list_filter_submit = True
    search_fields = ("reference__startswith",)
    search_help_text = gettext_lazy("Номер замовлення або повернення")
    ordering = ("-created_at",)
    fields = (
        "order_link",
        "payment",
        ("amount", "status"),
        "reason",
        ("reference", "provider_id"),
        ("created_at", "done_at"),
        ("author", "attempts"),
        ("needs_person_since", "needs_person_reason"),
    )
    readonly_fields = ("order_link",)
    actions_detail = ("mark_done", "cancel", "settle")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Refund]:
        return super().get_queryset(request).select_related("payment__order", "author")  # type: ignore[no-any-return]

    @display(description=gettext_lazy("замовлення"))
    def order_link(self, obj: Refund) -> str:
        return order_link(obj.payment.order_id, obj.payment.order.number)

    @display(description=gettext_lazy("сума"), ordering="amount")
    def sum_back(self, obj: Refund) -> str:
        return format_money(obj.amount)

    @display(description=gettext_lazy("спосіб"))
    def way(self, obj: Refund) -> str:
        return obj.payment.get_kind_display()

    @display(description=gettext_lazy("стан"), ordering="status", label=REFUND_LABELS)
    def state(self, obj: Refund) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=gettext_lazy("чекає"), ordering="needs_person_since")
    def why_waits(self, obj: Refund) -> str:
        return obj.needs_person_reason

    @action(description=MARK_DONE.title, url_path=MARK_DONE.path, icon=MARK_DONE.icon, variant=MARK_DONE.variant)
    def mark_done(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.carry_out(MARK_DONE, request, object_id)

    @action(description=CANCEL.title, url_path=CANCEL.path, icon=CANCEL.icon, variant=CANCEL.variant)
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.carry_out(CANCEL, request, object_id)

    @action(description=SETTLE.title, url_path=SETTLE.path, icon=SETTLE.icon, variant=SETTLE.variant)
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.carry_out(SETTLE, request, object_id)


def order_link(pk: int, number: str) -> str:
    return format_html('<a href="{}">№ {}</a>', reverse("admin:orders_order_change", args=[pk]), number)
