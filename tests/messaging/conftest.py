"""Gateways on loopback: the fake TurboSMS over HTTP and a mail server that can be told to misbehave."""

import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from aiosmtpd.controller import Controller

from shop.local.home import free_port
from shop.local.providers.alphasms import AlphaSms
from shop.local.providers.smsclub import SmsClub
from shop.local.providers.turbosms import TurboSms
from shop.local.providers.twilio import Twilio
from shop.messaging import outbox
from shop.privacy.subjects import Subject
from shop.settings.base import _SMS_GATEWAYS

_FAKES = {"turbosms": TurboSms, "alphasms": AlphaSms, "smsclub": SmsClub, "twilio": Twilio}


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def turbosms(tmp_path, settings):
    """The provider's account; the shop's client is pointed at it."""
    account = TurboSms(lambda: tmp_path)
    server = make_server("127.0.0.1", 0, account, server_class=ThreadingServer, handler_class=QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.TURBOSMS_URL = f"http://127.0.0.1:{server.server_port}"
    yield account
    server.shutdown()
    server.server_close()


@pytest.fixture
def texting(tmp_path, settings):
    """``texting("alphasms")``: that gateway's account, over HTTP, as the shop's first and only one."""
    servers = []

    def start(code, *others):
        accounts = []
        for each in (code, *others):
            folder = tmp_path / each
            folder.mkdir()
            account = _FAKES[each](lambda folder=folder: folder, slow_seconds=1.5)
            server = make_server("127.0.0.1", 0, account, server_class=ThreadingServer, handler_class=QuietHandler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers.append(server)
            setattr(settings, f"{each.upper()}_URL", f"http://127.0.0.1:{server.server_port}")
            accounts.append(account)
        settings.SMS_GATEWAYS = [_SMS_GATEWAYS[each] for each in (code, *others)]
        return accounts if others else accounts[0]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class MailServer:
    """An SMTP server. ``replies`` maps a command to what it answers instead of obeying; ``hang_up_at`` to a silence."""

    def __init__(self):
        self.letters = []
        self.replies = {}
        self.hang_up_at = None

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.hang_up_at == "MAIL":
            server.transport.close()
        envelope.mail_from = address
        return self.replies.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.replies.get("RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if "DATA" not in self.replies:
            self.letters.append(envelope)
        if self.hang_up_at == "DATA":
            server.transport.close()
        return self.replies.get("DATA", "250 OK")


@pytest.fixture
def mail_server(settings):
    """Where ``MAILERS["default"]`` leads, over real SMTP."""
    handler = MailServer()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAILERS = smtp_at(port)
    yield handler
    controller.stop(no_assert=True)


def smtp_at(port):
    mailer = {
        "BACKEND": "shop.messaging.gateways.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 2},
    }
    return {"default": mailer, "campaigns": mailer}


@pytest.fixture
def write_text():
    """Write SMS number ``n`` to the outbox."""

    def write(n=1, *, body=None, **kwargs):
        message = outbox.new_text(
            "+380671234567",
            body or f"Замовлення {n} прийнято.",
            key=f"order-placed-sms:{n}",
            language="uk",
            subject_of=Subject("order", n),
            **kwargs,
        )
        outbox.write([message])
        return message

    return write


@pytest.fixture
def write_mail():
    """Write e-mail number ``n`` to the outbox."""

    def write(n=1, *, text=None, html=None, **kwargs):
        message = outbox.new_mail(
            "olena@example.com",
            key=f"order-placed:{n}",
            subject=f"Замовлення {n}",
            text=text or f"Замовлення {n} прийнято.\n",
            html=html or f"<p>Замовлення {n} прийнято.</p>",
            language="uk",
            subject_of=Subject("order", n),
            **kwargs,
        )
        outbox.write([message])
        return message

    return write
