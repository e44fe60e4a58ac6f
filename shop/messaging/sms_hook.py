"""``/hooks/turbosms/``, ``/hooks/alphasms/…/``, ``/hooks/twilio/``: what SMS gateways tell of our messages.

Proved first (which takes no query), kept, answered; a task applies it. Hundreds a second may come after a campaign, so
what is proved has no limit; what is not is refused, counted and not kept.
"""

import json
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from shop.lib import limits
from shop.lib.client_address import client_address
from shop.lib.crypto import is_link_secret
from shop.messaging import sms_news
from shop.messaging.gateways import alphasms, turbosms, twilio

log = structlog.get_logger(__name__)
_MOST_BYTES = 16 * 1024
_LONGEST_ID = 64


@csrf_exempt
@require_POST
def turbosms_hook(request: HttpRequest) -> HttpResponse:
    """Signed over the event's id alone, so an id belongs to the message that it came with first."""
    if not settings.TURBOSMS_HOOK_SECRET:
        raise Http404
    if too_much := _too_much(request):
        return too_much
    said = _json(request)
    event_id, signature = str(said.get("id") or ""), str(said.get("signature") or "")
    if not event_id or not turbosms.is_signed(event_id, signature, settings.TURBOSMS_HOOK_SECRET):
        return _refuse(request, "wrong-signature")
    data = said.get("data")
    data = data if isinstance(data, dict) else {}
    message_id = str(data.get("message_id") or "")[:_LONGEST_ID]
    told = sms_news.Told("TurboSMS", message_id, str(data.get("status") or ""), at=str(data.get("dlr_date") or ""))
    if not sms_news.keep("turbosms", event_id, told):
        return _refuse(request, "another-message")
    return HttpResponse("OK", content_type="text/plain")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def alphasms_hook(request: HttpRequest, number: int, secret: str) -> HttpResponse:
    """Not signed: the address is known to AlphaSMS alone and is of one message."""
    if too_much := _too_much(request):
        return too_much
    if not is_link_secret(secret, alphasms.HOOK, str(number)):
        return _refuse(request, "wrong-address")
    status = _alphasms_status(request)
    sms_news.keep("alphasms", f"{number} {status}", sms_news.Told("AlphaSMS", str(number), status))
    return HttpResponse("OK", content_type="text/plain")


@csrf_exempt
@require_POST
def twilio_hook(request: HttpRequest) -> HttpResponse:
    if not settings.TWILIO_TOKEN:
        raise Http404
    if too_much := _too_much(request):
        return too_much
    fields = {name: str(value) for name, value in request.POST.items()}
    signature = request.headers.get("X-Twilio-Signature", "")
    if not twilio.is_signed(twilio.hook_address(), fields, signature, settings.TWILIO_TOKEN):
        return _refuse(request, "wrong-signature")
    status, error = fields.get("MessageStatus", ""), fields.get("ErrorCode", "")
    sid = fields.get("MessageSid", "")[:_LONGEST_ID]
    sms_news.keep("twilio", f"{sid} {status} {error}", sms_news.Told("Twilio", sid, status, error=error))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _too_much(request: HttpRequest) -> HttpResponse | None:
    if limits.is_too_often("refused-notice", address=client_address(request)):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return None


def _refuse(request: HttpRequest, problem: str) -> HttpResponse:
    log.warning("sms-notice-refused", problem=problem)
    limits.count("refused-notice", address=client_address(request))
    return HttpResponse(status=HTTPStatus.FORBIDDEN)


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _alphasms_status(request: HttpRequest) -> str:
    """The word in whichever shape it comes: JSON, a form, the address."""
    said: Any = _json(request)
    inner = said.get("data")
    places = [said, inner if isinstance(inner, dict) else {}, request.POST, request.GET]
    return next((str(place["status"])[:60] for place in places if place.get("status")), "")
