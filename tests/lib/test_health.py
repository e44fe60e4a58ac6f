"""/healthz: the database decides, Valkey does not."""

import pytest

pytestmark = pytest.mark.django_db


def without_valkey(settings):
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"},
    }


def test_it_is_healthy_in_plain_text_and_never_cached(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content == b"Database(alias='default'): OK\n"
    assert "no-store" in answer.headers["Cache-Control"]


def test_without_valkey_the_shop_stays_in_the_balancer(client, settings):
    without_valkey(settings)
    assert client.get("/healthz").status_code == 200


def test_the_whole_health_tells_of_valkey(client, settings):
    assert client.get("/healthz/whole").status_code == 200
    without_valkey(settings)
    assert client.get("/healthz/whole").status_code == 500
