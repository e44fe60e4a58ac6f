"""What the SMS gateways share: one connection to one provider, and what a broken conversation says about a message."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx
import structlog

from shop.messaging.errors import GatewayUnavailable, OutcomeUnknown

log = structlog.get_logger(__name__)
# Both say by their definition that the request was not carried out.
_NOT_TAKEN = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class HttpGateway:
    """A provider behind an HTTP interface that speaks JSON; a gateway adds what its own answers mean."""

    name: str
    # Asked when the connection is made; any answer will do, and the question carries no personal data.
    _greeting = "/"

    def __init__(self, address: str, *, headers: Mapping[str, str] | None = None, auth: Any = None) -> None:
        self._address, self._headers, self._auth = address, headers, auth
        self._client: httpx.Client | None = None

    def open(self) -> None:
        if self._client is not None:
            return
        client = httpx.Client(
            base_url=self._address,
            headers=self._headers,
            auth=self._auth,
            timeout=httpx.Timeout(10, connect=3),
            follow_redirects=False,
        )
        try:
            client.get(self._greeting)
        except httpx.HTTPError as error:
            client.close()
            raise GatewayUnavailable(type(error).__name__) from error
        self._client = client

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _call(self, method: str, path: str, **content: Any) -> tuple[int, dict[str, Any]]:
        """HTTP status and the object in the answer.

        Raises GatewayUnavailable when nobody can have read the request, OutcomeUnknown when somebody may have.
        """
        self.open()
        assert self._client is not None
        try:
            response = self._client.request(method, path, **content)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise GatewayUnavailable(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise OutcomeUnknown(type(error).__name__) from error
        if response.status_code in _NOT_TAKEN:
            raise GatewayUnavailable(f"HTTP {response.status_code}")
        try:
            answer = response.json()
        except ValueError as error:
            raise self._not_an_answer(response.status_code) from error
        if not isinstance(answer, dict):
            raise self._not_an_answer(response.status_code)
        return response.status_code, answer

    def _not_an_answer(self, status: int) -> GatewayUnavailable | OutcomeUnknown:
        """A page of HTML instead of JSON. At the door (401, 403) it is our key; elsewhere nobody knows."""
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return self._needs_attention(f"HTTP {status}")
        return OutcomeUnknown(f"HTTP {status}, not an answer of {self.name}")

    def _needs_attention(self, reason: str) -> GatewayUnavailable:
        """Key, money, sender name: nothing goes out by this gateway until a person acts, and then everything can."""
        log.error("sms-gateway-needs-attention", gateway=self.name, code=reason.partition(" ")[0])
        return GatewayUnavailable(reason)
