"""``orders``: prepared checkouts sent by 8 buyers over HTTP, then 200 buyers who want the same 5 pieces.

Reference: a view that runs the very SQL of such an order (recorded from the shop, filled with other values), under the
same gunicorn, without session, form, letters and pages.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import psycopg

from bench import client
from bench.client import Answer
from bench.engines import BenchEngines
from bench.load import CONNECTIONS, percentile
from bench.pages import SMALL
from bench.report import FOLDER, Result, at_least
from bench.server import serving

DATABASE = "bench_orders"
ORDERS_A_ROUND = 200
RUSHING, PIECES = 200, 5
GOAL = 0.4


@dataclass(frozen=True)
class Prepared:
    """Requests ready to be sent, and what they are about."""

    shop: list[bytes]
    reference: list[bytes]
    rush: list[bytes]
    rush_item: int
    statements: float


def measure(engines: BenchEngines, options: argparse.Namespace) -> list[Result]:
    """Speed first, then the rush; on a copy of the small set, so that nothing is left behind."""
    engines.built(SMALL)
    engines.copy(f"bench_{SMALL}", DATABASE)
    try:
        return _measure(engines, options.rounds)
    finally:
        engines.drop(DATABASE)


def _measure(engines: BenchEngines, rounds: int) -> list[Result]:
    prepared = prepare(engines, ORDERS_A_ROUND * (rounds + 1))
    print(f"orders: {CONNECTIONS} buyers, {rounds} rounds of {ORDERS_A_ROUND} orders", flush=True)
    environment = engines.environment(engines.url_of(DATABASE)) | {"BENCH_SQL": str(FOLDER / "orders-sql.json")}
    reference = environment | {"DJANGO_SETTINGS_MODULE": "bench.reference.settings"}
    with (
        serving("orders-reference", "bench.reference.wsgi", reference, ready="/page/1/") as reference_port,
        serving("orders-shop", "shop.wsgi", environment, ready="/healthz") as shop_port,
    ):
        ours, theirs = [], []
        for number in range(rounds + 1):
            turn = slice(number * ORDERS_A_ROUND, (number + 1) * ORDERS_A_ROUND)
            theirs.append(send(reference_port, prepared.reference[turn]))
            ours.append(send(shop_port, prepared.shop[turn]))
        rush, _ = client.each_once(shop_port, prepared.rush, connections=RUSHING)
    return [*speed(ours[1:], theirs[1:], prepared.statements), *fairness(engines, rush, prepared.rush_item)]


def prepare(engines: BenchEngines, count: int) -> Prepared:
    """Baskets, sessions and filled-in forms, made inside the shop; recorded SQL for the reference."""
    said = json.loads(
        engines.run(
            "-m", "bench.prepare_orders", str(count), str(RUSHING), str(PIECES), database=DATABASE
        ).splitlines()[-1]
    )
    (FOLDER / "orders-sql.json").write_text(json.dumps(said["recordings"]))
    cookie = said["cookie"]
    return Prepared(
        shop=[
            client.post(said["path"], urlencode(b["form"]), f"{cookie}={b['session']}; {said['csrf']}")
            for b in said["shop"]
        ],
        reference=[client.post("/order/", urlencode(buyer)) for buyer in said["reference"]],
        rush=[
            client.post(said["path"], urlencode(b["form"]), f"{cookie}={b['session']}; {said['csrf']}")
            for b in said["rush"]
        ],
        rush_item=said["rush_item"],
        statements=statistics.mean(len(recording) for recording in said["recordings"]),
    )


def send(port: int, requests: Sequence[bytes]) -> tuple[list[Answer], float]:
    """One round; each answer must be the way to a placed order. Raises RuntimeError otherwise."""
    answers, took = client.each_once(port, requests, connections=CONNECTIONS)
    for answer in answers:
        if answer.status not in (302, 303) or "/orders/" not in answer.location:
            raise RuntimeError(
                f"no order placed: {answer.status} {answer.location} {answer.body[:400].decode(errors='replace')}"
            )
    return answers, took


def speed(
    ours: Sequence[tuple[list[Answer], float]], theirs: Sequence[tuple[list[Answer], float]], statements: float
) -> list[Result]:
    per_second = [statistics.median(len(answers) / took for answers, took in rounds) for rounds in (ours, theirs)]
    results = [at_least("orders placed by 8 buyers", per_second[0], "orders/s", per_second[1], GOAL)]
    times = [sorted(answer.milliseconds for answers, _ in rounds for answer in answers) for rounds in (ours, theirs)]
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        results.append(
            Result(
                f"one order: {name}", round(percentile(times[0], share), 1), "ms", round(percentile(times[1], share), 1)
            )
        )
    return [*results, Result("SQL statements of one order", round(statements, 1), "statements", round(statements, 1))]


def fairness(engines: BenchEngines, rush: Sequence[Answer], item: int) -> list[Result]:
    """What the database says after the rush, not what the pages said."""
    with psycopg.connect(engines.url_of(DATABASE)) as connection:
        on_hand, reserved = connection.execute(
            "SELECT on_hand, reserved FROM offers_stockitem WHERE id = %s", [item]
        ).fetchone()
        held = connection.execute(
            "SELECT coalesce(sum(pieces), 0) FROM orders_hold WHERE stock_item_id = %s AND state = 'open'", [item]
        ).fetchone()[0]
    oversold = max(held - on_hand, 0)
    won = sum(answer.status in (302, 303) and "/orders/" in answer.location for answer in rush)
    broken = sum(answer.status == 0 or answer.status >= 500 for answer in rush)
    name = f"{RUSHING} buyers, {PIECES} pieces"
    return [
        Result(f"{name}: oversold", oversold, "pieces", goal="0", met=oversold == 0),
        Result(f"{name}: held", held, "pieces", goal=str(PIECES), met=held == PIECES == reserved),
        Result(f"{name}: buyers with an order", won, "buyers", goal=str(PIECES), met=won == PIECES),
        Result(f"{name}: broken answers", broken, "answers", goal="0", met=broken == 0),
    ]
