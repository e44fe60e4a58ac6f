"""Load: ``wrk`` where it is installed, else our own client; one run uses one of them for shop and reference."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import client

CONNECTIONS = 8
_SCRIPT = Path(__file__).with_name("addresses.lua")


@dataclass(frozen=True)
class Address:
    """A page and the cookie it is asked for with; an empty cookie is a new visitor."""

    path: str
    cookie: str = ""


@dataclass(frozen=True)
class Figures:
    """One turn. Times are milliseconds, from the first byte sent to the last byte read."""

    per_second: float
    p50: float
    p95: float
    p99: float


def median(turns: Sequence[Figures]) -> Figures:
    """Each figure's median over the turns."""
    return Figures(
        *(statistics.median(getattr(turn, field) for turn in turns) for field in ("per_second", "p50", "p95", "p99"))
    )


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "own client"


def press(port: int, addresses: Sequence[Address], *, seconds: float) -> Figures:
    """Ask for the addresses in turn over 8 kept-alive connections. Raises RuntimeError when one is not answered."""
    if generator() == "wrk":
        return _by_wrk(port, addresses, seconds)
    return _by_own_client(port, addresses, seconds)


def _by_wrk(port: int, addresses: Sequence[Address], seconds: float) -> Figures:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(f"{address.path}\t{address.cookie}\n" for address in addresses)
        file.flush()
        done = subprocess.run(
            [
                "wrk",
                "-t1",
                f"-c{CONNECTIONS}",
                f"-d{seconds:g}s",
                "--timeout",
                "30s",
                "-s",
                str(_SCRIPT),
                f"http://127.0.0.1:{port}",
            ],
            env=os.environ | {"BENCH_ADDRESSES": file.name},
            capture_output=True,
            text=True,
            check=True,
        )
    said = json.loads(done.stdout.splitlines()[-1])
    if said["failed"]:
        raise RuntimeError(f"{said['failed']} of {said['requests']} requests failed")
    return Figures(said["requests"] / said["seconds"], said["p50"], said["p95"], said["p99"])


def _by_own_client(port: int, addresses: Sequence[Address], seconds: float) -> Figures:
    requests = [client.get(address.path, address.cookie) for address in addresses]
    answers, took = client.repeat(port, requests, seconds=seconds, connections=CONNECTIONS)
    failed = sum(answer.status >= 400 for answer in answers)
    if failed:
        raise RuntimeError(f"{failed} of {len(answers)} requests failed")
    times = sorted(answer.milliseconds for answer in answers)
    return Figures(len(times) / took, *(percentile(times, share) for share in (0.5, 0.95, 0.99)))


def percentile(times: Sequence[float], share: float) -> float:
    """The value that ``share`` of the sorted ``times`` do not exceed."""
    return times[min(len(times) - 1, max(0, round(share * len(times)) - 1))]
