"""``python -m bench.order_kill [--orders 500] [--buyers 8]``: orders over HTTP while web and worker are killed with -9.

Starts what ``bin/up`` starts for an order (fakes of the mail and SMS providers, gunicorn, the worker of messages) on a
copy of the small demo set, sends every checkout until it is answered, and kills the web server and the worker in the
middle, again and again. Then it counts in the database and in the mailbox: nothing lost, nothing doubled. Ends with 1
when something is.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bench import PROJECT
from bench.engines import BenchEngines, open_engines
from bench.pages import SMALL
from shop.local.home import Home, free_port
from shop.local.mailbox import newest

DATABASE = "bench_order_kill"
# A checkout that is not answered by then is lost, whatever was written.
_PATIENCE_SECONDS = 240
_SETTLE_SECONDS = 240
# Seconds between kills: a server needs some of them to stand up again.
_PAUSES = (4.0, 12.0)
_SERVER = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]


class Victim:
    """A process with all its children, killed as a power cut would and started again."""

    def __init__(self, name: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.killed = 0
        self._arguments = [sys.executable, *arguments]
        self._environment = dict(environment)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as output:
            # A group of its own: gunicorn's and celery's children die with their master, and nobody else does.
            self._process = subprocess.Popen(
                self._arguments,
                cwd=PROJECT,
                env=self._environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        self.killed += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=500)
    parser.add_argument("--parts", type=int, default=SMALL, help="size of the demo catalogue, built on first use")
    parser.add_argument("--buyers", type=int, default=8, help="checkouts sent at the same time")
    options = parser.parse_args()
    with open_engines() as engines, tempfile.TemporaryDirectory(prefix="order-kill-") as folder:
        engines.built(options.parts)
        engines.copy(f"bench_{options.parts}", DATABASE)
        try:
            return _run(engines, Home(Path(folder)), options.orders, options.buyers)
        finally:
            engines.drop(DATABASE)


def _run(engines: BenchEngines, home: Home, orders: int, buyers: int) -> int:
    prepared = json.loads(
        engines.run("-m", "bench.prepare_orders", str(orders), "1", "1", database=DATABASE).splitlines()[-1]
    )
    before = _counts(engines)
    port, smtp, providers = free_port(), free_port(), free_port()
    environment = engines.environment(engines.url_of(DATABASE)) | {
        "SHOP_HOME": str(home.folder),
        "SMTP_PORT": str(smtp),
        "PROVIDERS_PORT": str(providers),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    web = ["-m", "gunicorn", "shop.wsgi", *_SERVER, "--bind", f"127.0.0.1:{port}"]
    worker = ["-m", "celery", "-A", "shop", "worker", "--without-gossip", "--without-mingle"]
    worker += ["-Q", "codes,orders", "-c", "2", "--loglevel", "WARNING"]
    # A process of its own, as the shop runs it: one inside the worker would die with its schedule file half written.
    beat = Victim(
        "beat",
        ["-m", "celery", "-A", "shop", "beat", "--schedule", str(home.make("run") / "beat"), "--loglevel", "WARNING"],
        environment,
        home.log("beat"),
    )
    fakes = Victim("fakes", ["-m", "shop.local.fakes", str(smtp), str(providers)], environment, home.log("fakes"))
    victims = [
        Victim("web", web, environment, home.log("web")),
        Victim("worker", worker, environment, home.log("worker")),
    ]
    for process in (fakes, beat, *victims):
        process.start()
    try:
        _wait_for(port)
        began = time.monotonic()
        placed = _buy_while_killing(port, prepared, buyers, victims)
        took = time.monotonic() - began
        killed = ", ".join(f"{victim.name} {victim.killed} times" for victim in victims)
        print(f"{len(placed)} of {orders} checkouts answered in {took:.0f} s; killed: {killed}", flush=True)
        _settle(engines)
        faults = _faults(engines, before, prepared, placed, home)
        if faults:
            for name in ("web", "worker", "beat"):
                print(f"── the end of {name}'s log\n" + "\n".join(home.log(name).read_text().splitlines()[-40:]))
    finally:
        for process in (*victims, beat, fakes):
            process.kill()
    for fault in faults:
        print(f"FAULT: {fault}")
    print("nothing lost, nothing doubled" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


def _buy_while_killing(
    port: int, prepared: Mapping[str, Any], buyers: int, victims: Sequence[Victim]
) -> dict[str, str]:
    """Placement key to the number of the order that its buyer was led to."""
    stop = threading.Event()
    dice = random.Random()

    def executioner() -> None:
        while not stop.wait(dice.uniform(*_PAUSES)):
            victim = dice.choice(victims)
            victim.kill()
            victim.start()

    killing = threading.Thread(target=executioner, daemon=True)
    killing.start()
    try:
        with ThreadPoolExecutor(buyers) as pool:
            numbers = list(pool.map(lambda buyer: _buy(port, prepared, buyer), prepared["shop"]))
    finally:
        stop.set()
        killing.join()
    pairs = zip(prepared["shop"], numbers, strict=True)
    return {buyer["form"]["key"]: number for buyer, number in pairs if number}


def _buy(port: int, prepared: Mapping[str, Any], buyer: Mapping[str, Any]) -> str:
    """Press the button until the shop answers with the way to an order: its number, or nothing after long."""
    cookie = f"{prepared['cookie']}={buyer['session']}; {prepared['csrf']}"
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            answer = httpx.post(
                f"http://127.0.0.1:{port}{prepared['path']}",
                data=dict(buyer["form"]),
                headers={"Cookie": cookie},
                timeout=20,
            )
        except httpx.HTTPError:
            time.sleep(0.2)
            continue
        if found := re.search(r"/orders/([0-9]{10})/", answer.headers.get("location", "")):
            return found[1]
        if answer.status_code < 500:
            raise RuntimeError(f"no order placed: {answer.status_code} {answer.text[:2000]}")
        time.sleep(0.2)
    return ""


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise RuntimeError("the web server does not answer")


def _settle(engines: BenchEngines) -> None:
    """Until no message waits for a worker; those that wait for a person may."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    with psycopg.connect(engines.url_of(DATABASE), autocommit=True) as connection:
        while time.monotonic() < deadline:
            moving = connection.execute(
                "SELECT count(*) FROM messaging_message WHERE status IN ('waiting', 'leased')"
            ).fetchone()
            if not moving or not moving[0]:
                return
            time.sleep(1)


def _counts(engines: BenchEngines) -> int:
    with psycopg.connect(engines.url_of(DATABASE)) as connection:
        row = connection.execute("SELECT coalesce(max(id), 0) FROM orders_order").fetchone()
        return int(row[0]) if row else 0


def _faults(
    engines: BenchEngines, before: int, prepared: Mapping[str, Any], placed: Mapping[str, str], home: Home
) -> list[str]:
    """What the database and the mailbox say, not what the pages said."""
    keys = {buyer["form"]["key"] for buyer in prepared["shop"]}
    with psycopg.connect(engines.url_of(DATABASE)) as connection:

        def rows(query: str) -> list[Any]:
            return connection.execute(query, {"before": before}).fetchall()

        orders = rows("SELECT placement_key::text, number FROM orders_order WHERE id > %(before)s")
        checks = {
            "orders whose history does not begin once": """
                SELECT o.number FROM orders_order o WHERE o.id > %(before)s AND 1 <> (
                    SELECT count(*) FROM orders_orderevent e WHERE e.order_id = o.id AND e.kind = 'placed')""",
            "orders without their letter and text, or with two": """
                SELECT o.number FROM orders_order o WHERE o.id > %(before)s AND 2 <> (
                    SELECT count(DISTINCT m.channel) FROM orders_order_messages l JOIN messaging_message m
                    ON m.id = l.message_id WHERE l.order_id = o.id AND m.key LIKE 'order-placed%%')""",
            "orders whose lines do not add up": """
                SELECT o.number FROM orders_order o WHERE o.id > %(before)s AND o.total <> o.delivery_total
                    - o.discount_total + (SELECT sum(l.total) FROM orders_orderline l WHERE l.order_id = o.id)""",
            "orders without one consent": """
                SELECT o.number FROM orders_order o WHERE o.id > %(before)s AND 1 <> (
                    SELECT count(*) FROM privacy_consent c
                    WHERE c.subject_kind = 'order' AND c.subject_id = o.id::text)""",
            "stock items whose reserve is not the sum of their holds": """
                SELECT s.id::text FROM offers_stockitem s WHERE s.reserved <> coalesce((
                    SELECT sum(h.pieces) FROM orders_hold h WHERE h.stock_item_id = s.id AND h.state = 'open'), 0)""",
            "messages that no worker brings any further": """
                SELECT concat_ws(' ', m.key, m.status, m.attempts, m.available_at, m.leased_until, m.error)
                FROM messaging_message m WHERE m.status IN ('waiting', 'leased')""",
        }
        faults = [
            f"{len(found)} {what}: {[row[0] for row in found[:5]]}"
            for what, query in checks.items()
            if (found := rows(query))
        ]
        unsure = rows("SELECT count(*) FROM messaging_message WHERE status = 'needs-person'")[0][0]
    by_key = Counter(key for key, _number in orders)
    if lost := keys - by_key.keys():
        faults.append(f"{len(lost)} checkouts without an order")
    if doubled := [key for key, count in by_key.items() if count > 1] + sorted(by_key.keys() - keys):
        faults.append(f"{len(doubled)} orders that nobody sent, or sent once")
    if wrong := [number for key, number in placed.items() if (key, number) not in set(orders)]:
        faults.append(f"{len(wrong)} buyers were led to an order that is not theirs: {wrong[:5]}")
    twice = _told_twice(home, {number for _key, number in orders})
    if twice:
        faults.append(f"{len(twice)} messages arrived twice: {twice[:5]}")
    print(f"{len(orders)} orders; {unsure} messages wait for a person because their handing-over was cut off")
    return faults


def _told_twice(home: Home, numbers: set[str]) -> list[str]:
    """Orders of which two letters, or two texts, came to the mailbox."""
    seen: Counter[str] = Counter()
    for message in newest(home.mailbox, count=10**6):
        if found := re.search(r"[0-9]{10}", f"{getattr(message, 'subject', '')} {message.text}"):
            seen[f"{type(message).__name__} {found[0]}"] += found[0] in numbers
    return [what for what, count in seen.items() if count > 1]


if __name__ == "__main__":
    sys.exit(main())
