"""The visitor's own choice of language, remembered in a cookie."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shop.lib.languages import address_in
from vehicles.chosen import ShopRequest


@require_POST
def language(request: ShopRequest) -> HttpResponse:
    """To the same page in the language asked for.

    Django's own view resolves ``next`` in the language of the moment, which loses English pages here: the form's
    address has no prefix.
    """
    chosen = request.POST.get("language", "")
    address = request.POST.get("next", "")
    if chosen not in dict(settings.LANGUAGES):
        return redirect("storefront:home")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    _scheme, _host, path, query, _fragment = urlsplit(address if is_ours else "/")
    answer = redirect(urlunsplit(("", "", address_in(chosen, path or "/"), query, "")))
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return answer
