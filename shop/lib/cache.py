"""The cache may vanish at any moment; a page must not notice more than its own slowness."""

import time
from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
# After a failure the server is left alone for this long, so that no page pays the time-out twice.
_PAUSE_SECONDS = 2.0


class FailOpenRedisCache(RedisCache):
    """Django's Redis cache that answers "not there" while the server cannot be reached.

    Never use it for what must hold (limits of sign-in codes): there, a dead server has to refuse.
    """

    _dead_until = 0.0

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
        return self._guarded(lambda: super(FailOpenRedisCache, self).add(key, value, timeout, version), False)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).set(key, value, timeout, version), None)

    def delete(self, key: Any, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).delete(key, version), False)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).get_many(keys, version), {})

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._guarded(lambda: super(FailOpenRedisCache, self).set_many(data, timeout, version), list(data))
