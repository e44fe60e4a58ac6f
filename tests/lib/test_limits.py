import pytest
from django.core.cache import cache

from shop.lib import limits
from shop.lib.cache import FailOpenRedisCache

PHONE = "+380671234567"


@pytest.fixture(autouse=True)
def _few(settings):
    settings.HOURLY_LIMITS = {"ask": {"phone": 2, "address": 3}}


def test_one_more_than_allowed_is_too_often_for_that_phone_alone():
    for _time in range(2):
        assert not limits.is_too_often("ask", phone=PHONE, address="a")
        limits.count("ask", phone=PHONE, address="a")
    assert limits.is_too_often("ask", phone=PHONE, address="b")
    assert not limits.is_too_often("ask", phone="+380501112233", address="a")
    limits.count("ask", phone="+380501112233", address="a")
    assert limits.is_too_often("ask", phone="+380501112233", address="a")


def test_keys_tell_nobody_s_phone_and_live_an_hour(monkeypatch):
    kept = []
    monkeypatch.setattr(cache, "add", lambda key, _value, seconds: kept.append((key, seconds)))
    limits.count("ask", phone=PHONE)
    ((key, seconds),) = kept
    assert PHONE not in key
    assert seconds == 3600


def test_an_unknown_address_is_not_counted():
    for _time in range(5):
        limits.count("ask", address="")
    assert not limits.is_too_often("ask", address="")


def test_without_the_cache_everybody_may(monkeypatch):
    dead = FailOpenRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.1}})
    monkeypatch.setattr(limits, "cache", dead)
    for _time in range(5):
        limits.count("ask", phone=PHONE)
    assert not limits.is_too_often("ask", phone=PHONE)
