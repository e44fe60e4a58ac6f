"""gunicorn with the same workers and threads as ``bin/up``, for the shop and for the reference alike."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench import PROJECT
from bench.report import FOLDER
from shop.local.home import free_port

# As in shop/local/up.py: two processes of four threads, loaded once before they part.
GUNICORN = ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--preload", "--no-control-socket"]


@contextmanager
def serving(name: str, application: str, environment: Mapping[str, str], *, ready: str) -> Iterator[int]:
    """Serve ``application`` on a free port, given back when ``ready`` answers 200. Its log is in var/bench/log."""
    port = free_port()
    log = FOLDER / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *GUNICORN]
        process = subprocess.Popen(command, cwd=PROJECT, env=dict(environment), stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + 60
        while not _answers(f"http://127.0.0.1:{port}{ready}"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not serve {ready}:\n{log.read_text()[-3000:]}")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
