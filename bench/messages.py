"""``messages``: 10,000 order texts through the workers to a gateway, a worker killed with -9 in the middle.

The first half is timed. In the second half a worker with all its children is killed and another takes its place; what
it held comes back when its leases run out. Then the gateway's own count is asked. Reference: the same posts to the same
gateway in a bare httpx loop.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg

from bench.engines import BenchEngines
from bench.order_kill import Victim
from bench.pages import SMALL
from bench.report import Result, at_least
from shop.local.home import Home, free_port

DATABASE = "bench_messages"
HALF = 5000
REFERENCE = 1500
GOAL = 0.4
_PATIENCE_SECONDS = 900
# Two processes, as the worker of orders has under ``bin/up``.
WORKER = ["-m", "celery", "-A", "shop", "worker", "-Q", "codes,orders", "-c", "2", "--loglevel", "WARNING"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def measure(engines: BenchEngines, options: argparse.Namespace) -> list[Result]:
    """On a copy of the small set, so that nothing is left behind."""
    del options
    engines.built(SMALL)
    engines.copy(f"bench_{SMALL}", DATABASE)
    try:
        with TemporaryDirectory(prefix="bench-messages-") as folder:
            return _measure(engines, Home(Path(folder)))
    finally:
        engines.drop(DATABASE)


def _measure(engines: BenchEngines, home: Home) -> list[Result]:
    smtp, providers = free_port(), free_port()
    environment = engines.environment(engines.url_of(DATABASE)) | {
        "SHOP_HOME": str(home.folder),
        "SMTP_PORT": str(smtp),
        "PROVIDERS_PORT": str(providers),
        "SMS_LIMIT_PARTS_PER_DAY": "1000000",
    }
    fakes = Victim("fakes", ["-m", "shop.local.fakes", str(smtp), str(providers)], environment, home.log("fakes"))
    beat = ["-m", "celery", "-A", "shop", "beat", "--schedule", str(home.make("run") / "beat"), "--loglevel", "WARNING"]
    ticking = Victim("beat", beat, environment, home.log("beat"))
    worker = Victim("worker", WORKER, environment, home.log("worker"))
    fakes.start()
    try:
        _wait_for(providers)
        reference = _bare(providers, REFERENCE)
        write(engines, HALF, first=0)
        worker.start()
        ticking.start()
        ours = _timed(engines, HALF)
        write(engines, HALF, first=HALF)
        in_flight = _killed_in_the_middle(engines, worker)
        _settle(engines)
    finally:
        for process in (worker, ticking, fakes):
            process.kill()
    return [
        at_least("order texts through the workers", ours, "messages/s", reference, GOAL),
        *_truth(engines, home, in_flight),
    ]


def write(engines: BenchEngines, count: int, *, first: int) -> None:
    """Rows as the outbox writes them, each to a phone of its own; nobody is woken, the tick finds them."""
    with psycopg.connect(engines.url_of(DATABASE)) as connection:
        connection.execute(
            """
            INSERT INTO messaging_message (key, channel, queue, receiver, language, subject, text, html, sealed,
                subject_kind, subject_id, status, attempts, available_at, gateway, gateway_message_id, error,
                created_at, needs_person_reason, parts, template, template_version, reason, can_wait, may_exceed_limits)
            SELECT 'bench-sms:' || n, 'sms', 'orders', '+38050' || lpad(n::text, 7, '0'), 'uk', '',
                'Замовлення ' || (1000000000 + n) || ' відправлено. Нова пошта, накладна 20450123456789.', '', '',
                'order', n::text, 'waiting', 0, now(), '', '', '', now(), '', 2, '', 0, '', false, false
            FROM generate_series(%(first)s::int, %(last)s::int) AS n
            """,
            {"first": first + 1, "last": first + count},
        )


def _bare(port: int, count: int) -> float:
    """Posts a second of one loop that does nothing else."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/turbosms", timeout=10) as client:
        began = time.perf_counter()
        for number in range(count):
            answer = client.post(
                "/message/send.json",
                json={
                    "recipients": [f"38067{number:07d}"],
                    "sequence_id": f"bare-{number}",
                    "sms": {"sender": "Msg", "text": f"Замовлення {number} відправлено. Нова пошта, накладна 2045."},
                },
                headers={"Authorization": "Bearer local-token"},
            )
            answer.raise_for_status()
        return count / (time.perf_counter() - began)


def _timed(engines: BenchEngines, count: int) -> float:
    """Messages a second from the first that was taken to the last."""
    _settle(engines)
    with psycopg.connect(engines.url_of(DATABASE)) as connection:
        row = connection.execute(
            "SELECT extract(epoch FROM max(handed_over_at) - min(handed_over_at)) FROM messaging_message "
            "WHERE key LIKE 'bench-sms:%'"
        ).fetchone()
    return count / float(row[0]) if row and row[0] else 0.0


def _killed_in_the_middle(engines: BenchEngines, worker: Victim) -> int:
    """Kill when half of the second half is through; gives how many were being handed over at that moment."""
    _wait_until(
        engines, "SELECT count(*) >= %(count)s FROM messaging_message WHERE status = 'accepted'", HALF + HALF // 2
    )
    worker.kill()
    with psycopg.connect(engines.url_of(DATABASE)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM messaging_message WHERE status = 'leased' AND handing_over_since IS NOT NULL"
        ).fetchone()
    worker.start()
    return int(row[0]) if row else 0


def _settle(engines: BenchEngines) -> None:
    _wait_until(engines, "SELECT NOT EXISTS (SELECT FROM messaging_message WHERE status IN ('waiting', 'leased'))", 0)


def _wait_until(engines: BenchEngines, question: str, count: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with psycopg.connect(engines.url_of(DATABASE), autocommit=True) as connection:
        while time.monotonic() < deadline:
            row = connection.execute(question, {"count": count}).fetchone()
            if row and row[0]:
                return
            time.sleep(0.1)
    raise RuntimeError("the messages are not through")


def _truth(engines: BenchEngines, home: Home, in_flight: int) -> list[Result]:
    """By the gateway's own count, not by ours."""
    arrived = Counter(
        message["phone"]
        for file in home.mailbox.glob("*.json")
        if (message := _read(file))["phone"].startswith("+38050")
    )
    with psycopg.connect(engines.url_of(DATABASE)) as connection:
        row = connection.execute("SELECT count(*) FROM messaging_message WHERE status = 'needs-person'").fetchone()
    waiting = int(row[0]) if row else 0
    all_of_them = 2 * HALF
    doubled = sum(count - 1 for count in arrived.values())
    return [
        Result(
            "sent + waiting for a person",
            len(arrived) + waiting,
            "messages",
            all_of_them,
            None,
            "= all",
            len(arrived) + waiting == all_of_them,
        ),
        Result("arrived twice", doubled, "messages", None, None, "0", doubled == 0),
        Result(
            "waiting for a person",
            waiting,
            "messages",
            in_flight,
            None,
            "≤ in flight at the kill",
            waiting <= in_flight,
        ),
    ]


def _read(file: Path) -> Mapping[str, Any]:
    message: Mapping[str, Any] = json.loads(file.read_text())
    return message


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/turbosms/message/ping.json", timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError("the gateway does not answer")
