"""The admin site: Unfold's look, the work queue first, and a plain word to those who lack a right."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog
from unfold.sites import UnfoldAdminSite


class ShopAdminSite(UnfoldAdminSite):
    index_title = _("Що потребує уваги")
    enable_nav_sidebar = True
    empty_value_display = "—"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        # The site is built while apps are still loading, before models may be imported.
        from shop.backoffice.queues import desk_of

        response: TemplateResponse = super().index(request, {"desk": desk_of(request.user)} | (extra_context or {}))
        return response

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Unfold's form keeps only what its address says, so the address says where to go after signing in."""
        if request.method == "GET" and REDIRECT_FIELD_NAME not in request.GET:
            query = urlencode({REDIRECT_FIELD_NAME: reverse("admin:index")})
            return HttpResponseRedirect(f"{request.path}?{query}")
        response: HttpResponse = super().login(request, extra_context)
        return response

    def i18n_javascript(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Django's admin scripts with our words where its own Ukrainian catalogue has none."""
        packages = ["django.contrib.admin", "shop.backoffice"]
        return JavaScriptCatalog.as_view(packages=packages)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The sidebar is the list of what there is; building Django's own on every page would be work for nothing."""
        return super().get_app_list(request, app_label) if app_label else []

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if "%00" in request.META["QUERY_STRING"]:
                # PostgreSQL keeps no NUL in a text; nobody types one.
                return HttpResponseRedirect(request.path)
            try:
                response: HttpResponse = inner(request, *args, **kwargs)
            except PermissionDenied:
                return self.refused(request)
            if view != self.i18n_javascript:
                # Pages of staff are never kept; words of scripts hold nothing of anybody.
                response.headers.setdefault("Cache-Control", "no-store, private")
            return response

        return guarded

    def refused(self, request: HttpRequest) -> HttpResponse:
        """Signed in, but not for this: said in the same frame, with the way back."""
        context = self.each_context(request) | {"title": _("Немає доступу")}
        response = TemplateResponse(request, "backoffice/refused.html", context, status=403)
        response.headers["Cache-Control"] = "no-store, private"
        return response.render()
