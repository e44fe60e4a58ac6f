"""Calls to providers over HTTP: short time-outs, no redirects, exceptions that say whether it may have happened."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from orders.payments.provider import CONNECT_SECONDS, TIMEOUT_SECONDS, OutcomeUnknown, ProviderUnavailable

log = structlog.get_logger(__name__)


def call(provider: str, method: str, address: str, *, may_be_refused: bool = False, **request: Any) -> httpx.Response:
    """One try. Raises ProviderUnavailable when it was surely not taken, OutcomeUnknown when it may have been.

    ``may_be_refused``: the caller signs in again on 401 and 403 itself.
    """
    try:
        with httpx.Client(timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS)) as client:
            response = client.request(method, address, follow_redirects=False, **request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise ProviderUnavailable(type(error).__name__) from error
    except httpx.HTTPError as error:
        raise OutcomeUnknown(type(error).__name__) from error
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise ProviderUnavailable("HTTP 429")
    if not may_be_refused and response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        log.error("payment-provider-needs-attention", provider=provider, code=response.status_code)
        raise ProviderUnavailable(f"HTTP {response.status_code}")
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise OutcomeUnknown(f"HTTP {response.status_code}")
    return response


def origin(address: str) -> str:
    """``https://pay.example`` of ``https://pay.example/p2_9Zgp?x=1``."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
