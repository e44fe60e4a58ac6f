"""Everybody outside the shop, on loopback, in one process: a mail server and the providers' HTTP interfaces.

``python -m shop.local.fakes SMTP_PORT HTTP_PORT``; what arrives is kept in ``$SHOP_HOME/mailbox``.
"""

import asyncio
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from aiosmtpd.smtp import SMTP, Envelope, Session

from shop.local.home import Home, write_atomically
from shop.local.providers import (
    alphasms,
    checkbox,
    liqpay,
    meest,
    monobank,
    nbu,
    novaposhta,
    smsclub,
    turbosms,
    twilio,
    ukrposhta,
    wayforpay,
)

# By the first part of the path: http://127.0.0.1:PORT/turbosms/message/send.json
PROVIDERS: dict[str, Callable[..., Iterable[bytes]]] = {
    "alphasms": alphasms.app,
    "checkbox": checkbox.app,
    "liqpay": liqpay.app,
    "meest": meest.app,
    "monobank": monobank.app,
    "nbu": nbu.app,
    "novaposhta": novaposhta.app,
    "smsclub": smsclub.app,
    "turbosms": turbosms.app,
    "twilio": twilio.app,
    "ukrposhta": ukrposhta.app,
    "wayforpay": wayforpay.app,
}


class Catcher:
    """Takes every letter and keeps it as ``<nanoseconds>.eml`` with the envelope's addresses in front."""

    def __init__(self, home: Home) -> None:
        self._mailbox = home.mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        receivers = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {receivers}\r\n".encode()
        await asyncio.to_thread(write_atomically, self._mailbox / f"{time.time_ns()}.eml", head + content)
        return "250 OK"


def dispatch(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Hand the request to the provider named by the first part of its path."""
    name, _, rest = environ["PATH_INFO"].lstrip("/").partition("/")
    if name not in PROVIDERS:
        start_response(f"404 {HTTPStatus.NOT_FOUND.phrase}", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"no such provider: {name}\n".encode()]
    environ["SCRIPT_NAME"], environ["PATH_INFO"] = f"/{name}", f"/{rest}"
    return PROVIDERS[name](environ, start_response)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


async def serve(smtp_port: int, http_port: int) -> None:
    """Listen until SIGTERM or SIGINT."""
    web = make_server("127.0.0.1", http_port, dispatch, server_class=_Server, handler_class=_QuietHandler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    catcher = Catcher(Home())
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(
        lambda: SMTP(catcher, enable_SMTPUTF8=True, data_size_limit=30_000_000, hostname="localhost"),
        "127.0.0.1",
        smtp_port,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    mail.close()
    web.shutdown()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
