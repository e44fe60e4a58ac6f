"""Run inside the shop (``python -m bench.inside``): choose the addresses to ask for, count queries, weigh pages.

Prints one line of JSON. A process of its own per database, because Django's settings are read once.
"""

import gzip
import json
import random
import re
import sys
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import django

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

PER_KIND = 200


def main() -> None:
    django.setup()
    from shop.lib.version import bump_catalogue_version

    bump_catalogue_version()  # bodies of an earlier run are of earlier code
    addresses = choose()
    queries = {kind: count_queries(pairs) for kind, pairs in addresses.items()}
    weights = {kind: weigh(pairs[0][0]) for kind, pairs in addresses.items()}
    print(json.dumps({"addresses": addresses, "queries": queries, "bytes": weights, "parts": some_parts()}))


def choose() -> dict[str, list[tuple[str, str]]]:
    """Address and cookie by kind of page, spread over the catalogue, the same in every run; each answers 200."""
    dice = random.Random(1)
    kinds = {
        "home": [("/", "")],
        "category": [(path, "") for path in _categories()],
        "category for a car": _categories_for_cars(dice),
        "part": [(path, "") for path in _parts(dice)],
        "search": [(path, "") for path in _searches(dice)],
    }
    return {kind: _answered(pairs) for kind, pairs in kinds.items()}


def _categories() -> list[str]:
    from shop.catalog.models import Category

    leaves = [category.get_absolute_url() for category in Category.objects.filter(numchild=0, is_active=True)]
    return [*leaves, *(f"{path}?page=2" for path in leaves)]


def _categories_for_cars(dice: random.Random) -> list[tuple[str, str]]:
    from django.urls import reverse

    from shop.catalog.models import Fitment, Part
    from vehicles.cookie import CarCookie, header

    cars = list(
        Fitment.objects.filter(part_id__in=_pks(Part, dice, 400)).values_list("modification_id", "category__slug")
    )
    cookies: dict[int, str] = {}
    pairs = []
    for car, slug in cars:
        if car not in cookies:
            if len(cookies) == 40:
                continue
            cookies[car] = header(CarCookie(chosen=car))
        pairs.append((reverse("storefront:category", args=[slug]), cookies[car]))
    return sorted(set(pairs))


def _parts(dice: random.Random) -> list[str]:
    from shop.catalog.models import Part

    return [
        part.get_absolute_url() for part in Part.objects.active().with_names().filter(pk__in=_pks(Part, dice, PER_KIND))
    ]


def _searches(dice: random.Random) -> list[str]:
    """Half by number (OE and article, with blanks and dashes as people type them), half by words."""
    from shop.catalog.models import Brand, Category, OeNumber, Part

    numbers = list(OeNumber.objects.filter(pk__in=_pks(OeNumber, dice, PER_KIND // 4)).values_list("number", flat=True))
    numbers += Part.objects.filter(pk__in=_pks(Part, dice, PER_KIND // 4)).values_list("article_number", flat=True)
    brands = list(Brand.objects.values_list("name", flat=True))
    leaves = list(Category.objects.filter(numchild=0).values_list("name_uk", flat=True))
    words = [*leaves, *(f"{dice.choice(leaves).lower()} {dice.choice(brands)}" for _ in range(PER_KIND // 4))]
    return [f"/search/?{urlencode({'q': query})}" for query in [*numbers, *words]]


def _pks(model: type, dice: random.Random, count: int) -> list[int]:
    last = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0  # type: ignore[attr-defined]
    return dice.sample(range(1, last + 1), min(count, last))


def _answered(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that answer 200: a search for a number that is one part's may lead straight to it."""
    pairs = list(pairs)
    random.Random(2).shuffle(pairs)
    kept = []
    for path, cookie in pairs:
        if _get(path, cookie).status_code == 200:
            kept.append((path, cookie))
        if len(kept) == PER_KIND:
            break
    return kept


def count_queries(pairs: list[tuple[str, str]], sample: int = 25) -> int:
    """The most queries that one of the pages makes when its body is composed anew."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext, override_settings

    most = 0
    with override_settings(PAGE_CACHE_SECONDS=0):
        for path, cookie in pairs[:sample]:
            with CaptureQueriesContext(connection) as captured:
                _get(path, cookie)
            most = max(most, len(captured))
    return most


def weigh(path: str) -> int:
    """Bytes over the wire of a first view as Caddy sends it: the page, its styles and its scripts, compressed."""
    from django.contrib.staticfiles.storage import staticfiles_storage

    page = _get(path, "").content
    total = len(gzip.compress(page, 6))
    prefix = re.escape(staticfiles_storage.base_url or "/static/")
    for name in set(re.findall(rf'(?:href|src)="{prefix}([^"]+\.(?:css|js))"', page.decode())):
        with staticfiles_storage.open(name) as file:
            total += len(gzip.compress(file.read(), 9))
    return total


def some_parts() -> list[int]:
    """Keys for the reference view."""
    from shop.catalog.models import Part

    return sorted(Part.objects.filter(pk__in=_pks(Part, random.Random(3), PER_KIND)).values_list("pk", flat=True))


@cache
def _visitor() -> "Client":
    """One client for all: making one loads the middleware, which looks through all static files."""
    from django.test import Client

    return Client(headers={"accept-language": "uk"})


def _get(path: str, cookie: str) -> "HttpResponse":
    visitor = _visitor()
    visitor.cookies.clear()
    if cookie:
        name, _, value = cookie.partition("=")
        visitor.cookies[name] = value
    return visitor.get(path)


if __name__ == "__main__":
    sys.exit(main())
