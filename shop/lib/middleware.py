"""What happens to every request: a line in the log, the content policy of its place."""

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import build_policy

ADMIN_PATH = "/admin/"
log = structlog.get_logger(__name__)


class RequestLog:
    """One line a request: method, route name, status, milliseconds, bytes.

    Never the path or the query: an address may hold the secret of an order's page, a search what somebody typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            route=(match.view_name if match else "") or "no route",
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
            bytes=None if response.streaming else len(response.content),
        )
        return response


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
