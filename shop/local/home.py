"""The folder of everything this machine's shop makes: ``$SHOP_HOME``, by default ``var/`` in the project."""

import json
import os
import secrets
import socket
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


class Home:
    """Paths inside one ``$SHOP_HOME``. Deleting the folder is a clean start."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (PROJECT / (folder or os.environ.get("SHOP_HOME") or "var")).resolve()

    def make(self, name: str) -> Path:
        """The subfolder ``name``, made on first use."""
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def mailbox(self) -> Path:
        """Mails (``.eml``) and texts (``.json``) that left the shop."""
        return self.make("mailbox")

    @property
    def static(self) -> Path:
        return self.folder / "static"

    def log(self, name: str) -> Path:
        return self.make("log") / f"{name}.log"

    def lock(self, name: str) -> Path:
        """A file to ``flock``; the kernel lets go of it when its holder dies, however it dies."""
        return self.make("run") / f"{name}.lock"

    @property
    def engines(self) -> Path:
        """Addresses of the running engines, written when they are ready."""
        return self.make("run") / "engines.json"

    def known_port(self, name: str) -> int | None:
        """The port that a helper has or had, without a look whether it is free."""
        return self._ports().get(name)

    def choose_port(self, name: str, *, patience_seconds: float = 3) -> int:
        """A free port for a helper about to start: the same as last time unless somebody else sits there now."""
        ports = self._ports()
        deadline = time.monotonic() + patience_seconds  # a server that was just killed lets go of it in a moment
        while name in ports and not is_free(ports[name]):
            if time.monotonic() > deadline:
                del ports[name]
            time.sleep(0.05)
        if name not in ports:
            ports[name] = free_port()
            write_atomically(self._ports_file, json.dumps(ports))
        return ports[name]

    @property
    def _ports_file(self) -> Path:
        return self.make("run") / "ports.json"

    def _ports(self) -> dict[str, int]:
        ports: dict[str, int] = json.loads(self._ports_file.read_text()) if self._ports_file.exists() else {}
        return ports

    def secret(self, name: str) -> str:
        """A random password, made once and readable by the owner only."""
        path = self.folder / name
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, secrets.token_urlsafe(12) + "\n")
        return path.read_text().strip()


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def write_atomically(path: Path, text: str | bytes, *, mode: int = 0o600) -> None:
    """Readers see the old file or the new one, never half of it."""
    content = text.encode() if isinstance(text, str) else text
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
