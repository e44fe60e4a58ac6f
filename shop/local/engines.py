"""PostgreSQL and Valkey for whoever needs them: one pair per ``$SHOP_HOME``, alive while somebody uses it.

``use()`` is for commands: it takes the servers that DATABASE_URL and REDIS_URL name, or joins the running pair, or
starts it. The pair belongs to a small keeper process (``python -m shop.local.engines keep``) that stops it when the
last user is gone. Users are counted by a shared ``flock``, so even ``kill -9`` of everybody leaves nothing running.
"""

import json
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from shop.local.home import PROJECT, Home, write_atomically
from shop.local.locks import FileLock, is_taken
from shop.local.postgres import EngineProblem, Postgres
from shop.local.process import GivingUp
from shop.local.valkey import Valkey

ADDRESSES = ("DATABASE_URL", "REDIS_URL")
_LOOK_SECONDS = 0.25
_START_SECONDS = 150


class Engines:
    """A user's hold on the pair: ``acquire`` until ``release`` or the end of the process."""

    def __init__(self, home: Home | None = None, *, is_throwaway: bool = False) -> None:
        self.home = home or Home()
        self._is_throwaway = is_throwaway
        self._users: FileLock | None = None

    def acquire(self) -> dict[str, str]:
        """Addresses of servers that answer, started when none run. Raises EngineProblem."""
        given = {name: os.environ[name] for name in ADDRESSES if os.environ.get(name)}
        if len(given) == len(ADDRESSES):
            return given
        self._users = FileLock(self.home.lock("engine-users"))
        self._users.share()
        starting = FileLock(self.home.lock("engine-start"))
        if not starting.take(patience_seconds=_START_SECONDS):
            raise EngineProblem("another command has been starting the engines for minutes; see log/engines.log")
        try:
            return self._addresses() | given
        finally:
            starting.close()

    @property
    def are_given(self) -> bool:
        """Whether somebody named servers, so that none of ours run."""
        return self._users is None

    def release(self) -> None:
        """Leave the pair; when we were the last, wait until it has stopped."""
        if self._users is None:
            return
        self._users.close()
        self._users = None
        is_ours_alone = time.monotonic() + 2
        keeper = self.home.lock("engine-keeper")
        while is_taken(keeper):
            if self.home.engines.exists() and time.monotonic() > is_ours_alone:
                return  # somebody else still uses it
            time.sleep(0.05)

    def is_lost(self) -> bool:
        """Whether the keeper of the pair that we hold was killed."""
        return self._users is not None and not is_taken(self.home.lock("engine-keeper"))

    def _addresses(self) -> dict[str, str]:
        keeper = self.home.lock("engine-keeper")
        if not (is_taken(keeper) and self.home.engines.exists()):
            self._start_keeper()
        addresses: dict[str, str] = json.loads(self.home.engines.read_text())
        return addresses

    def _start_keeper(self) -> None:
        self.home.engines.unlink(missing_ok=True)  # of a keeper that was killed
        log = self.home.log("engines")
        command = [sys.executable, "-m", "shop.local.engines", "keep", *(["--throwaway"] if self._is_throwaway else [])]
        with log.open("wb") as output:
            keeper = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=os.environ | {"SHOP_HOME": str(self.home.folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while not self.home.engines.exists() or not is_taken(self.home.lock("engine-keeper")):
            if keeper.poll() is not None:
                raise EngineProblem(log.read_text(errors="replace").strip())
            time.sleep(0.03)


_in_use: list[Engines] = []


def use(home: Home | None = None) -> Engines:
    """Put the addresses of live engines into the environment, for settings to read; they stay as long as we do."""
    engines = Engines(home)
    _in_use.append(engines)  # the hold ends with the object
    try:
        os.environ.update(engines.acquire())
    except EngineProblem as error:
        sys.exit(str(error))
    return engines


def _keep(home: Home, *, is_throwaway: bool) -> None:
    """Run the pair until nobody holds the lock of its users."""
    keeper = FileLock(home.lock("engine-keeper"))
    # A keeper before us may still be stopping its servers.
    if not keeper.take(patience_seconds=90):
        raise EngineProblem("the engines of this folder are still stopping; see log/postgres.log")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop_anyway)
    postgres, valkey = Postgres(home, is_throwaway=is_throwaway), Valkey(home)
    servers = [postgres.child(), valkey.child()]
    users = FileLock(home.lock("engine-users"))
    try:
        for server in servers:
            server.start()
        valkey.wait(servers[1])
        postgres.wait(servers[0])
        write_atomically(home.engines, json.dumps({"DATABASE_URL": postgres.url(), "REDIS_URL": valkey.url()}))
        while not users.take():
            for server in servers:
                if server.has_died():
                    print(f"{server.name} died; starting it again", flush=True)
                    server.restart()
            time.sleep(_LOOK_SECONDS)
    finally:
        home.engines.unlink(missing_ok=True)
        for server in reversed(servers):
            server.stop()


def _stop_anyway(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _run(home: Home, command: list[str], *, is_throwaway: bool) -> int:
    """Run ``command`` with engines around it; Ctrl-C reaches both, and the command decides."""
    engines = Engines(home, is_throwaway=is_throwaway)
    addresses = engines.acquire()
    if not engines.are_given:
        addresses["SHOP_ENGINES"] = "own"  # what runs may start and break others like them
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    program = subprocess.Popen(
        command,
        env=os.environ | addresses,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    signal.signal(signal.SIGTERM, lambda *_: program.terminate())
    result = program.wait()
    engines.release()
    return result


def main(arguments: list[str]) -> int:
    """``keep [--throwaway]`` or ``run [--throwaway] -- COMMAND…``."""
    is_throwaway = "--throwaway" in arguments[:2]
    try:
        if arguments[:1] == ["keep"]:
            _keep(Home(), is_throwaway=is_throwaway)
            return 0
        if arguments[:1] == ["run"] and "--" in arguments:
            return _run(Home(), arguments[arguments.index("--") + 1 :], is_throwaway=is_throwaway)
    except (EngineProblem, GivingUp) as error:
        print(f"{type(error).__name__}: {error}" if isinstance(error, GivingUp) else error, file=sys.stderr)
        return 1
    print(main.__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
