"""One child process: its log file, its end with ours, its restarts."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT_BYTES = 5_000_000
_QUICK_DEATHS = 4
_QUICK_SECONDS = 30.0


class GivingUp(Exception):
    """A child died again and again; restarting it once more would only hide that."""


def end_with_parent(number: int) -> Callable[[], None]:
    """For ``preexec_fn``: the kernel sends ``number`` when the parent is gone (Linux only)."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def before_exec() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, number)

    return before_exec


class Child:
    """A program we start, watch and stop. Its session is its own: Ctrl-C reaches only us, and we decide the order."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        stop_seconds: float = 10.0,
        user: str | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._command = list(command)
        self._environment = dict(environment) if environment is not None else None
        self._stop_signal = stop_signal
        self._stop_seconds = stop_seconds
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths: deque[float] = deque(maxlen=_QUICK_DEATHS)
        self._read_to = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as output:
            self._read_to = output.tell()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
                preexec_fn=end_with_parent(self._stop_signal),
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
            )

    def has_died(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def restart(self) -> None:
        """Start it again after its death. Raises GivingUp at the fourth death within 30 seconds."""
        self._clear_group()
        self._deaths.append(time.monotonic())
        if len(self._deaths) == _QUICK_DEATHS and self._deaths[-1] - self._deaths[0] < _QUICK_SECONDS:
            raise GivingUp(self.name)
        time.sleep(0.3 * len(self._deaths))
        self.start()

    def ask_to_stop(self) -> None:
        """Send the signal and return at once, so that several children can end side by side."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(self._stop_signal)

    def stop(self) -> None:
        """Ask it to end, wait, then leave nothing of its group behind."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self._stop_seconds)
        self._clear_group()
        self._process.wait()
        self._process = None

    def _clear_group(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def new_output(self) -> str:
        """What it wrote since the last look."""
        with self.log.open("rb") as file:
            file.seek(self._read_to)
            text = file.read()
            self._read_to = file.tell()
        return text.decode(errors="replace")

    def last_lines(self, count: int = 15) -> str:
        """The end of its log, for an error message."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


def command_of(pid: int) -> str:
    """The command line of a live process, empty when there is none."""
    if pid <= 0:
        return ""
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "" if "<defunct>" in shown.stdout else shown.stdout


def end_leftovers(pids: Mapping[str, int], mark: str) -> None:
    """End children whose parent was killed before it could; ``mark`` tells them from strangers with the same number."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        alive = [pid for pid in pids.values() if mark in command_of(pid)]
        for pid in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, number)
        deadline = time.monotonic() + 8
        while any(mark in command_of(pid) for pid in alive) and time.monotonic() < deadline:
            time.sleep(0.1)
