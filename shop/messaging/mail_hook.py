"""``/anymail/<provider>/tracking/``: what a mail provider tells of our letters. Anymail proves and reads it."""

from http import HTTPStatus

import structlog
from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.urls import urlpatterns
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.lib import limits
from shop.lib.client_address import client_address

log = structlog.get_logger(__name__)
_MOST_BYTES = 1024 * 1024
# Letters that come in are not for us: only what becomes of ours.
_VIEWS = {
    name.removesuffix("_webhook").removesuffix("_tracking"): pattern.callback
    for pattern in urlpatterns
    if (name := pattern.name or "").endswith(("_tracking_webhook", "mandrill_webhook"))
}


@csrf_exempt
@require_POST
def mail_hook(request: HttpRequest, provider: str) -> HttpResponse:
    """Heard only from providers that ``MAILERS`` names, with the password of ``WEBHOOK_SECRET`` and their signature."""
    if provider not in _providers() or provider not in _VIEWS or not settings.ANYMAIL["WEBHOOK_SECRET"]:
        raise Http404
    who = {"address": client_address(request)}
    if limits.is_too_often("refused-notice", **who):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        answer: HttpResponse = _VIEWS[provider](request)
    except (AnymailWebhookValidationFailure, ValueError) as error:
        # Not signed, or not JSON. Caught here, because Django would write a letter to people about each.
        log.warning("mail-notice-refused", provider=provider, error=type(error).__name__)
        limits.count("refused-notice", **who)
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    return answer


def _providers() -> set[str]:
    backends = [str(mailer["BACKEND"]) for mailer in settings.MAILERS.values()]
    return {backend.split(".")[-2] for backend in backends if backend.startswith("anymail.")}
