from decimal import Decimal

import pytest

from shop.delivery import prices, reference, tasks
from shop.delivery.carriers.protocol import CarrierUnavailable
from shop.delivery.directory import refresh_directory
from shop.delivery.models import DeliveryTariff
from shop.delivery.prices import refresh_prices

pytestmark = pytest.mark.django_db


def rows(way):
    return {
        (row.zone, int(row.max_weight_kg)): row.price for row in DeliveryTariff.objects.filter(way=way).order_by("pk")
    }


@pytest.fixture
def loaded():
    reference.load()


def test_prices_of_the_carrier_replace_ours_and_a_persons_rows_stay(loaded, nova_poshta_server, monkeypatch):
    refresh_directory("nova-poshta")
    DeliveryTariff.objects.filter(zone="country", max_weight_kg=10).update(price=111, by_hand=True)
    DeliveryTariff.objects.filter(zone="country", max_weight_kg=30).update(price=1)
    # In town the fake asks what it asks everywhere.
    assert refresh_prices("nova-poshta") == 4 + 6
    assert rows("nova-poshta-door")[("country", 10)] == 160
    assert rows("nova-poshta") == {
        ("town", 2): 80,
        ("town", 10): 120,
        ("town", 30): 180,
        ("country", 2): 80,
        ("country", 10): 111,
        ("country", 30): 180,
    }
    assert refresh_prices("nova-poshta") == 0


@pytest.mark.parametrize(("fixture", "prices"), [("ukrposhta_server", [50, 75, 115]), ("meest_server", [60, 95, 150])])
def test_a_carrier_without_tariffs_gets_its_own(request, loaded, fixture, prices):
    request.getfixturevalue(fixture)
    way = fixture.removesuffix("_server")
    assert refresh_prices(way) == 0
    refresh_directory(way)
    assert refresh_prices(way) == 6
    assert [price for (zone, _weight), price in rows(way).items() if zone == "country"] == prices


def test_the_dearest_of_the_large_towns_is_the_price(loaded, nova_poshta_server, monkeypatch):
    refresh_directory("nova-poshta")
    asked = iter(range(100, 200))
    monkeypatch.setattr(prices.carrier_client("nova-poshta").__class__, "price", lambda *_, **__: Decimal(next(asked)))
    refresh_prices("nova-poshta")
    # One town at home with three steps, then three towns for each step.
    assert rows("nova-poshta") == {
        ("town", 2): 100,
        ("town", 10): 101,
        ("town", 30): 102,
        ("country", 2): 105,
        ("country", 10): 108,
        ("country", 30): 111,
    }


def test_without_an_answer_the_old_prices_stay(loaded, nova_poshta_server):
    refresh_directory("nova-poshta")
    before = rows("nova-poshta")
    nova_poshta_server.set_answer("busy")
    with pytest.raises(CarrierUnavailable):
        refresh_prices("nova-poshta")
    nova_poshta_server.set_answer("refused-as-object")
    assert refresh_prices("nova-poshta") == 0
    assert rows("nova-poshta") == before


def test_every_night_each_carrier_that_is_on_is_asked(loaded, meest_server, nova_poshta_server, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "publish", lambda task, code, **_: asked.append((task.__name__, code)))
    tasks.refresh_carriers()
    assert asked == [
        ("refresh_points", "nova-poshta"),
        ("refresh_carrier_prices", "nova-poshta"),
        ("refresh_points", "meest"),
        ("refresh_carrier_prices", "meest"),
    ]
