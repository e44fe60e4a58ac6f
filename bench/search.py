"""``search``: look-ups by number, by words, while typing, and what hostile people type, at a million parts.

Reference: the bare indexed SELECT of one article through psycopg, on the same server in the same minute. Figures are
those of what the pages ask (``shop.catalog.search``, ``shop.storefront.results``), in one process; what a page costs
beside it is told by ``pages``.
"""

import argparse
import json
import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlencode

from bench.engines import BenchEngines
from bench.report import Result, at_most

LARGE, SMALL = 1_000_000, 20_000
NUMBERS, WORDS, TYPED = 10_000, 2_000, 2_000
SLOWER_THAN_BARE = 3
MOST_MS = 200


def measure(engines: BenchEngines, options: argparse.Namespace) -> list[Result]:
    """All figures at a million parts, or at 20 thousand where the million is not built."""
    parts = LARGE if options.million or engines.has(LARGE) else SMALL
    engines.built(parts)
    engines.run("manage.py", "load_reference", database=f"bench_{parts}")  # the words of today
    said = engines.run("-m", "bench.search", database=f"bench_{parts}", BENCH_CACHE="off").splitlines()[-1]
    return list(_results(json.loads(said), parts))


def _results(taken: dict[str, list[float]], parts: int) -> Iterator[Result]:
    bare = taken.pop("bare")
    for kind, milliseconds in taken.items():
        name = f"{kind} ({len(milliseconds):,}), {parts:,} parts"
        if kind == "hostile":
            yield at_most(f"{name}: slowest", round(max(milliseconds), 1), "ms", MOST_MS)
            continue
        yield Result(f"{name}: p50", _at(milliseconds, 50), "ms", _at(bare, 50))
        if kind == "articles":
            yield at_most(f"{name}: p99", _at(milliseconds, 99), "ms", SLOWER_THAN_BARE, reference=_at(bare, 99))
        else:
            yield Result(f"{name}: p99", _at(milliseconds, 99), "ms", _at(bare, 99))


def _at(milliseconds: list[float], percent: int) -> float:
    return round(sorted(milliseconds)[len(milliseconds) * percent // 100], 3)


def main() -> None:
    """Inside the shop: times everything and prints one line of JSON."""
    import django

    django.setup()
    logging.disable(logging.INFO)  # a line for each request
    from django.test import Client
    from django.urls import reverse

    from shop.catalog.models import Category, Part
    from shop.catalog.search import by_number
    from shop.lib import version

    dice = random.Random(1)
    last = Part.objects.order_by("-pk").values_list("pk", flat=True)[0]
    sample = dict(
        Part.objects.filter(pk__in=dice.sample(range(1, last + 1), NUMBERS)).values_list("article_number", "search_key")
    )
    visitor = Client(headers={"accept-language": "uk"})

    def page(query: str) -> None:
        answer = visitor.get(reverse("storefront:search"), {"q": query})
        if answer.status_code >= 500:
            raise RuntimeError(f"{query[:80]!r} answers {answer.status_code}")

    def hint(query: str) -> None:
        visitor.get(f"{reverse('storefront:search_hints')}?{urlencode({'q': query})}", headers={"HX-Request": "true"})

    words = list(_words(dice, WORDS))
    kinds = list(Category.objects.filter(numchild=0).values_list("name_uk", flat=True))
    typed = list(_typed(dice, words, list(sample), TYPED))
    found = {}
    with version.pinned("bench"):
        found["bare"], found["articles"] = _in_turns(_bare_select(), by_number, list(sample.values()), list(sample))
    _timed(page, kinds)  # each kind once: indexes in memory are read at the first look
    found["words"] = _timed(page, words)
    found["type-ahead"] = _timed(hint, typed)
    found["hostile"] = [sorted(_timed(page, [text] * 3))[1] for text in HOSTILE]  # the median of three
    print(json.dumps(found))


def _bare_select() -> Callable[[str], object]:
    """A connection of its own, without Django; the statement is prepared as the shop's are."""
    import psycopg
    from django.db import connection

    parameters = connection.get_connection_params()
    bare = psycopg.connect(
        **{name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)},
        autocommit=True,
    )
    return lambda key: bare.execute("SELECT id FROM catalog_part WHERE search_key = %s", [key], prepare=True).fetchall()


def _in_turns(
    one: Callable[[str], object], other: Callable[[str], object], keys: list[str], numbers: list[str]
) -> tuple[list[float], list[float]]:
    """The same busy minutes fall on both."""
    for key, number in zip(keys[:200], numbers[:200], strict=True):
        one(key), other(number)
    ones, others = [], []
    for key, number in zip(keys, numbers, strict=True):
        ones += _timed(one, [key])
        others += _timed(other, [number])
    return ones, others


def _timed(act: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    """Milliseconds for each text."""
    taken = []
    for text in texts:
        began = time.perf_counter()
        act(text)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _words(dice: random.Random, count: int) -> Iterator[str]:
    """Names and synonyms of categories, alone, with brands and with cars."""
    from shop.catalog.models import Brand, Category
    from vehicles.models import Generation

    names = [text for category in Category.objects.all() for text in category.search_texts() if text]
    brands = list(Brand.objects.values_list("name", flat=True))
    cars = [
        f"{make} {model} {name.split(' (')[0]}"
        for make, model, name in Generation.objects.values_list("model__make__name", "model__name", "name")
    ]
    for number in range(count):
        name = dice.choice(names).lower()
        yield (name, f"{name} {dice.choice(brands)}", f"{name} {dice.choice(cars)}")[number % 3]


def _typed(dice: random.Random, words: list[str], numbers: list[str], count: int) -> Iterator[str]:
    for number in range(count):
        text = dice.choice(words if number % 2 else numbers)
        yield text[: dice.randint(2, max(2, len(text)))]


HOSTILE = [
    "a" * 10_000, "я" * 10_000, "1" * 10_000, "колодки " * 1_250, "W" + "7" * 199, "а" * 199, "1" * 200, "%" * 200,
    "\x00", "W712\x0075", "колодки\x00диски", "%_\\", "%%%W%", "___", "\\", "\\\\\\'", "';DROP TABLE catalog_part;--",
    "(((((((((((((((((((((", "[a-z]+", ".*", "(a+)+$" * 20, "^(?:x+x+)+y", "x" * 100 + "!", "foo & | ! <-> :*",
    "'колодки':* & !диски", "<->", "a:*b:*", "\U0001f600\U0001f697", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u202eкидолок\u202c", "\u200fW712\u200e/75", "مكابح abc עברית", "e\u0301" * 99, "\ufeffколодки", "ß" * 200,
    "ﬁ" * 100, "²³¹½", "𝟙𝟚𝟛", "ⅷ", "İ" * 100, "ŉ" * 100, "<script>alert(1)</script>", "{{ 7*7 }}", "${jndi:ldap://x}",
    "../../etc/passwd", "а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а а",
    "1 " * 100, "a1 " * 60, "1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a", "0", "00", "000", "к", "k1", "00 0", "0.0.0.0", "- - -",
    "гальмівнііііііііііііііііі колодкииииииииииии", "bmw " * 40, "октавія " * 20, "2.0 " * 40, "1111-1111 " * 18,
]  # fmt: skip


if __name__ == "__main__":
    main()
