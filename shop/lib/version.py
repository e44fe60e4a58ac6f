"""Tokens for the state of the catalogue and of the offers: what is kept in a cache or in memory is kept under them.

Whoever changes parts, categories or cars calls ``bump_catalogue_version`` after the commit; whoever changes offers or
stock calls ``bump_offers_version``: prices change by the hour, and what knows nothing of them is kept then.
A version is both tokens, ``catalogue.offers``.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.cache import cache

CATALOGUE, OFFERS = "catalogue-version", "offers-version"
KEYS = (CATALOGUE, OFFERS)
_WEEK = 7 * 24 * 3600
# While the cache is away nobody hears of a change, so what is kept in memory is read again after this long.
_SECONDS_WITHOUT_CACHE = 60


_pinned: ContextVar[str | None] = ContextVar("catalogue_version", default=None)


def catalogue_version() -> str:
    """The version of now, or of the page being built; another one each minute while the cache is away."""
    return _pinned.get() or known_version(cache.get_many(KEYS))


@contextmanager
def pinned(version: str) -> Iterator[None]:
    """While one page is built the catalogue has one version: asked for once, and the same for all its parts."""
    token = _pinned.set(version)
    try:
        yield
    finally:
        _pinned.reset(token)


def known_version(found: Mapping[str, Any]) -> str:
    """The version by tokens read from the cache, perhaps together with other keys; makes those that are missing."""
    return ".".join(str(found.get(key) or _first_token(key)) for key in KEYS)


def _first_token(key: str) -> str:
    cache.add(key, secrets.token_hex(8), _WEEK)
    # Ours, or that of whoever was first; nothing while the cache is away.
    return cache.get(key) or f"without-cache-{int(time.time() // _SECONDS_WITHOUT_CACHE)}"


def bump_catalogue_version() -> None:
    """Forget whatever was computed from the catalogue so far. Call it after the commit."""
    cache.set(CATALOGUE, secrets.token_hex(8), _WEEK)


def bump_offers_version() -> None:
    """Forget what was computed from offers and stock, and keep what knows only parts and cars. After the commit."""
    cache.set(OFFERS, secrets.token_hex(8), _WEEK)


@contextmanager
def coming_offers_version() -> Iterator[None]:
    """``bump_offers_version`` at the end of the block, in which the coming version is the one in force.

    What the block computes and shares is ready when buyers come to the new version.
    """
    token = secrets.token_hex(8)
    catalogue, _, _offers = catalogue_version().partition(".")
    with pinned(f"{catalogue}.{token}"):
        yield
    cache.set(OFFERS, token, _WEEK)


class PerVersion[T]:
    """A value computed once for each version of the catalogue and kept in this process; ``of_offers``: of offers too.

    Two threads may compute it at the same time; the later one wins, both are right.
    """

    def __init__(self, compute: Callable[[], T], *, of_offers: bool = False) -> None:
        self._compute = compute
        self._of_offers = of_offers
        self._kept: tuple[str, T] | None = None

    def __call__(self) -> T:
        version = catalogue_version()
        if not self._of_offers:
            version = version.partition(".")[0]
        kept = self._kept
        if kept is None or kept[0] != version:
            kept = self._kept = (version, self._compute())
        return kept[1]
