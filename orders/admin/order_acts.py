"""Buttons of an order: each is an act with a form, a right and a page of its own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
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


def _button(act: Act) -> Any:
    """The page of one act; Unfold finds it as a method of the admin.

    The right is asked for here: Unfold's check of rights named by app reads a table that a new database does not have.
    """

    def press(self: "OrderActs", request: HttpRequest, object_id: str) -> HttpResponse:
        if not may(request, act):
            raise PermissionDenied
        return self.carry_out(act, request, object_id)

    press.__name__ = act.name
    options = {"description": act.title, "url_path": act.path, "icon": act.icon, "variant": act.variant}
    return action(**options)(press)


class OrderActs(ReadOnlyModelAdmin):
    """Mixed into the page of orders. What staff may do is a right of its own, apart from seeing orders."""

    actions_detail: tuple[str, ...] = tuple(ACTS)

    confirm = _button(CONFIRM)
    check_fit = _button(CHECK_FIT)
    ship = _button(SHIP)
    complete = _button(COMPLETE)
    take = _button(TAKE)
    ask_money = _button(ASK_MONEY)
    record_money = _button(RECORD_MONEY)
    cancel = _button(CANCEL)
    note = _button(NOTE)

    # Django asks these for the steps above the list.
    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return may(request, CONFIRM)

    def has_take_permission(self, request: HttpRequest) -> bool:
        return may(request, TAKE)

    def get_actions_detail(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        """Buttons that this person has the right to and that the order's state allows."""
        order = self.get_object(request, str(object_id))
        if order is None:
            return []
        offered = {f"orders_order_{act.name}" for act in ACTS.values() if act.is_offered(order, request.user)}
        return [each for each in super().get_actions_detail(request, object_id) if each.action_name in offered]

    def carry_out(self, act: Act, request: HttpRequest, object_id: str) -> HttpResponse:
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
