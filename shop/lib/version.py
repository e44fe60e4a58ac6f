"""One token for the state of the catalogue: whatever is kept in a cache or in memory is kept under it.

Whoever changes parts, offers, stock or cars calls ``bump_catalogue_version`` after the commit.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.cache import cache

KEY = "catalogue-version"
_WEEK = 7 * 24 * 3600
# While the cache is away nobody hears of a change, so what is kept in memory is read again after this long.
_SECONDS_WITHOUT_CACHE = 60


_pinned: ContextVar[str | None] = ContextVar("catalogue_version", default=None)


def catalogue_version() -> str:
    """The token of now, or of the page being built; another one each minute while the cache is away."""
    return _pinned.get() or known_version(cache.get(KEY))


@contextmanager
def pinned(version: str) -> Iterator[None]:
    """While one page is built the catalogue has one version: asked for once, and the same for all its parts."""
    token = _pinned.set(version)
    try:
        yield
    finally:
        _pinned.reset(token)


def known_version(found: str | None) -> str:
    """The token read from the cache together with other keys; makes one where there is none."""
    if found:
        return found
    token = secrets.token_hex(8)
    if cache.add(KEY, token, _WEEK):
        return token
    # Lost a race for the first token, or the cache is away.
    return cache.get(KEY) or f"without-cache-{int(time.time() // _SECONDS_WITHOUT_CACHE)}"


def bump_catalogue_version() -> None:
    """Forget whatever was computed from the catalogue so far. Call it after the commit."""
    cache.set(KEY, secrets.token_hex(8), _WEEK)


class PerVersion[T]:
    """A value computed once for each version of the catalogue and kept in this process.

    Two threads may compute it at the same time; the later one wins, both are right.
    """

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute = compute
        self._kept: tuple[str, T] | None = None

    def __call__(self) -> T:
        version = catalogue_version()
        kept = self._kept
        if kept is None or kept[0] != version:
            kept = self._kept = (version, self._compute())
        return kept[1]
