"""Carriers over real HTTP: each fixture starts a fake on a port of its own."""

import threading
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from shop.delivery.carriers import nova_poshta, ukrposhta
from shop.local.providers.meest import MeestServer
from shop.local.providers.novaposhta import NovaPoshtaServer
from shop.local.providers.ukrposhta import UkrposhtaServer


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def listening(fake):
    """The address at which ``fake`` answers."""
    server = make_server("127.0.0.1", 0, fake, server_class=ThreadingServer, handler_class=QuietHandler)
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def nova_poshta_server(settings, monkeypatch):
    fake = NovaPoshtaServer(slow_seconds=1)
    with listening(fake) as address:
        settings.NOVA_POSHTA_URL = settings.NOVA_POSHTA_LABEL_URL = address
        settings.NOVA_POSHTA_KEY = "key"
        monkeypatch.setattr(nova_poshta, "_SECONDS_AFTER_EMPTY", 0)
        yield fake


@pytest.fixture
def ukrposhta_server(settings, monkeypatch):
    fake = UkrposhtaServer(slow_seconds=1)
    with listening(fake) as address:
        settings.UKRPOSHTA_URL = address
        settings.UKRPOSHTA_BEARER = settings.UKRPOSHTA_TOKEN = settings.UKRPOSHTA_TRACKING = "token"
        settings.UKRPOSHTA_SENDER = "sender"
        monkeypatch.setattr(ukrposhta, "_SECONDS_BETWEEN", 0)
        yield fake


@pytest.fixture
def meest_server(settings):
    fake = MeestServer(slow_seconds=1)
    with listening(fake) as address:
        settings.MEEST_URL = address
        settings.MEEST_LOGIN = settings.MEEST_PASSWORD = "us"
        yield fake
