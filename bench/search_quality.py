"""``search-quality``: judged queries asked of real result pages at 20 thousand parts.

Words, cars and brands are in ``bench/data/queries.csv``; numbers come from ``bench.judged_numbers``.

A query is judged by the first place at which its page names the expected answer: an offered category or a part row
(``data-category``, ``data-part``), a car (``data-car``). Mean reciprocal rank and hit@10, by kind and in all.
"""

import argparse
import csv
import html
import json
import logging
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.engines import BenchEngines
from bench.report import Result

PARTS = 20_000
GOAL = 0.97
FIRST_PAGE = 10
QUERIES = Path(__file__).parent / "data" / "queries.csv"
_NAMED = re.compile(r'data-(part|category|car)="([^"]*)"')


@dataclass(frozen=True)
class Judged:
    """``expected``: any of the alternatives; of each alternative all of the pieces ``(kind, value)``."""

    kind: str
    query: str
    expected: tuple[tuple[tuple[str, str], ...], ...]


def measure(engines: BenchEngines, options: argparse.Namespace) -> list[Result]:
    """Figures by kind; queries whose answer is not on the first ten places are printed."""
    engines.built(PARTS)
    engines.run("manage.py", "load_reference", database=f"bench_{PARTS}")  # the words of today
    path = str(Path(options.queries or QUERIES).resolve())
    said = engines.run("-m", "bench.search_quality", path, database=f"bench_{PARTS}").splitlines()[-1]
    ranks: dict[str, list[int]] = defaultdict(list)
    for kind, query, rank in json.loads(said):
        ranks[kind].append(rank)
        if not 0 < rank <= FIRST_PAGE:
            print(f"  missed ({kind}): {query}", flush=True)
    everything = [rank for of_kind in ranks.values() for rank in of_kind]
    return [result for kind, of_kind in [*ranks.items(), ("all", everything)] for result in _results(kind, of_kind)]


def _results(kind: str, ranks: Sequence[int]) -> Iterator[Result]:
    hits = sum(0 < rank <= FIRST_PAGE for rank in ranks) / len(ranks)
    mean = sum(1 / rank for rank in ranks if rank) / len(ranks)
    goal = kind == "all"
    yield Result(
        f"{kind} ({len(ranks)}): hit@10", round(hits, 4), "", goal=f"≥ {GOAL}" if goal else "",
        met=hits >= GOAL if goal else None,
    )  # fmt: skip
    yield Result(f"{kind} ({len(ranks)}): mean reciprocal rank", round(mean, 4), "")


def read(path: Path) -> list[Judged]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Judged(
                row["kind"],
                row["query"],
                tuple(
                    tuple((piece.partition(":")[0], piece.partition(":")[2]) for piece in alternative.split("+"))
                    for alternative in row["expected"].split("|")
                ),
            )
            for row in csv.DictReader(file)
        ]


def rank_in(page: str, judged: Judged) -> int:
    """The place of the best alternative, from 1; 0 when it is not on the page. All pieces of one must be there."""
    places: dict[str, list[str]] = {"part": [], "category": [], "car": []}
    for kind, value in _NAMED.findall(page):
        if html.unescape(value) not in places[kind]:
            places[kind].append(html.unescape(value))
    ranks = [
        max(found)
        for alternative in judged.expected
        if all(found := [_place(places[kind], value, kind) for kind, value in alternative])
    ]
    return min(ranks, default=0)


def _place(named: Sequence[str], wanted: str, kind: str) -> int:
    for place, value in enumerate(named, 1):
        if value == wanted or (kind == "car" and value.startswith(wanted)):
            return place
    return 0


def main(path: Path) -> None:
    """Inside the shop: asks each query and prints one line of JSON."""
    import django

    django.setup()
    logging.disable(logging.INFO)  # a line for each request
    from django.test import Client, override_settings

    from bench.judged_numbers import judged_numbers
    from shop.lib.version import bump_catalogue_version

    bump_catalogue_version()
    visitor = Client(headers={"accept-language": "uk"})
    found = []
    with override_settings(PAGE_CACHE_SECONDS=0):
        for judged in [*read(path), *(judged_numbers() if path == QUERIES else [])]:
            page = visitor.get(f"/search/?{urlencode({'q': judged.query})}", follow=True).content.decode()
            found.append((judged.kind, judged.query, rank_in(page, judged)))
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
