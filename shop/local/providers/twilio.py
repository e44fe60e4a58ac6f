"""Twilio as a WSGI app: the Messages API 2010-04-01 as far as the shop uses it."""

import base64
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from shop.local.providers.texting import Answer, How, Posted, Start, TextingProvider, form_of, html, is_phone, reply

_PATH = re.compile(r"2010-04-01/Accounts/(AC\w+)/Messages(?:/(SM\w+))?\.json")
_REFUSALS = {
    Answer.BAD_KEY: (401, 20003, "Authenticate"),
    Answer.NO_MONEY: (403, 20005, "Account not active"),
    Answer.BAD_PHONE: (400, 21211, "Invalid 'To' Phone Number"),
    Answer.STOP_LIST: (400, 21610, "Attempt to send to unsubscribed recipient"),
}


class Twilio(TextingProvider):
    code = "twilio"

    def serve(self, path: str, environ: dict[str, Any], body: bytes, start_response: Start) -> Iterable[bytes]:
        found = _PATH.fullmatch(path)
        if not found:
            return html(start_response, HTTPStatus.NOT_FOUND)
        account, sid = found.groups()
        scheme, _space, pair = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme != "Basic" or base64.b64decode(pair).decode().partition(":")[0] != account:
            return reply(start_response, _error(*_REFUSALS[Answer.BAD_KEY]), HTTPStatus.UNAUTHORIZED)
        if environ["REQUEST_METHOD"] == "POST":
            form = form_of(body)
            return self.hand_in(start_response, lambda answer: self._accept(account, form, answer))
        if sid not in self.messages:
            return reply(start_response, _error(404, 20404, "Not found"), HTTPStatus.NOT_FOUND)
        return reply(start_response, self._resource(self.messages[sid], self.state or "delivered"))

    def tell(self, status: str, token: str, *, how: str = How.NORMAL, error: str = "") -> list[Posted]:
        """Callbacks about the last message, signed with ``token``."""
        message = self.sent[-1]
        fields = {"MessageSid": message["message_id"], "MessageStatus": status, "To": message["phone"]}
        if error:
            fields["ErrorCode"] = error
        address: str = message["hook"]
        said = address + "".join(f"{name}{fields[name]}" for name in sorted(fields))
        if How(how) is How.OTHER_MESSAGE:
            fields["MessageSid"] = f"SM{uuid.uuid4().hex}"
        key = token if How(how) is not How.WRONG_SIGNATURE else f"{token}?"
        signature = base64.b64encode(hmac.new(key.encode(), said.encode(), hashlib.sha1).digest()).decode()
        head = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        one = Posted(address, urlencode(fields).encode(), head)
        return [one] * (2 if How(how) is How.TWICE else 1)

    def _accept(self, account: str, form: dict[str, str], answer: Answer) -> tuple[int, Any]:
        if answer in _REFUSALS or not is_phone(form["To"].removeprefix("+")):
            refusal = _REFUSALS.get(answer, _REFUSALS[Answer.BAD_PHONE])
            return refusal[0], _error(*refusal)
        sender = form.get("From") or form["MessagingServiceSid"]
        sid = f"SM{uuid.uuid4().hex}"
        hook = form.get("StatusCallback", "")
        message = self.take(sid, form["To"], sender, form["Body"], hook=hook, account=account)
        return 201, self._resource(message, "queued")

    def _resource(self, message: dict[str, Any], status: str) -> dict[str, Any]:
        return {
            "sid": message["message_id"],
            "account_sid": message["account"],
            "to": message["phone"],
            "status": status,
            "num_segments": "1",
            "price": None,
            "error_code": None,
            "date_updated": format_datetime(datetime.fromisoformat(message["received_at"])),
        }


def _error(status: int, code: int, words: str) -> dict[str, Any]:
    return {"code": code, "message": words, "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}


app = Twilio()
