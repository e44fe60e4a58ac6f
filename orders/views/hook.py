"""``/hooks/<provider>/``: notices of payment providers. Stored first, applied if that is quick, answered fast."""

from http import HTTPStatus

import structlog
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.payments import notices_in
from orders.payments.provider import Notice, ProviderUnavailable
from orders.payments.registry import PROVIDERS
from shop.lib import limits
from shop.lib.client_address import client_address

log = structlog.get_logger(__name__)

_MOST_BYTES = 64 * 1024


@csrf_exempt
@require_POST
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """What is proved is acknowledged as its provider demands, however often it comes; what is not is refused."""
    known = PROVIDERS.get(provider)
    if known is None or not known.is_on:
        raise Http404
    who = {"address": client_address(request)}
    if limits.is_too_often("refused-notice", **who):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    notice = Notice(request.body, request.headers.get("X-Sign", ""))
    event = notices_in.store(provider, notice)
    try:
        event = notices_in.handle(event)
    except (DatabaseError, ProviderUnavailable) as error:
        # It is kept; the timetable comes back to it.
        log.warning("notice-waits", provider=provider, event_id=event.pk, error=type(error).__name__)
    if event.problem in notices_in.UNPROVED:
        limits.count("refused-notice", **who)
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    answer = known.acknowledge(notice)
    return HttpResponse(answer.body, content_type=answer.content_type)
