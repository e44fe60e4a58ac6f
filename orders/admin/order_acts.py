"""Buttons of an order: each is an act with a form, a right and a page of its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from orders.admin.acts import (
    ACTS,
    ASK_MONEY,
    CANCEL,
    CHECK_FIT,
    COMPLETE,
    CONFIRM,
    NOTE,
    RECORD_MONEY,
    SHIP,
    TAKE,
    Act,
)
from orders.errors import OrdersError, WrongStatus
from orders.models import Order
from shop.lib.admin import ReadOnlyModelAdmin, action


class OrderActs(ReadOnlyModelAdmin):
    """Mixed into the page of orders. What staff may do is a right of its own, apart from seeing orders."""

    actions_detail: tuple[str, ...] = tuple(ACTS)

    def has_confirm_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request, CONFIRM)

    def has_ship_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request, SHIP)

    def has_complete_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request, COMPLETE)

    def has_cancel_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request, CANCEL)

    def has_note_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request, NOTE)

    def has_take_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request, TAKE)

    def has_check_fit_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request, CHECK_FIT)

    def has_handle_money_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may(request, RECORD_MONEY)

    @action(
        description=CONFIRM.title,
        url_path=CONFIRM.path,
        permissions=["confirm"],
        icon=CONFIRM.icon,
        variant=CONFIRM.variant,
    )
    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(CONFIRM, request, object_id)

    @action(
        description=CHECK_FIT.title,
        url_path=CHECK_FIT.path,
        permissions=["check_fit"],
        icon=CHECK_FIT.icon,
        variant=CHECK_FIT.variant,
    )
    def check_fit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(CHECK_FIT, request, object_id)

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

    @action(description=TAKE.title, url_path=TAKE.path, permissions=["take"], icon=TAKE.icon, variant=TAKE.variant)
    def take(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(TAKE, request, object_id)

    @action(
        description=ASK_MONEY.title,
        url_path=ASK_MONEY.path,
        permissions=["handle_money"],
        icon=ASK_MONEY.icon,
        variant=ASK_MONEY.variant,
    )
    def ask_money(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(ASK_MONEY, request, object_id)

    @action(
        description=RECORD_MONEY.title,
        url_path=RECORD_MONEY.path,
        permissions=["handle_money"],
        icon=RECORD_MONEY.icon,
        variant=RECORD_MONEY.variant,
    )
    def record_money(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(RECORD_MONEY, request, object_id)

    @action(
        description=CANCEL.title, url_path=CANCEL.path, permissions=["cancel"], icon=CANCEL.icon, variant=CANCEL.variant
    )
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(CANCEL, request, object_id)

    @action(description=NOTE.title, url_path=NOTE.path, permissions=["note"], icon=NOTE.icon, variant=NOTE.variant)
    def note(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._carry_out(NOTE, request, object_id)

    def get_actions_detail(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        """Buttons that this person has the right to and that the order's state allows."""
        order = self.get_object(request, str(object_id))
        if order is None:
            return []
        offered = {f"orders_order_{act.name}" for act in ACTS.values() if act.is_offered(order, request.user)}
        return [each for each in super().get_actions_detail(request, object_id) if each.action_name in offered]

    def _carry_out(self, act: Act, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET shows what will happen and asks; POST does it. A second click is told that it is done already."""
        order = self.get_object(request, object_id)
        if order is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        back = HttpResponseRedirect(order_address(order.pk))
        if request.method != "POST" and not act.is_offered(order, request.user):
            messages.info(request, str(WrongStatus(order.get_status_display())))
            return back
        form = act.form(request.POST if request.method == "POST" else None, order=order, person=request.user)
        if form.is_valid():
            try:
                act.do(order, author=request.user, **form.act_arguments())
            except OrdersError as refusal:
                if type(refusal) not in act.mendable:
                    messages.error(request, str(refusal))
                    return back
                # A form without data shows what is true now: counts, and what suppliers offer.
                beside = act.mendable[type(refusal)]
                form.add_error(beside if beside in form.fields else None, str(refusal))
            else:
                messages.success(request, str(act.done))
                return back
        context = self.admin_site.each_context(request) | {
            "title": f"{act.title} № {order.number}",
            "opts": self.opts,
            "original": order,
            "order": order,
            "act": act,
            "form": form,
        }
        return TemplateResponse(request, "admin/orders/order/act.html", context)


def may(request: HttpRequest, act: Act) -> bool:
    return bool(request.user.has_perm(act.permission))


def order_address(pk: int) -> str:
    return reverse("admin:orders_order_change", args=[pk])


def forms_of(order: Order, person: Any) -> list[dict[str, Any]]:
    """Every act offered now with an empty form and its address, for the order's own page."""
    return [
        {
            "act": act,
            "form": act.form(order=order, person=person, auto_id=f"id_{act.name}_%s"),
            "url": reverse(f"admin:orders_order_{act.name}", args=[order.pk]),
        }
        for act in ACTS.values()
        if act.is_offered(order, person)
    ]
