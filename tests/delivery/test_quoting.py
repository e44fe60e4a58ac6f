from decimal import Decimal

import pytest
from django.db import IntegrityError

from orders.models import DeliveryKind
from shop.delivery.models import CarrierLimit, DeliveryTariff, PickupPoint, Way
from shop.delivery.quoting import GLASS, LIQUID, delivery_options, quote
from tests.factories.delivery import PickupPointFactory, SettlementFactory

pytestmark = pytest.mark.django_db


def asked(kind, settlement, **changes):
    common = {"weight_kg": Decimal(2), "goods_total": Decimal(1000), "cash_on_delivery": Decimal(0)}
    return quote(kind, settlement=settlement, **common | {"handling": frozenset()} | changes)


def tariff(way=Way.NOVA_POSHTA, zone="country", weight=2, price=80, **more):
    return DeliveryTariff.objects.create(
        way=way, zone=zone, max_weight_kg=weight, price=price, **{"days_from": 1, "days_to": 3} | more
    )


@pytest.fixture
def town():
    return SettlementFactory()


def test_ways_are_called_as_orders_call_them():
    assert [str(way) for way in Way] == [str(kind) for kind in DeliveryKind]


@pytest.mark.parametrize(
    ("weight", "price"),
    [("0.1", Decimal(80)), ("2", Decimal(80)), ("2.001", Decimal(120)), ("10", Decimal(120)), ("10.001", None)],
)
def test_the_lightest_band_that_holds_the_parcel_is_the_estimate(town, weight, price):
    tariff(weight=10, price=120)
    tariff(weight=2, price=80)
    found = asked("nova-poshta", town, weight_kg=Decimal(weight))
    assert (found.ours, found.carriers, found.paid_to, found.refusal) == (0, price, "carrier", "")


def test_without_a_weight_or_a_tariff_there_is_no_estimate(town):
    assert asked("nova-poshta", town).carriers is None
    tariff()
    assert asked("nova-poshta", town, weight_kg=None).carriers is None


def test_the_town_that_parcels_leave_from_has_its_own_price(settings):
    settings.SENDER_SETTLEMENT = "here"
    tariff(price=80)
    tariff(zone="town", price=60, days_to=1)
    here = asked("nova-poshta", SettlementFactory(slug="here"))
    assert (here.carriers, here.days_from, here.days_to) == (60, 1, 1)


@pytest.mark.parametrize(("goods", "ours"), [("1999.99", 120), ("2000.00", 0)])
def test_our_courier_is_free_from_the_sum_that_staff_set(settings, goods, ours):
    settings.SENDER_SETTLEMENT = "here"
    tariff(Way.COURIER, "town", 50, 120, free_from=2000)
    found = asked("courier", SettlementFactory(slug="here"), goods_total=Decimal(goods))
    assert (found.ours, found.carriers, found.paid_to, found.refusal) == (ours, 0, "shop", "")


def test_our_courier_goes_only_where_he_has_a_price(town):
    tariff(Way.COURIER, "town", 50, 120)
    assert asked("courier", town).refusal == "У такий спосіб до цього міста ми зараз не доставляємо."


def test_our_courier_takes_a_parcel_of_unknown_weight_for_his_highest_price(town):
    tariff(Way.COURIER, "country", 5, 100)
    tariff(Way.COURIER, "country", 50, 200)
    assert asked("courier", town, weight_kg=None).ours == 200


@pytest.mark.parametrize(
    ("limit", "parcel", "words"),
    [
        ({"max_weight_kg": 1}, {}, "Сюди приймають посилки до 1 кг, а ваша важить 2 кг."),
        ({"max_value": 999}, {}, "Так надсилають посилки вартістю до 999\u00a0₴."),
        ({"takes_cash": False}, {"cash_on_delivery": Decimal(1)}, "Так не можна заплатити за товар"),
        ({"takes_liquids": False}, {"handling": frozenset({LIQUID})}, "Рідини так не надсилають"),
        ({"takes_glass": False}, {"handling": frozenset({GLASS})}, "Скло так не надсилають"),
    ],
)
def test_a_limit_says_what_it_refuses(town, limit, parcel, words):
    assert asked("meest", town, **parcel).refusal == ""
    CarrierLimit.objects.create(way="meest", **limit)
    assert asked("meest", town, **parcel).refusal.startswith(words)
    assert asked("ukrposhta", town, **parcel).refusal == ""


def test_a_limit_of_lockers_leaves_branches_alone(town):
    CarrierLimit.objects.create(way="nova-poshta", point_kind="locker", max_weight_kg=1)
    locker = PickupPointFactory(settlement=town, kind=PickupPoint.Kind.LOCKER)
    branch = PickupPointFactory(settlement=town)
    assert asked("nova-poshta", town, point=locker).refusal.startswith("Сюди приймають посилки до 1 кг")
    assert asked("nova-poshta", town, point=branch).refusal == ""
    assert asked("nova-poshta", town).refusal == ""


@pytest.mark.parametrize("rows", [1, 20])
def test_all_ways_cost_three_queries(town, django_assert_num_queries, rows):
    for number in range(rows):
        tariff(weight=number + 1, price=80 + number)
        PickupPointFactory(settlement=town)
    with django_assert_num_queries(3):
        options = dict(delivery_options(town, weight_kg=Decimal(1), goods_total=Decimal(1000), handling=frozenset()))
    assert options["nova-poshta"].carriers == 80
    assert options["ukrposhta"].refusal == "У цьому місті немає відділень."
    assert options["courier"].refusal == "У такий спосіб до цього міста ми зараз не доставляємо."


def test_what_a_foreign_carrier_asks_is_never_free_from_a_sum(town):
    with pytest.raises(IntegrityError, match="delivery_tariff_free_courier"):
        tariff(free_from=1000)
