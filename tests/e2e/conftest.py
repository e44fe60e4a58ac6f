"""The real shop for journeys: gunicorn, workers, beat, mail server and SMS gateway, as `bin/up` runs them."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest

from shop.local.home import PROJECT, Home, free_port
from shop.local.mailbox import Mail, TextMessage, newest

_STAFF = "staff@shop.example"
_READY_SECONDS = 180


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys go to one worker: one live shop is enough for two cores."""
    for item in items:
        if "live_shop" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("live-shop"))


@dataclass
class LiveShop:
    """A running shop and what a test may look at or break."""

    address: str
    home: Home
    database_url: str
    staff_email: str = _STAFF
    _log: Path = field(default=Path(), repr=False)

    @property
    def staff_password(self) -> str:
        return self.home.secret("staff-password")

    def url(self, path: str = "/") -> str:
        return f"{self.address}{path}"

    def connect(self) -> psycopg.Connection:
        """Its database, for what no page shows."""
        return psycopg.connect(self.database_url, autocommit=True)

    def received(self) -> list[Mail | TextMessage]:
        """What arrived in its mailbox, newest first."""
        return newest(self.home.mailbox)

    def wait_for(self, wanted: Callable[[Mail | TextMessage], bool], seconds: float = 30) -> Mail | TextMessage:
        """The newest mail or text that ``wanted`` accepts, as soon as it arrives."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in self.received():
                if wanted(message):
                    return message
            time.sleep(0.2)
        raise AssertionError(f"nothing such arrived in {seconds} s; the mailbox holds {self.received()!r}")

    @contextmanager
    def without_valkey(self) -> Iterator[None]:
        """Valkey hangs: it takes connections and answers nothing, the worst way to be down. Its own engines only."""
        url = json.loads(self.home.engines.read_text())["REDIS_URL"] if self.home.engines.exists() else ""
        if not url:
            pytest.skip("the live shop uses a Valkey that was given; it is not ours to stop")
        port = re.search(r":(\d+)/", url)[1]
        shown = subprocess.run(["ps", "-eo", "pid,command"], capture_output=True, text=True, check=True).stdout
        pid = next(int(line.split()[0]) for line in shown.splitlines() if f"127.0.0.1:{port}" in line)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="session")
def live_shop() -> Iterator[LiveShop]:
    """`bin/up` in a folder of its own, with a small demo catalogue. Stopped with all it started.

    Its engines are its own unless DATABASE_URL and REDIS_URL were given to bin/test; then it makes a database there.
    """
    with tempfile.TemporaryDirectory(prefix="shop-live-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        home, port = Home(Path(folder)), free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        environment |= {"SHOP_HOME": folder, "PORT": str(port)}
        given = os.environ.get("SHOP_ENGINES") != "own"
        if given:
            environment["DATABASE_URL"] = _database_on(os.environ["DATABASE_URL"])
            environment["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("/")[0] + "/15"
        else:
            del environment["DATABASE_URL"], environment["REDIS_URL"]
        log = home.log("up")
        with log.open("wb") as output:
            shop = subprocess.Popen(
                [sys.executable, "-m", "shop.local.up", "--parts", "2000"],
                cwd=PROJECT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_ready(shop, f"http://localhost:{port}", log)
            database = environment["DATABASE_URL"] if given else json.loads(home.engines.read_text())["DATABASE_URL"]
            yield LiveShop(f"http://localhost:{port}", home, database, _log=log)
        finally:
            shop.send_signal(signal.SIGINT)
            shop.wait(60)


def _wait_until_ready(shop: subprocess.Popen, address: str, log: Path) -> None:
    """Its last line but one names the mailbox; then workers and beat are started too."""
    deadline = time.monotonic() + _READY_SECONDS
    while "Ctrl-C" not in log.read_text():
        assert shop.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    assert httpx.get(f"{address}/healthz", timeout=10).status_code == httpx.codes.OK


def _database_on(url: str) -> str:
    """An empty database ``shop_live`` on the server of ``url``."""
    server, _, rest = url.partition("?")
    base = server.rpartition("/")[0]
    query = f"?{rest}" if rest else ""
    with psycopg.connect(f"{base}/postgres{query}", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS shop_live WITH (FORCE)")
        connection.execute("CREATE DATABASE shop_live")
    return f"{base}/shop_live{query}"
