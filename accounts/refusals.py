"""The page that says "not so often"."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.errors import AccountsError


def too_often(request: HttpRequest, refusal: AccountsError | None = None) -> HttpResponse:
    """As allauth's limits and ours answer; ``handler429`` of the site."""
    return render(request, "errors/429.html", {"refusal": refusal}, status=HTTPStatus.TOO_MANY_REQUESTS)
