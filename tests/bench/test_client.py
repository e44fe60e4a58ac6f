import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import client


class Echo(BaseHTTPRequestHandler):
    """A POST is sent elsewhere, a GET gets a page; both keep the connection."""

    protocol_version = "HTTP/1.1"
    cookies: set[str] = set()

    def do_POST(self):
        Echo.cookies.add(self.headers["Cookie"])
        place = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(302)
        self.send_header("Location", f"/orders/{place}/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")

    def log_message(self, *_):
        pass


@pytest.fixture
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


def test_every_request_is_sent_once_over_few_connections(port):
    requests = [client.post("/a", str(place), "session=1") for place in range(20)]
    answers, took = client.each_once(port, requests, connections=4)
    assert {(answer.place, answer.status, answer.location) for answer in answers} == {
        (place, 302, f"/orders/{place}/") for place in range(20)
    }
    assert len(answers) == 20
    assert took > 0
    assert Echo.cookies == {"session=1"}


def test_requests_are_repeated_until_the_time_is_over(port):
    answers, took = client.repeat(port, [client.get("/")], seconds=0.3, connections=2)
    assert took >= 0.3
    assert {(answer.status, answer.body) for answer in answers} == {(200, b"hello")}
