"""What SMS cost, above the list of messages and on a page of its own by month and gateway."""

import re
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.lib.admin import ReadOnlyModelAdmin
from shop.messaging.asking import known_balances
from shop.messaging.costs import costs_of_month, in_all, months_with_costs

_MONTH = re.compile(r"(\d{4})-(\d{2})")


class WithCosts(ReadOnlyModelAdmin):
    """For the list of messages: a line about this month, and the page it leads to."""

    list_before_template = "admin/messaging/message/costs_line.html"

    def get_urls(self) -> list[URLPattern]:
        costs = self.admin_site.admin_view(self.costs)
        return [path("costs/", costs, name="messaging_message_costs"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        month = timezone.localdate()
        more = {"sms_month": month, "sms_costs": in_all(costs_of_month(month))}
        return super().changelist_view(request, {**(extra_context or {}), **more})  # type: ignore[no-any-return]

    def costs(self, request: HttpRequest) -> HttpResponse:
        """One month by gateway."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        month = _month(request.GET.get("month", ""))
        costs = costs_of_month(month)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Вартість SMS"),
            "month": month,
            "months": months_with_costs(),
            "costs": costs,
            "all": in_all(costs),
            "balances": known_balances(),
        }
        return TemplateResponse(request, "admin/messaging/message/costs.html", context)


def _month(asked: str) -> date:
    """The first day of ``2026-11``; of this month when nothing readable was asked for."""
    today = timezone.localdate()
    if found := _MONTH.fullmatch(asked):
        year, month = int(found[1]), int(found[2])
        if year >= 1 and 1 <= month <= 12 and year < 9999:
            return date(year, month, 1)
    return today.replace(day=1)
