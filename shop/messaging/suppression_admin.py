"""Closed addresses as staff see them: who cannot be reached, why, and opening them again with a reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RadioFilter, RangeDateTimeFilter
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget

from shop.lib.admin import ReadOnlyModelAdmin, action, display
from shop.lib.phones import normalise_phone
from shop.messaging.models import Channel, Suppression
from shop.messaging.suppression import SOFT_LIMIT, SOFT_WINDOW, hash_of, in_force, lift

LIFT = "messaging.lift_suppression"
_STATES = {
    "closed": gettext_lazy("закрито"),
    "counted": gettext_lazy("рахуємо"),
    "lifted": gettext_lazy("знято"),
    "over": gettext_lazy("минуло"),
}


class LiftForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Чому"),
        max_length=200,
        help_text=gettext_lazy("Наприклад: покупець звільнив скриньку або виправив номер."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class NowFilter(RadioFilter):
    """What is closed at this moment, without counted soft bounces and lifted rows."""

    title = gettext_lazy("зараз")
    parameter_name = "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("closed", gettext_lazy("закрито")), ("open", gettext_lazy("відкрито"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Suppression]) -> models.QuerySet[Suppression]:
        match self.value():
            case "closed":
                return queryset.filter(in_force())
            case "open":
                return queryset.exclude(in_force())
        return queryset


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyModelAdmin):
    list_display = ["shown", "channel", "reason", "state", "times", "since", "until", "lifted_by"]
    list_filter = [
        NowFilter,
        ("reason", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        ("since", RangeDateTimeFilter),
    ]
    list_filter_submit = True
    list_select_related = ["lifted_by"]
    search_fields = ["receiver_hash__exact"]
    search_help_text = gettext_lazy("Телефон у будь-якому написанні або повна електронна пошта")
    fields = [
        "shown",
        "channel",
        "reason",
        "state",
        "times",
        ("since", "until"),
        ("lifted_at", "lifted_by"),
        "lifted_why",
    ]
    readonly_fields = ["state"]
    actions_detail = ["open_again"]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Suppression], search_term: str
    ) -> tuple[models.QuerySet[Suppression], bool]:
        """The list holds digits in place of addresses, so only a whole address is found."""
        term = search_term.replace("\0", "").strip()
        if term:
            known = Q(channel=Channel.EMAIL, receiver_hash=hash_of(Channel.EMAIL, term))
            if phone := normalise_phone(term):
                known |= Q(channel=Channel.SMS, receiver_hash=hash_of(Channel.SMS, phone))
            queryset = queryset.filter(known)
        return queryset, False

    @display(
        description=gettext_lazy("стан"),
        label={"closed": "danger", "counted": "info", "lifted": "success", "over": ""},
    )
    def state(self, obj: Suppression) -> tuple[str, Any]:
        key = _state(obj)
        return key, _STATES[key]

    def get_actions_detail(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        row = self.get_object(request, str(object_id))
        if row is None or row.lifted_at is not None or not request.user.has_perm(LIFT):
            return []
        return list(super().get_actions_detail(request, object_id))

    @action(
        description=gettext_lazy("Знову надсилати"),
        url_path="lifting",
        icon="mark_email_read",
        variant=ActionVariant.PRIMARY,
    )
    def open_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET says what will happen and asks why; POST does it. A second press is told that it is done already."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not request.user.has_perm(LIFT):
            raise PermissionDenied
        back = reverse("admin:messaging_suppression_change", args=[row.pk])
        form = LiftForm(request.POST if request.method == "POST" else None)
        if row.lifted_at is None and form.is_valid():
            if lift(row, author=request.user, why=form.cleaned_data["why"]):  # type: ignore[arg-type]
                self.log_change(request, row, "open_again")
                messages.success(request, _("Адресу відкрито: наступні повідомлення підуть."))
                return HttpResponseRedirect(back)
            row.refresh_from_db()
        if row.lifted_at is not None:
            messages.info(request, _("Цю адресу вже відкрито."))
            return HttpResponseRedirect(back)
        context = self.admin_site.each_context(request) | {
            "title": _("Знову надсилати на %(address)s?") % {"address": row.shown},
            "opts": self.opts,
            "original": row,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/messaging/suppression/lifting.html", context)


def _state(row: Suppression) -> str:
    if row.lifted_at is not None:
        return "lifted"
    if row.until is None or row.until > timezone.now():
        return "closed"
    lately = [moment for moment in row.soft_bounces if moment > timezone.now() - SOFT_WINDOW]
    return "counted" if 0 < len(lately) < SOFT_LIMIT else "over"
