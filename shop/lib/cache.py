"""The cache may vanish at any moment; a page must not notice more than its own slowness."""

import time
from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
# After a failure the server is left alone for this long, so that no page pays the time-out twice.
_PAUSE_SECONDS = 2.0


class _OneClientAServer(RedisCacheClient):
    """Django makes a Redis object, with its 170 callbacks, for every call; one for each server does the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[Any, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # the stubs leave it out
        if pool not in self._clients:
            self._clients[pool] = self._client(connection_pool=pool)  # type: ignore[attr-defined]
        return self._clients[pool]


class FailOpenRedisCache(RedisCache):
    """Django's Redis cache that answers "not there" while the server cannot be reached.

    ``add`` says "added": whoever asks by it whether to go on (a limit, a pause between calls) goes on.
    Never use it for what must hold (limits of sign-in codes): there, a dead server has to refuse.
    """

    _dead_until = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._class = _OneClientAServer

    def _guarded(self, call: Any, otherwise: Any) -> Any:
        if time.monotonic() < FailOpenRedisCache._dead_until:
            return otherwise
        try:
            return call()
        except (RedisError, OSError) as error:
            FailOpenRedisCache._dead_until = time.monotonic() + _PAUSE_SECONDS
            log.warning("cache-unreachable", error=type(error).__name__)
            return otherwise

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).add(key, value, timeout, version), True)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).set(key, value, timeout, version), None)

    def delete(self, key: Any, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).delete(key, version), False)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        counted: int = self._guarded(lambda: super(FailOpenRedisCache, self).incr(key, delta, version), 0)
        return counted

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).get_many(keys, version), {})

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).set_many(data, timeout, version), list(data))
