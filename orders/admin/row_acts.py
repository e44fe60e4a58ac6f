"""Acts on rows that staff otherwise only read: a button, a page that says what will happen, a form, a message."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.enums import ActionVariant

from orders.errors import OrdersError
from shop.lib.admin import ReadOnlyModelAdmin


class RowForm(forms.Form):
    """Nothing to fill in; subclasses add what their act asks for. Field names are the act's arguments."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row


@dataclass(frozen=True)
class RowAct:
    """``do(row, author=…, **form)`` gives the words of success, or None for ``done``; refusals are shown."""

    name: str
    path: str
    title: Any
    explanation: Any
    do: Callable[..., Any]
    is_offered: Callable[[Any], bool]
    right: str
    icon: str
    done: Any = ""
    form: type[RowForm] = RowForm
    is_dangerous: bool = False

    @property
    def variant(self) -> ActionVariant:
        return ActionVariant.DANGER if self.is_dangerous else ActionVariant.PRIMARY


class ActsAdmin(ReadOnlyModelAdmin):
    """Subclasses name ``acts`` and have a method for each that calls ``carry_out``."""

    acts: tuple[RowAct, ...] = ()

    def get_actions_detail(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        """Buttons that this person has the right to and that the row's state allows."""
        row = self.get_object(request, str(object_id))
        if row is None:
            return []
        meta = self.model._meta
        offered = {
            f"{meta.app_label}_{meta.model_name}_{act.name}"
            for act in self.acts
            if request.user.has_perm(act.right) and act.is_offered(row)
        }
        return [each for each in super().get_actions_detail(request, object_id) if each.action_name in offered]

    def carry_out(self, act: RowAct, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET says what will happen and asks; POST does it. A second click is told that it is done already."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not request.user.has_perm(act.right):
            return HttpResponse(status=403)
        back = HttpResponseRedirect(self._address(row))
        if not act.is_offered(row):
            messages.info(request, _("Це вже зроблено або зараз неможливо."))
            return back
        form = act.form(request.POST if request.method == "POST" else None, row=row)
        if request.method == "POST" and form.is_valid():
            try:
                said = act.do(row, author=request.user, **form.cleaned_data)
            except OrdersError as refusal:
                messages.error(request, str(refusal))
            else:
                self.log_change(request, row, act.name)
                messages.success(request, str(said if isinstance(said, str) and said else act.done))
            return back
        context = self.admin_site.each_context(request) | {
            "title": f"{act.title}: {row}",
            "opts": self.opts,
            "original": row,
            "act": act,
            "form": form,
            "back": self._address(row),
        }
        return TemplateResponse(request, "admin/orders/act.html", context)

    def _address(self, row: models.Model) -> str:
        meta = self.model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
