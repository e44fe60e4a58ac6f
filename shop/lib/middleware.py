"""Two headers that depend on where a page stands."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import build_policy

ADMIN_PATH = "/admin/"


class ContentSecurityPolicyByPath:
    """The strict policy everywhere, Unfold's looser one under ``/admin/``.

    Django's own middleware knows one policy, and decorating every admin view would miss the next one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.strict = build_policy(settings.SECURE_CSP)
        self.admin = build_policy(settings.ADMIN_CSP)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = self.admin if request.path_info.startswith(ADMIN_PATH) else self.strict
        response.headers.setdefault("Content-Security-Policy", policy)
        return response
