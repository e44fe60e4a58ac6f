"""What the admin's frame links besides Unfold's own files."""

from django.http import HttpRequest
from django.templatetags.static import static


def desk_styles(request: HttpRequest) -> str:
    return static("css/desk.css")


def favicon(request: HttpRequest) -> str:
    return static("img/favicon.svg")
