"""One HTTP call to a carrier, and what its failure means."""

import re
from http import HTTPStatus
from typing import Any

import httpx
import structlog

from shop.delivery.carriers.protocol import CarrierUnavailable, OutcomeUnknown

log = structlog.get_logger(__name__)

_TIMEOUT = httpx.Timeout(15, connect=3)
# Carriers put what they refuse into the sentence that says so; phones and numbers stay out of our logs.
_DIGITS = re.compile(r"\+?[0-9][0-9 ()-]{3,}")
_LONGEST_CODE = 80


def fetch(carrier: str, method: str, address: str, **request: Any) -> httpx.Response:
    """One try; answers of 4xx come back, all but a wrong key and "too many".

    The address may hold a key, so errors name their type alone.
    """
    try:
        with httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client:
            response = client.request(method, address, **request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise CarrierUnavailable(type(error).__name__) from None
    except httpx.HTTPError as error:
        raise OutcomeUnknown(type(error).__name__) from None
    if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise wrong_key(carrier, f"HTTP {response.status_code}")
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise CarrierUnavailable("HTTP 429")
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise OutcomeUnknown(f"HTTP {response.status_code}")
    return response


def wrong_key(carrier: str, code: str) -> CarrierUnavailable:
    """To be raised; the log says it to those who look after the shop."""
    log.error("carrier-needs-attention", carrier=carrier, code=code)
    return CarrierUnavailable(code)


def fetch_pdf(carrier: str, address: str, **request: Any) -> bytes:
    """A label. A page in its place is an error, however politely it came."""
    body = fetch(carrier, "GET", address, **request).content
    if not body.startswith(b"%PDF"):
        raise OutcomeUnknown("not a PDF")
    return body


def code_of(text: object) -> str:
    """A carrier's sentence as a code: short, without phones and numbers."""
    return _DIGITS.sub("…", str(text or ""))[:_LONGEST_CODE].strip()
