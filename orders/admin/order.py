"""The list of orders and the page of one order. Orders come from the shop and are never deleted."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RadioFilter, RangeDateTimeFilter

from orders.admin.acts import ACTS, CANCEL, COMPLETE, CONFIRM, NOTE, SHIP, Act
from orders.admin.sheet import sheet_of
from orders.confirmation import confirm_order
from orders.errors import OrdersError, WrongStatus, WrongWaybill
from orders.models import Order, Status
from orders.models.order import NUMBER_DIGITS
from shop.catalog.models import Part
from shop.catalog.numbers import search_key
from shop.lib.admin import ReadOnlyModelAdmin, action, display
from shop.lib.money import format_money
from shop.lib.phones import mask_phone, normalise_phone

STATUS_LABELS = {
    Status.PLACED: "warning",
    Status.CONFIRMED: "primary",
    Status.SHIPPED: "info",
    Status.COMPLETED: "success",
    Status.CANCELLED: "danger",
}
# Parts that one typed article may mean; a longer prefix means fewer.
_MAX_PARTS = 200


class NeedsPersonFilter(RadioFilter):
    title = _("чекає на людину")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("так")), ("no", _("ні"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Order]) -> models.QuerySet[Order]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(needs_person_since__isnull=self.value() == "no")


@admin.register(Order)
class OrderAdmin(ReadOnlyModelAdmin):
    list_fullwidth = True
    list_display = [
        "number",
        "placed",
        "receiver",
        "masked_phone",
        "car",
        "sum_to_pay",
        "state",
        "delivery",
        "payment",
        "waits",
    ]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        NeedsPersonFilter,
        ("delivery_kind", ChoicesDropdownFilter),
        ("payment_kind", ChoicesDropdownFilter),
        ("placed_at", RangeDateTimeFilter),
    ]
    list_filter_submit = True
    search_fields = ["number"]
    search_help_text = _("Номер, телефон, прізвище, e-mail або артикул")
    ordering = ["-placed_at"]
    fields: list[str] = []
    actions = ["confirm_selected"]
    actions_detail = ["confirm", "ship", "complete", "cancel", "note"]
    change_form_template = "admin/orders/order/sheet.html"

    # What staff may do is a right of its own, apart from seeing orders.

    def has_confirm_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return _may(request, CONFIRM)

    def has_ship_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return _may(request, SHIP)

    def has_complete_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return _may(request, COMPLETE)

    def has_cancel_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return _may(request, CANCEL)

    def has_note_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return _may(request, NOTE)

    # The list.

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Order]:
        return super().get_queryset(request).defer("vin")  # type: ignore[no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Order], search_term: str
    ) -> tuple[models.QuerySet[Order], bool]:
        """Number, surname, e-mail; a phone in any spelling; an article of one of the lines."""
        term = search_term.strip()
        if not term:
            return queryset, False
        ways = [Q(number=term.removeprefix("№").strip()), Q(surname__istartswith=term), Q(email__iexact=term)]
        if phone := normalise_phone(term):
            ways.append(Q(phone=phone))
        if key := search_key(term):
            parts = Part.objects.filter(search_key__startswith=key).values_list("pk", flat=True)[:_MAX_PARTS]
            ways.append(Q(lines__part__in=list(parts)))
        # Joined by UNION and not by OR, so that each way has its own index.
        first, *others = (Order.objects.filter(way).order_by().values("pk") for way in ways)
        return queryset.filter(pk__in=first.union(*others)), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A whole number in the search field opens the order at once."""
        typed = request.GET.get("q", "").removeprefix("№").strip()
        if len(typed) == NUMBER_DIGITS and typed.isascii() and typed.isdigit() and self.has_view_permission(request):
            pk = Order.objects.filter(number=typed).values_list("pk", flat=True).first()
            if pk is not None:
                return HttpResponseRedirect(_address(pk))
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    @display(description=_("оформлено"), ordering="placed_at")
    def placed(self, obj: Order) -> str:
        return date_format(localtime(obj.placed_at), "d.m.y H:i")

    @display(description=_("одержувач"), ordering="surname")
    def receiver(self, obj: Order) -> str:
        return obj.receiver_name()

    @display(description=_("телефон"))
    def masked_phone(self, obj: Order) -> str:
        return mask_phone(str(obj.phone))

    @display(description=_("сума"), ordering="total")
    def sum_to_pay(self, obj: Order) -> str:
        return format_money(obj.total)

    @display(description=_("стан"), ordering="status", label=STATUS_LABELS)
    def state(self, obj: Order) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("доставка"))
    def delivery(self, obj: Order) -> str:
        """The carrier alone: ``Нова пошта`` of ``Нова пошта: відділення або поштомат``."""
        return obj.get_delivery_kind_display().partition(":")[0]

    @display(description=_("оплата"))
    def payment(self, obj: Order) -> str:
        return obj.get_payment_kind_display()

    @display(description=_("чекає"), ordering="needs_person_since")
    def waits(self, obj: Order) -> str:
        since = obj.needs_person_since or (obj.placed_at if obj.status == Status.PLACED else None)
        return timesince(since, depth=1) if since else ""

    @action(description=_("Підтвердити вибрані"), permissions=["confirm"])
    def confirm_selected(self, request: HttpRequest, queryset: models.QuerySet[Order]) -> None:
        """Each order by itself: a refusal of one does not stop the others."""
        done = 0
        for order in queryset.order_by("placed_at"):
            try:
                confirm_order(order, author=request.user)  # type: ignore[arg-type]
            except OrdersError as refusal:
                messages.error(request, f"№ {order.number}: {refusal}")
            else:
                done += 1
        if done:
            said = ngettext("Підтверджено %(count)d замовлення.", "Підтверджено %(count)d замовлень.", done)
            messages.success(request, said % {"count": done})

    # The page of one order.

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        order = self.get_object(request, object_id)
        sheet = sheet_of(order, request.user) if order and self.has_view_permission(request, order) else None
        response: HttpResponse = super().change_view(
            request,
            object_id,
            form_url,
            {"sheet": sheet, "status_variant": STATUS_LABELS[Status(order.status)] if order else ""}
            | (extra_context or {}),
        )
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Order | None:
        """Found once a request: the page, its buttons and its title ask for the same row."""
        known: dict[str, Order | None] = request.__dict__.setdefault("orders_found", {})
        if object_id not in known:
            known[object_id] = super().get_object(request, object_id, from_field)
        return known[object_id]

    def get_actions_detail(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        """Buttons that this person has the right to and that the order's state allows."""
        order = self.get_object(request, str(object_id))
        if order is None:
            return []
        offered = {f"orders_order_{act.name}" for act in ACTS.values() if order.status in act.offered_in}
        return [each for each in super().get_actions_detail(request, object_id) if each.action_name in offered]

    @action(
        description=CONFIRM.title,
        url_path=CONFIRM.path,
        permissions=["confirm"],
        icon=CONFIRM.icon,
        variant=CONFIRM.variant,
    )
    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(CONFIRM, request, object_id)

    @action(description=SHIP.title, url_path=SHIP.path, permissions=["ship"], icon=SHIP.icon, variant=SHIP.variant)
    def ship(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(SHIP, request, object_id)

    @action(
        description=COMPLETE.title,
        url_path=COMPLETE.path,
        permissions=["complete"],
        icon=COMPLETE.icon,
        variant=COMPLETE.variant,
    )
    def complete(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(COMPLETE, request, object_id)

    @action(
        description=CANCEL.title, url_path=CANCEL.path, permissions=["cancel"], icon=CANCEL.icon, variant=CANCEL.variant
    )
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(CANCEL, request, object_id)

    @action(description=NOTE.title, url_path=NOTE.path, permissions=["note"], icon=NOTE.icon, variant=NOTE.variant)
    def note(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(NOTE, request, object_id)

    def _carry_out(self, act: Act, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET shows what will happen and asks; POST does it. A second click is told that it is done already."""
        order = self.get_object(request, object_id)
        if order is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if request.method != "POST" and order.status not in act.offered_in:
            messages.info(request, str(WrongStatus(order.get_status_display())))
            return HttpResponseRedirect(_address(order.pk))
        form = act.form(request.POST if request.method == "POST" else None, order=order)
        if form.is_valid():
            try:
                act.do(order, author=request.user, **form.cleaned_data)
            except WrongWaybill as refusal:
                form.add_error("waybill_number", str(refusal))
            except OrdersError as refusal:
                messages.error(request, str(refusal))
                return HttpResponseRedirect(_address(order.pk))
            else:
                messages.success(request, str(act.done))
                return HttpResponseRedirect(_address(order.pk))
        context = self.admin_site.each_context(request) | {
            "title": f"{act.title} № {order.number}",
            "opts": self.opts,
            "original": order,
            "order": order,
            "act": act,
            "form": form,
        }
        return TemplateResponse(request, "admin/orders/order/act.html", context)


def _may(request: HttpRequest, act: Act) -> bool:
    return bool(request.user.has_perm(f"orders.{act.name}_order"))


def _address(pk: int) -> str:
    return reverse("admin:orders_order_change", args=[pk])
