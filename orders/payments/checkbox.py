"""Checkbox (https://api.checkbox.ua), a software cash register: sign-in, the day's shift, receipts by an id of ours.

Prices are kopecks, quantities thousandths. The same id sent twice makes one receipt.
"""

import time
from http import HTTPStatus
from typing import Any

import httpx
import structlog
from django.conf import settings

from orders.payments.calling import call
from orders.payments.provider import OutcomeUnknown, PaymentRefused, ProviderUnavailable

log = structlog.get_logger(__name__)

_POLLS, _POLL_SECONDS = 6, 0.5


class Checkbox:
    """One register and its cashier; a token is asked for when it is needed and again when it has run out."""

    name = "Checkbox"

    def __init__(self) -> None:
        self._token = ""

    def receipt(self, receipt_id: str) -> dict[str, Any] | None:
        """None when the register knows no such receipt. Raises as ``call`` does, and PaymentRefused."""
        return self._call("GET", f"receipts/{receipt_id}")

    def sell(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """A sale, or a return when its goods say so; done later, see ``receipt``."""
        return self._call("POST", "receipts/sell", json=receipt) or {}

    def open_shift(self) -> None:
        """Raises ProviderUnavailable while it is still opening."""
        shift = self._call("GET", "cashier/shift") or self._call("POST", "shifts", json={}) or {}
        for _poll in range(_POLLS):
            if shift.get("status") == "OPENED":
                return
            time.sleep(_POLL_SECONDS)
            shift = self._call("GET", "cashier/shift") or {}
        raise ProviderUnavailable("shift is opening")

    def close_shift(self) -> bool:
        """False when none was open."""
        if not self._call("GET", "cashier/shift"):
            return False
        self._call("POST", "shifts/close", json={})
        return True

    def _call(self, method: str, path: str, **request: Any) -> dict[str, Any] | None:
        self._token = self._token or self._sign_in()
        response = self._send(method, path, **request)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            self._token = self._sign_in()
            response = self._send(method, path, **request)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        return self._read(response)

    def _sign_in(self) -> str:
        response = self._send("POST", "cashier/signinPinCode", json={"pin_code": settings.CHECKBOX_PIN})
        if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            log.error("fiscal-register-needs-attention", code=response.status_code)
            raise ProviderUnavailable(f"HTTP {response.status_code}")
        return str((self._read(response) or {}).get("access_token", ""))

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {
            "X-Client-Name": "autoparts-shop",
            "X-Client-Version": "1",
            "X-License-Key": settings.CHECKBOX_LICENSE_KEY,
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        address = f"{settings.CHECKBOX_URL}/api/v1/{path}"
        return call(self.name, method, address, headers=headers, may_be_refused=True, **request)

    def _read(self, response: httpx.Response) -> dict[str, Any] | None:
        try:
            answer = response.json()
        except ValueError as error:
            raise OutcomeUnknown(f"HTTP {response.status_code}, not an answer of Checkbox") from error
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            raise PaymentRefused(f"HTTP {response.status_code}")
        return answer if isinstance(answer, dict) else None
