"""``pages``: every kind of storefront page, warm and with the cache off, at 20 thousand and at a million parts.

Reference: a view without middleware that reads one row by its key and fills a page of 20 KB, under the same gunicorn.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from bench import client
from bench.engines import BenchEngines
from bench.load import CONNECTIONS, Address, Figures, generator, median, press
from bench.report import Result, at_least, at_most
from bench.server import serving

SMALL, LARGE = 20_000, 1_000_000
GOAL_OF = {"warm": 0.5, "off": 0.15}
GROWTH = 1.5
MOST_QUERIES = 12
FIRST_VIEW_BYTES = 60 * 1024


@dataclass(frozen=True)
class Target:
    """One thing to press: a kind of page of one set in one state of the cache, or its reference."""

    parts: int
    kind: str
    cache: str
    port: int
    addresses: Sequence[Address]


@dataclass(frozen=True)
class CatalogueSet:
    parts: int
    addresses: dict[str, list[Address]]
    queries: dict[str, int]
    weights: dict[str, int]
    keys: list[int]


def measure(engines: BenchEngines, options: argparse.Namespace) -> list[Result]:
    """All figures; sets take turns, so that a busy minute of the machine falls on both."""
    sets = [inspect(engines, parts) for parts in sizes(engines, options)]
    turns: dict[tuple[int, str, str], list[Figures]] = {}
    print(
        f"pages: {CONNECTIONS} connections by {generator()}, {options.rounds} rounds of {options.seconds:g} s",
        flush=True,
    )
    with ExitStack() as stack:
        targets = [target for catalogue in sets for target in served(engines, catalogue, stack)]
        for target in targets:
            warm_up(target)
        for number in range(options.rounds):
            print(f"  round {number + 1} of {options.rounds}", flush=True)
            for target in targets:
                if target.cache == "warm":
                    warm_up(target)  # bodies live for five minutes, a run is longer
                key = (target.parts, target.kind, target.cache)
                turns.setdefault(key, []).append(press(target.port, target.addresses, seconds=options.seconds))
    figures = {key: median(taken) for key, taken in turns.items()}
    return [*speed(sets, figures), *growth(sets, figures), *frugality(sets)]


def sizes(engines: BenchEngines, options: argparse.Namespace) -> list[int]:
    if options.million or engines.has(LARGE):
        return [SMALL, LARGE]
    print("\n!!! The set of a million parts is not built: its figures are left out. `bin/bench pages --million`\n"
          "!!! builds it (about 20 minutes, 10 GB in var/bench) and keeps it.\n", flush=True)  # fmt: skip
    return [SMALL]


def inspect(engines: BenchEngines, parts: int) -> CatalogueSet:
    """Build or find a set and ask the shop itself for addresses, queries and weights."""
    engines.built(parts)
    said = json.loads(engines.run("-m", "bench.inside", database=f"bench_{parts}").splitlines()[-1])
    addresses = {kind: [Address(*pair) for pair in pairs] for kind, pairs in said["addresses"].items()}
    return CatalogueSet(parts, addresses, said["queries"], said["bytes"], said["parts"])


def served(engines: BenchEngines, catalogue: CatalogueSet, stack: ExitStack) -> Iterator[Target]:
    """Three servers of a set: reference, shop, shop without its cache."""
    environment = engines.environment(engines.url_of(f"bench_{catalogue.parts}"))
    pages = [Address(f"/page/{key}/") for key in catalogue.keys]
    reference = environment | {"DJANGO_SETTINGS_MODULE": "bench.reference.settings"}
    port = stack.enter_context(
        serving(f"reference-{catalogue.parts}", "bench.reference.wsgi", reference, ready=pages[0].path)
    )
    yield Target(catalogue.parts, "reference", "", port, pages)
    for cache in GOAL_OF:
        shop = environment | {"BENCH_CACHE": cache}
        port = stack.enter_context(serving(f"shop-{catalogue.parts}-{cache}", "shop.wsgi", shop, ready="/healthz"))
        for kind, addresses in catalogue.addresses.items():
            yield Target(catalogue.parts, kind, cache, port, addresses)


def warm_up(target: Target) -> None:
    """Every address once (all processes, connections, caches and plans are warm then), and each must be there."""
    answers, _ = client.each_once(
        target.port, [client.get(address.path, address.cookie) for address in target.addresses], connections=CONNECTIONS
    )
    for answer in answers:
        if answer.status != 200:
            raise RuntimeError(f"{target.addresses[answer.place].path} answers {answer.status}")


def speed(sets: Sequence[CatalogueSet], figures: dict[tuple[int, str, str], Figures]) -> Iterator[Result]:
    for catalogue in sets:
        reference = figures[catalogue.parts, "reference", ""]
        for cache, goal in GOAL_OF.items():
            for kind in catalogue.addresses:
                name = f"{kind}, {catalogue.parts:,} parts, cache {cache}"
                taken = figures[catalogue.parts, kind, cache]
                yield at_least(name, taken.per_second, "requests/s", reference.per_second, goal)
                for field in ("p50", "p95", "p99"):
                    value = getattr(taken, field)
                    yield Result(f"{name}: {field}", round(value, 1), "ms", round(getattr(reference, field), 1))


def growth(sets: Sequence[CatalogueSet], figures: dict[tuple[int, str, str], Figures]) -> Iterator[Result]:
    if len(sets) < 2:
        return
    for cache in GOAL_OF:
        for kind in sets[0].addresses:
            small, large = (figures[parts, kind, cache].p95 for parts in (SMALL, LARGE))
            yield at_most(f"{kind}, cache {cache}: p95 at 1,000,000 to 20,000", large, "ms", GROWTH, reference=small)


def frugality(sets: Sequence[CatalogueSet]) -> Iterator[Result]:
    for catalogue in sets:
        for kind, count in catalogue.queries.items():
            yield at_most(f"{kind}, {catalogue.parts:,} parts: most queries", count, "queries", MOST_QUERIES)
        for kind, weight in catalogue.weights.items():
            yield at_most(f"{kind}, {catalogue.parts:,} parts: first view", weight, "bytes", FIRST_VIEW_BYTES)
