"""Nova Poshta API 2.0: one address, one envelope. Business errors come with HTTP 200 and ``success: false``."""

import json
from http import HTTPStatus
from typing import Any

import httpx
import structlog
from django.conf import settings

from shop.delivery.carriers.protocol import CarrierRefused, CarrierUnavailable, OutcomeUnknown

log = structlog.get_logger(__name__)

_TIMEOUT = httpx.Timeout(15, connect=3)
_BAD_KEY = frozenset({"20000200068", "20000200069"})
_BUSY = frozenset({"20000401501", "20000100016"})


def ask(model: str, method: str, **properties: Any) -> list[Any]:
    """``data`` of the answer. Raises CarrierUnavailable, CarrierRefused or OutcomeUnknown."""
    response = fetch(
        "POST",
        f"{settings.NOVA_POSHTA_URL}/v2.0/json/",
        json={
            "apiKey": settings.NOVA_POSHTA_KEY,
            "modelName": model,
            "calledMethod": method,
            "methodProperties": properties,
        },
    )
    try:
        answer = json.loads(response.text)
    except ValueError as error:
        raise OutcomeUnknown(f"HTTP {response.status_code}, not JSON") from error
    return unwrap(answer)


def fetch(method: str, address: str, **request: Any) -> httpx.Response:
    """One try. The address may hold the key, so errors name their type alone."""
    try:
        with httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client:
            response = client.request(method, address, **request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise CarrierUnavailable(type(error).__name__) from None
    except httpx.HTTPError as error:
        raise OutcomeUnknown(type(error).__name__) from None
    if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        log.error("carrier-needs-attention", carrier="nova-poshta", code=response.status_code)
        raise CarrierUnavailable(f"HTTP {response.status_code}")
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise CarrierUnavailable("HTTP 429")
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise OutcomeUnknown(f"HTTP {response.status_code}")
    return response


def unwrap(answer: Any) -> list[Any]:
    """``data`` of an envelope; error codes may be a list, or an object keyed by index."""
    if not isinstance(answer, dict) or not isinstance(answer.get("success"), bool):
        raise OutcomeUnknown("not an envelope")
    if answer["success"]:
        data = answer.get("data")
        if not isinstance(data, list):
            raise OutcomeUnknown("data is not a list")
        return data
    codes = flat(answer.get("errorCodes"))
    if _BAD_KEY & set(codes):
        log.error("carrier-needs-attention", carrier="nova-poshta", code=codes[0])
        raise CarrierUnavailable(codes[0])
    if _BUSY & set(codes):
        raise CarrierUnavailable(codes[0])
    raise CarrierRefused(codes or ["no code"])


def flat(codes: Any) -> list[str]:
    """``["1"]``, ``{"1": "2"}`` and ``"3"`` are lists of texts."""
    if isinstance(codes, dict):
        codes = list(codes.values())
    if not isinstance(codes, list):
        codes = [codes] if codes else []
    return [str(code)[:40] for code in codes if code]
