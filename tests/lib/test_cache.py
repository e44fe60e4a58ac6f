import pytest
from django.core.cache.backends.base import BaseCache

from shop.lib.cache import FailOpenRedisCache


@pytest.fixture
def dead_cache():
    FailOpenRedisCache._dead_until = 0.0
    yield FailOpenRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.1}})
    FailOpenRedisCache._dead_until = 0.0


def test_a_dead_cache_answers_that_nothing_is_there(dead_cache: BaseCache):
    assert dead_cache.get("key", "default") == "default"
    assert dead_cache.get_many(["a", "b"]) == {}
    assert dead_cache.add("key", 1) is True  # whoever asks by it whether to go on goes on
    assert dead_cache.set("key", 1) is None
    assert dead_cache.delete("key") is False
    assert dead_cache.incr("key") == 0


def test_a_dead_cache_is_asked_once_and_then_left_alone_for_a_while(dead_cache, monkeypatch):
    dead_cache.get("key")
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", lambda *_: pytest.fail("asked again"))
    assert dead_cache.get("key") is None
