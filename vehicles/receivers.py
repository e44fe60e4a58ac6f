"""What signing in and out does to the cars of a browser."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vehicles.garage import LIMIT


def move_in(request: HttpRequest | None, user: Any, **_signal: Any) -> None:
    """Hears ``user_logged_in``. Signing in by code, without a browser, brings no cars."""
    chosen = getattr(request, "chosen", None)
    if request is not None and chosen is not None and not chosen.move_in(user.pk):
        text = _("У гаражі вже %(count)s авто, тож не всі авто з цього браузера до нього перейшли.")
        messages.warning(request, text % {"count": LIMIT})


def leave(request: HttpRequest | None, **_signal: Any) -> None:
    """Hears ``user_logged_out``."""
    chosen = getattr(request, "chosen", None)
    if chosen is not None:
        chosen.leave()
