"""The admin site: Unfold's look, the work queue first, and a plain word to those who lack a right."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class ShopAdminSite(UnfoldAdminSite):
    index_title = _("Що потребує уваги")
    enable_nav_sidebar = True
    empty_value_display = "—"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        # The site is built while apps are still loading, before models may be imported.
        from shop.backoffice.queues import desk_of

        return super().index(request, {"desk": desk_of(request.user)} | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The sidebar is the list of what there is; building Django's own on every page would be work for nothing."""
        return super().get_app_list(request, app_label) if app_label else []

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response: HttpResponse = inner(request, *args, **kwargs)
            except PermissionDenied:
                return self.refused(request)
            return response

        return guarded

    def refused(self, request: HttpRequest) -> HttpResponse:
        """Signed in, but not for this: said in the same frame, with the way back."""
        context = self.each_context(request) | {"title": _("Немає доступу")}
        response = TemplateResponse(request, "backoffice/refused.html", context, status=403)
        response.headers["Cache-Control"] = "no-store, private"
        return response.render()
