"""What every page's header knows of the visitor's account."""

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def signed_in(request: HttpRequest) -> dict[str, object]:
    """``is_signed_in``: by the session alone, without reading the account; error pages have none."""
    return {"is_signed_in": SimpleLazyObject(lambda: SESSION_KEY in getattr(request, "session", ()))}
