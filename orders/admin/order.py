"""The list of orders and the page of one order. Orders come from the shop and are never deleted."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RadioFilter, RangeDateTimeFilter

from orders.admin.edit_form import EditForm
from orders.admin.entering import entering
from orders.admin.order_acts import OrderActs, forms_of, order_address
from orders.admin.parcels import carry_out_for_parcel, parcel_rows
from orders.admin.sheet import OrderSheet, sheet_of
from orders.admin.views_of_list import PARAMETER, SAVED_VIEWS, saved_views, view_of
from orders.checkout_form import is_id
from orders.confirmation import confirm_order
from orders.editing import EDITABLE, edit_order
from orders.errors import EditConflict, OrdersError, WrongStatus
from orders.models import Order, Status
from orders.models.order import NUMBER_DIGITS
from orders.papers import paper, papers_for_staff, picking_lists
from orders.responsibility import take_order
from orders.views.paper import pdf_response
from shop.catalog.models import Part
from shop.catalog.numbers import search_key
from shop.lib.admin import action, display
from shop.lib.money import format_money
from shop.lib.phones import mask_phone, normalise_phone
from shop.messaging.suppression import unreachable

STATUS_LABELS = {
    Status.PLACED: "warning",
    Status.CONFIRMED: "primary",
    Status.SHIPPED: "info",
    Status.COMPLETED: "success",
    Status.CANCELLED: "danger",
}
# Parts that one typed article may mean; a longer prefix means fewer.
_MAX_PARTS = 200
# Orders on one set of picking lists.
_MOST = 100


class NeedsPersonFilter(RadioFilter):
    title = _("чекає на людину")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("так")), ("no", _("ні"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Order]) -> models.QuerySet[Order]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(needs_person_since__isnull=self.value() == "no")


class SavedViewFilter(RadioFilter):
    """What is to be done now; the same views stand above the list with their counts."""

    title = _("робота")
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(view.key, view.title) for view in SAVED_VIEWS]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Order]) -> models.QuerySet[Order]:
        return view_of(queryset, self.value() or "", int(request.user.pk or 0))


@admin.register(Order)
class OrderAdmin(OrderActs):
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
        "answers_for",
        "waits",
    ]
    list_filter = [
        SavedViewFilter,
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
    actions = ["confirm_selected", "take_selected", "print_picking_lists"]
    list_before_template = "admin/orders/order/list_views.html"
    change_form_template = "admin/orders/order/sheet.html"

    # The list.

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Order]:
        return super().get_queryset(request).select_related("responsible").defer("vin")  # type: ignore[no-any-return]

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
                return HttpResponseRedirect(order_address(pk))
        views = saved_views(int(request.user.pk or 0), current=request.GET.get(PARAMETER, ""))
        response: HttpResponse = super().changelist_view(request, {"saved_views": views} | (extra_context or {}))
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

    @display(description=_("відповідає"), ordering="responsible")
    def answers_for(self, obj: Order) -> str:
        return obj.responsible.get_short_name() if obj.responsible else ""

    # Bulk steps: each order by itself, a refusal of one does not stop the others and is said with its number.

    @action(description=_("Підтвердити вибрані"), permissions=["confirm"])
    def confirm_selected(self, request: HttpRequest, queryset: models.QuerySet[Order]) -> None:
        done = self._each(request, queryset, confirm_order)
        if done:
            said = ngettext("Підтверджено %(count)d замовлення.", "Підтверджено %(count)d замовлень.", done)
            messages.success(request, said % {"count": done})

    @action(description=_("Взяти вибрані собі"), permissions=["take"])
    def take_selected(self, request: HttpRequest, queryset: models.QuerySet[Order]) -> None:
        open_ones = queryset.open()  # type: ignore[attr-defined]
        for order in queryset.exclude(pk__in=open_ones.values("pk")):
            messages.error(request, f"№ {order.number}: {WrongStatus(order.get_status_display())}")
        done = self._each(request, open_ones, take_order)
        if done:
            said = ngettext("Ви взяли %(count)d замовлення.", "Ви взяли %(count)d замовлень.", done)
            messages.success(request, said % {"count": done})

    @action(description=_("Друкувати листи комплектації"))
    def print_picking_lists(self, request: HttpRequest, queryset: models.QuerySet[Order]) -> HttpResponse | None:
        orders = list(queryset.filter(status__in=(Status.PLACED, Status.CONFIRMED)).order_by("placed_at")[: _MOST + 1])
        if not orders:
            messages.error(request, _("Серед вибраних немає замовлень, які ще збирати."))
            return None
        if len(orders) > _MOST:
            messages.error(request, _("За один раз — до %(most)d замовлень.") % {"most": _MOST})
            return None
        return pdf_response(picking_lists(orders), "picking-lists")

    def _each(self, request: HttpRequest, queryset: models.QuerySet[Order], act: Callable[..., Any]) -> int:
        """How many orders the act was done to."""
        done = 0
        for order in queryset.order_by("placed_at"):
            try:
                act(order, author=request.user)
            except OrdersError as refusal:
                messages.error(request, f"№ {order.number}: {refusal}")
            else:
                done += 1
        return done

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
            (self._sheet_context(request, order, sheet) if order and sheet else {})
            | {"sheet": sheet}
            | (extra_context or {}),
        )
        return response

    def _sheet_context(self, request: HttpRequest, order: Order, sheet: OrderSheet) -> dict[str, Any]:
        may_edit = order.status in EDITABLE and request.user.has_perm("orders.edit_order")
        may_ship = request.user.has_perm("orders.ship_order")
        return {
            "status_variant": STATUS_LABELS[Status(order.status)],
            "act_forms": forms_of(order, request.user),
            "edit_url": reverse("admin:orders_order_edition", args=[order.pk]) if may_edit else "",
            "may_ship": may_ship,
            "unreachable": unreachable(email=order.email, phone=str(order.phone)),
            "papers": papers_for_staff(order, sheet.shipments),
            "parcels": parcel_rows(sheet.shipments, may_ship=may_ship, typed=request.GET),
        }

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Order | None:
        """Found once a request: the page, its buttons and its title ask for the same row."""
        known: dict[str, Order | None] = request.__dict__.setdefault("orders_found", {})
        if object_id not in known:
            known[object_id] = super().get_object(request, object_id, from_field)
        return known[object_id]

    # Entering one for a customer, and changing one.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("orders.add_order"))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return entering(self, request)

    def get_urls(self) -> list[Any]:
        own = [
            path("<int:pk>/edition/", self.admin_site.admin_view(self.edition), name="orders_order_edition"),
            path(
                "<int:pk>/parcels/<int:parcel>/<slug:act>/",
                self.admin_site.admin_view(self.parcel_act),
                name="orders_order_parcel",
            ),
            path("<int:pk>/papers/<slug:kind>.pdf", self.admin_site.admin_view(self.paper), name="orders_order_paper"),
        ]
        return own + list(super().get_urls())

    def edition(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows the form; POST looks offers up, or makes the new version. Typed values stay on a refusal."""
        order = self.get_object(request, str(pk))
        if order is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))  # type: ignore[no-any-return]
        if not request.user.has_perm("orders.edit_order"):
            raise PermissionDenied
        if order.status not in EDITABLE:
            messages.info(request, str(WrongStatus(order.get_status_display())))
            return HttpResponseRedirect(order_address(pk))
        seen = request.POST.get("seen_revision", "")
        if is_id(seen) and int(seen) != order.revision:
            # The typed counts belong to lines of an older version: said before they are found fault with.
            messages.error(request, str(EditConflict()))
            return HttpResponseRedirect(request.path)
        form = EditForm(request.POST if request.method == "POST" else None, order=order)
        if request.method == "POST" and "look_up" in request.POST:
            # Only offers are wanted: nothing that is still empty is found fault with.
            form.errors.clear()
        elif form.is_valid():
            try:
                edit_order(
                    order,
                    form.edit(),
                    author=request.user,  # type: ignore[arg-type]
                    reason=form.cleaned_data["reason"],
                    seen_revision=form.cleaned_data["seen_revision"],
                )
            except EditConflict as refusal:
                messages.error(request, str(refusal))
                return HttpResponseRedirect(order_address(pk))
            except OrdersError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Замовлення змінено, покупцеві надіслано нову суму."))
                return HttpResponseRedirect(order_address(pk))
        context = self.admin_site.each_context(request) | {
            "title": _("Змінити замовлення № %(number)s") % {"number": order.number},
            "opts": self.opts,
            "original": order,
            "order": order,
            "form": form,
            "sees_costs": request.user.has_perm("offers.view_purchase_price"),
        }
        return TemplateResponse(request, "admin/orders/order/edition.html", context)

    def paper(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        order = self.get_object(request, str(pk))
        if order is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))  # type: ignore[no-any-return]
        if not self.has_view_permission(request, order):
            raise PermissionDenied
        made = paper(order, kind)
        if made is None:
            raise Http404
        return pdf_response(made, f"{kind}-{order.number}")

    def parcel_act(self, request: HttpRequest, pk: int, parcel: int, act: str) -> HttpResponse:
        order = self.get_object(request, str(pk))
        if order is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))  # type: ignore[no-any-return]
        return carry_out_for_parcel(request, order, parcel, act)
