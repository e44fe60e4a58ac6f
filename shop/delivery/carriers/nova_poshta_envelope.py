"""Nova Poshta API 2.0: one address, one envelope. Business errors come with HTTP 200 and ``success: false``."""

import json
from typing import Any

from django.conf import settings

from shop.delivery.carriers.calling import fetch, wrong_key
from shop.delivery.carriers.protocol import CarrierRefused, CarrierUnavailable, OutcomeUnknown

_BAD_KEY = frozenset({"20000200068", "20000200069"})
_BUSY = frozenset({"20000401501", "20000100016"})


def ask(model: str, method: str, **properties: Any) -> list[Any]:
    """``data`` of the answer. Raises CarrierUnavailable, CarrierRefused or OutcomeUnknown."""
    response = fetch(
        "nova-poshta",
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
        raise wrong_key("nova-poshta", codes[0])
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
