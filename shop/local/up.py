"""``bin/up``: the whole shop on one machine, in one terminal, until Ctrl-C.

``--parts N`` is the size of the catalogue made on the first start. Children write to ``$SHOP_HOME/log``; their errors
are repeated here. Whatever kills this process, its children end with it.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from shop.local.engines import Engines
from shop.local.home import PROJECT, Home, is_free, write_atomically
from shop.local.locks import FileLock
from shop.local.postgres import EngineProblem
from shop.local.process import Child, GivingUp, end_leftovers, end_with_parent
from shop.local.urgent import urgent_lines

_READY_SECONDS = 90
_TICK_SECONDS = 0.3

GREETING = """
  ──────────────────────────────────────────────────────────────
   Магазин / the shop          {address}/
   Адмінка / the admin         {address}/admin/
     вхід / sign in            {email}
     пароль / password         {password}
   Пошта і SMS / mail and SMS  {address}/local/mailbox/
   Журнали / logs              {logs}
   Зупинити / stop             Ctrl-C
  ──────────────────────────────────────────────────────────────
"""


class CannotStart(Exception):
    """The text is for the person at the terminal."""


class Stopped(Exception):
    """Somebody asked us to end: Ctrl-C, SIGTERM, a closed terminal."""


class Shop:
    """The engines, the servers and their order."""

    def __init__(self, home: Home, *, port: int, parts: int) -> None:
        self._home = home
        self._port = port
        self._parts = parts
        self._address = f"http://localhost:{port}"
        self._engines = Engines(home)
        self._only_one = FileLock(home.lock("up"))
        self._environment: dict[str, str] = {}
        self._children: list[Child] = []
        self._pids = home.make("run") / "children.json"

    def run(self) -> None:
        """Start everything, watch it, and stop it in order whatever happens. Raises CannotStart, GivingUp, Stopped."""
        self._check_nothing_is_in_the_way()
        began = time.monotonic()
        try:
            self._say("PostgreSQL, Valkey")
            self._environment = self._environment_with(self._engines.acquire())
            self._say("база, переклади, статика / database, translations, static files")
            self._prepare()
            self._say("вебсервер, завдання, пошта / web server, tasks, mail")
            self._start_servers()
            self._say(f"готово за {time.monotonic() - began:.1f} с / ready")
            self._greet()
            self._watch()
        finally:
            with _signals_put_off():
                self._stop()

    def _check_nothing_is_in_the_way(self) -> None:
        if not self._only_one.take():
            raise CannotStart(
                f"Магазин у {self._home.folder} вже працює.\nThe shop in {self._home.folder} is already running."
            )
        self._end_leftovers()
        if not is_free(self._port):
            raise CannotStart(
                f"Порт {self._port} зайнятий іншою програмою. Спробуйте: PORT={self._port + 1} bin/up\n"
                f"Port {self._port} is taken by another program. Try: PORT={self._port + 1} bin/up"
            )

    def _end_leftovers(self) -> None:
        """Children of a supervisor that was killed: most ended with it, a few may still be at their last task."""
        if self._pids.exists():
            end_leftovers(json.loads(self._pids.read_text()), sys.executable)
            self._pids.unlink()

    def _environment_with(self, addresses: dict[str, str]) -> dict[str, str]:
        return (
            os.environ
            | addresses
            | {
                "DJANGO_SETTINGS_MODULE": "shop.settings.local",
                "SHOP_HOME": str(self._home.folder),
                "PUBLIC_URL": self._address,
                "SMTP_PORT": str(self._home.choose_port("smtp")),
                "PROVIDERS_PORT": str(self._home.choose_port("providers")),
                "PYTHONUNBUFFERED": "1",
                # A worker told to end finishes or gives back its task; plain SIGTERM would wait for it without limit.
                "REMAP_SIGTERM": "SIGQUIT",
            }
        )

    def _prepare(self) -> None:
        """In the same terminal, so that its progress is seen; Ctrl-C ends it too."""
        command = [sys.executable, "-m", "shop.local.prepare", str(self._parts)]
        process = subprocess.Popen(
            command, cwd=PROJECT, env=self._environment, preexec_fn=end_with_parent(signal.SIGTERM)
        )
        try:
            if process.wait():
                raise CannotStart("Підготовка не вдалася, причина вище.\nPreparation failed; the reason is above.")
        except Stopped:
            process.terminate()
            process.wait()
            raise

    def _start_servers(self) -> None:
        ports = [self._environment[name] for name in ("SMTP_PORT", "PROVIDERS_PORT")]
        fakes = self._child("fakes", "-m", "shop.local.fakes", *ports)
        server = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]
        address = ["--bind", f"127.0.0.1:{self._port}", "--graceful-timeout", "5"]
        web = self._child("web", "-m", "gunicorn", "shop.wsgi", *server, *address)
        worker = ["-m", "celery", "-A", "shop", "worker", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        urgent = self._child("worker-urgent", *worker, "-n", "urgent@%h", "-Q", "codes,orders", "-c", "2")
        # Long work gives way to whoever waits for a page.
        rest = self._child(
            "worker-rest", *worker, "-n", "rest@%h", "-Q", "default,imports,bulk", "-c", "1", niceness=10
        )
        schedule = self._home.make("run") / "beat-schedule"
        beat = self._child("beat", "-m", "celery", "-A", "shop", "beat", "--schedule", str(schedule), "--pidfile=")
        self._children = [fakes, web, urgent, rest, beat]
        fakes.start()
        web.start()
        self._note_pids()
        self._wait_until_ready(web)
        for child in (urgent, rest, beat):
            child.start()
        self._note_pids()

    def _note_pids(self) -> None:
        write_atomically(self._pids, json.dumps({child.name: child.pid for child in self._children if child.pid}))

    def _child(self, name: str, *arguments: str, niceness: int = 0) -> Child:
        command = (
            ["nice", "-n", str(niceness), sys.executable, *arguments] if niceness else [sys.executable, *arguments]
        )
        return Child(name, command, log=self._home.log(name), environment=self._environment)

    def _wait_until_ready(self, web: Child) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not _answers(f"http://127.0.0.1:{self._port}/healthz"):
            if web.has_died() or time.monotonic() > deadline:
                raise CannotStart(f"Вебсервер не відповідає / the web server does not answer:\n{web.last_lines(30)}")
            time.sleep(0.05)

    def _greet(self) -> None:
        from shop.local.prepare import STAFF_EMAIL

        print(
            GREETING.format(
                address=self._address,
                email=STAFF_EMAIL,
                password=self._home.secret("staff-password"),
                logs=self._home.folder / "log",
            ),
            flush=True,
        )

    def _watch(self) -> None:
        while True:
            if self._engines.is_lost():
                self._rejoin_engines()
            for child in self._children:
                for line in urgent_lines(child.new_output()):
                    self._say(f"{child.name} | {line}")
                if child.has_died():
                    self._say(f"{child.name} зупинився, запускаю знову / died, starting it again ({child.log})")
                    child.restart()
                    self._note_pids()
            time.sleep(_TICK_SECONDS)

    def _rejoin_engines(self) -> None:
        """Their keeper was killed. The new pair may have other addresses, so everybody starts anew."""
        self._say("PostgreSQL і Valkey зупинилися, запускаю знову / died, starting them again")
        self._stop_children()
        self._engines.release()
        self._environment = self._environment_with(self._engines.acquire())
        self._start_servers()

    def _stop(self) -> None:
        self._say("зупиняю / stopping")
        self._stop_children()
        self._engines.release()

    def _stop_children(self) -> None:
        """No new work first, then those who do it; the fakes last, so that a worker can finish its letter."""
        fakes, others = self._children[:1], self._children[1:]
        for child in reversed(others):
            child.ask_to_stop()
        for child in [*reversed(others), *fakes]:
            child.stop()
        self._children = []
        self._pids.unlink(missing_ok=True)

    def _say(self, text: str) -> None:
        print(f"▸ {text}", flush=True)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _stop_on_signal(number: int, frame: object) -> None:
    raise Stopped


@contextlib.contextmanager
def _signals_put_off() -> Iterator[None]:
    """A second Ctrl-C does not leave half of the children behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    yield


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/up", description="The whole shop on this machine.")
    parser.add_argument("--parts", type=int, default=20_000, help="size of the demo catalogue, at the first start")
    parts: int = parser.parse_args().parts
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup bin/up
            signal.signal(number, _stop_on_signal)
    try:
        port = int(os.environ.get("PORT") or 8000)
        Shop(Home(), port=port, parts=parts).run()
    except Stopped:
        return 0
    except GivingUp as error:
        name = Path(str(error)).name
        print(
            f"«{name}» раз у раз зупиняється, дивіться журнал {Home().log(name)}\n"
            f"“{name}” keeps dying, see {Home().log(name)}",
            file=sys.stderr,
        )
    except (CannotStart, EngineProblem) as error:
        print(error, file=sys.stderr)
    except ValueError:
        print(f"PORT: {os.environ.get('PORT')!r} is not a port number", file=sys.stderr)
    except PermissionError as error:
        print(
            f"{error}\nКаталог створив інший користувач? Вкажіть власний: SHOP_HOME=~/shop bin/up\n"
            "Was the folder made by another user? Name your own: SHOP_HOME=~/shop bin/up",
            file=sys.stderr,
        )
    return 1


if __name__ == "__main__":
    sys.exit(main())
