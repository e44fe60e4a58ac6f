import threading
from http import HTTPStatus
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from shop.catalog.models import BrandAlias
from shop.offers.models import Markup, PriceListSource
from tests.factories import BrandFactory, PartFactory, PriceListFactory, WarehouseFactory

CONTENT = "Бренд;Артикул;Назва;Ціна;Залишок\nBosch;F 001;Фільтр масляний;100;4\n".encode()
OTHER = CONTENT.replace(b"100;4", b"110;4")
Problem = PriceListSource.Problem


@pytest.fixture
def price_list(db):
    bosch = BrandFactory(name="Bosch")
    BrandAlias.objects.get_or_create(key="bosch", defaults={"brand": bosch, "name": "Bosch"})
    PartFactory(brand=bosch, article_number="F 001")
    Markup.objects.create(percent=50)
    return PriceListFactory(supplier=WarehouseFactory(lead_days=3).supplier, name="main")


@pytest.fixture
def folder(tmp_path, settings):
    settings.PRICE_LIST_FOLDER = tmp_path / "price-lists"
    settings.PRICE_LIST_FOLDER.mkdir()
    return settings.PRICE_LIST_FOLDER


@pytest.fixture
def folder_source(price_list, folder):
    return PriceListSource.objects.create(price_list=price_list, kind=PriceListSource.Kind.FOLDER, file_pattern="*.csv")


def put(folder: Path, name: str = "price.csv", content: bytes = CONTENT, *, ready: bool = True) -> Path:
    """A supplier's file, whole when ``ready``."""
    file = folder / name
    file.write_bytes(content)
    if ready:
        (folder / f"{name}.ready").touch()
    return file


def contents(price_list) -> list[bytes]:
    """What was taken, in order."""
    return [version.file.read() for version in price_list.versions.order_by("number")]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class WebServer:
    """Somebody's web server. ``pages`` maps a path to answers in turn (the last one stays): bytes, (status, headers,
    chunks), or a function of the WSGI environment that gives one of these."""

    def __init__(self):
        self.pages = {}
        self._server = make_server("127.0.0.1", 0, self, server_class=ThreadingServer, handler_class=QuietHandler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def at(self, path, host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def __call__(self, environ, start_response):
        answers = self.pages[environ["PATH_INFO"]]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            answer = answer(environ)
        status, headers, chunks = (200, {}, [answer]) if isinstance(answer, bytes) else answer
        start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
        return chunks


@pytest.fixture
def web_server():
    server = WebServer()
    yield server
    server.close()
