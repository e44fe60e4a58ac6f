import http.client
import os
import re
import socket
import subprocess
import sys
import time

import pytest

from tests.deploy.conftest import ROOT, SERVER


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def gunicorn(image):
    """Start the web server as the image does, trusting ``trusted`` as its proxy; gives a port."""
    started = []

    def start(trusted):
        port = free_port()
        environment = SERVER | {
            "PATH": os.environ["PATH"],
            "FORWARDED_ALLOW_IPS": trusted,
        }
        command = [sys.executable, "-m", "gunicorn", "shop.wsgi", f"--bind=127.0.0.1:{port}", "--no-control-socket"]
        started.append(subprocess.Popen(command, cwd=image, env=environment, stderr=subprocess.DEVNULL))
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return port
            except OSError:
                time.sleep(0.1)
        raise AssertionError("gunicorn did not start")

    yield start
    for process in started:
        process.terminate()
        process.wait()


def ask(port, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/no-such-page/", headers={"Host": "shop.example", **headers})
    answer = connection.getresponse()
    answer.read()
    return answer


def test_the_proxy_may_say_that_the_visitor_came_over_tls(gunicorn):
    port = gunicorn("127.0.0.1")
    assert ask(port, **{"X-Forwarded-Proto": "https"}).status == 404
    plain = ask(port, **{"X-Forwarded-Proto": "http"})
    assert (plain.status, plain.headers["Location"]) == (301, "https://shop.example/no-such-page/")


def test_a_stranger_may_not(gunicorn):
    assert ask(gunicorn("192.0.2.7"), **{"X-Forwarded-Proto": "https"}).status == 301


def test_caddyfile_drops_the_spellings_of_tls_that_visitors_make_up():
    caddyfile = (ROOT / "deploy/Caddyfile").read_text()
    assert re.findall(r"header_up (\S+)", caddyfile) == ["-X-Forwarded-Protocol", "-X-Forwarded-Ssl"]
    assert "max_size 2MB" in caddyfile
    assert "log {" not in caddyfile
