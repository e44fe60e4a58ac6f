"""Both keep to the protocol: what is asked of one is asked of the other."""

import itertools
from datetime import date
from decimal import Decimal

import pytest

from shop.delivery.carriers import calling, carrier_client, carriers_that_are_on
from shop.delivery.carriers.protocol import CarrierRefused, CarrierUnavailable, OutcomeUnknown, WaybillRequest
from shop.delivery.states import ParcelState
from tests.factories.delivery import SettlementFactory

LONG_AGO = date(2020, 1, 1)


def asked(**changes):
    common = {
        "our_number": "100042-1",
        "city_ref": "city",
        "point_ref": "07401",
        "is_locker": False,
        "surname": "Коваль",
        "given_name": "Олена",
        "patronymic": "Петрівна",
        "phone": "+380671234567",
        "weight_kg": Decimal("1.2345"),
        "size_cm": (Decimal(20), Decimal(30), Decimal("10.5")),
        "description": "Фільтр масляний",
        "declared_value": Decimal(1500),
        "cash_on_delivery": Decimal(0),
    }
    return WaybillRequest(**common | changes)


@pytest.fixture(params=["ukrposhta", "meest"])
def carrier(request):
    return request.getfixturevalue(f"{request.param}_server")


@pytest.fixture
def client(carrier):
    return carrier_client("ukrposhta" if "Ukrposhta" in type(carrier).__name__ else "meest")


def test_without_keys_a_carrier_is_off(settings):
    settings.NOVA_POSHTA_KEY = settings.UKRPOSHTA_TOKEN = settings.MEEST_LOGIN = ""
    assert carriers_that_are_on() == []
    settings.MEEST_LOGIN = settings.MEEST_PASSWORD = "us"
    assert carriers_that_are_on() == ["meest"]


def test_a_waybill_is_made_found_labelled_and_deleted(client, carrier):
    made = client.create_waybill(asked())
    [kept] = carrier.waybills.values()
    assert made.number == kept["barCode" if "barCode" in kept else "barcode"]
    assert made.price == (Decimal(50) if "externalId" in kept else Decimal(60))
    found = client.find_waybill("100042-1", since=LONG_AGO)
    assert (found.number, found.ref) == (made.number, made.ref)
    assert client.find_waybill("100042-2", since=LONG_AGO) is None
    assert client.label(made.ref).startswith(b"%PDF")
    assert client.track([made.number]) == []
    client.delete_waybill(made.ref)
    assert client.find_waybill("100042-1", since=LONG_AGO) is None


def test_a_waybill_whose_answer_was_lost_is_found_by_our_number(client, carrier, monkeypatch):
    monkeypatch.setattr(calling, "_TIMEOUT", 0.3)
    # The last of its calls is the one that makes the waybill.
    real = carrier._take_answer
    calls = itertools.count(1)
    last = 3 if hasattr(carrier, "_classified") else 2

    def slow_at_last():
        if next(calls) == last:
            carrier.set_answer("slow", 1)
        return real()

    monkeypatch.setattr(carrier, "_take_answer", slow_at_last)
    with pytest.raises(OutcomeUnknown):
        client.create_waybill(asked())
    monkeypatch.setattr(calling, "_TIMEOUT", 5)
    assert client.find_waybill("100042-1", since=LONG_AGO).number in carrier.waybills
    assert len(carrier.waybills) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("bad-key", CarrierUnavailable),
        ("too-many", CarrierUnavailable),
        ("refused", CarrierRefused),
        ("bad-gateway", OutcomeUnknown),
        ("page", OutcomeUnknown),
        ("empty", OutcomeUnknown),
    ],
)
def test_each_failure_says_whether_it_may_have_happened(client, carrier, answer, error):
    assert client.price(city_ref="city", point_ref="07401", weight_kg=Decimal(1), value=Decimal(500)) > 0
    carrier.set_answer(answer)
    with pytest.raises(error):
        client.price(city_ref="city", point_ref="07401", weight_kg=Decimal(1), value=Decimal(500))
    with pytest.raises(error):
        client.create_waybill(asked())
    assert carrier.waybills == {}


def test_waybills_to_a_door_are_made_by_hand(client, carrier):
    with pytest.raises(CarrierRefused, match="door"):
        client.create_waybill(asked(point_ref="", street="Київська", house="7а"))
    with pytest.raises(CarrierRefused, match="door"):
        client.price(city_ref="city", point_ref="07401", weight_kg=Decimal(1), value=Decimal(500), is_to_door=True)
    assert carrier.calls == 0


def test_nobody_at_the_address_is_surely_nothing_done(client, settings):
    settings.UKRPOSHTA_URL = settings.MEEST_URL = "http://127.0.0.1:1"
    with pytest.raises(CarrierUnavailable):
        client.create_waybill(asked())


def test_a_refusal_keeps_phones_out(client, carrier):
    client.price(city_ref="city", point_ref="07401", weight_kg=Decimal(1), value=Decimal(500))
    carrier.set_answer("refused")
    with pytest.raises(CarrierRefused) as refusal:
        client.create_waybill(asked())
    [code] = refusal.value.codes
    assert code in {"Phone number …is not valid", "receiver.phone Невірний телефон …"}


def test_a_label_that_is_not_there_is_refused(client):
    with pytest.raises(OutcomeUnknown, match="not a PDF"):
        client.label("unknown")


def test_a_parcel_that_left_keeps_its_waybill_and_tells_where_it_is(client, carrier):
    made = client.create_waybill(asked())
    code = "21500" if hasattr(carrier, "_classified") else "500"
    carrier.move(made.number, code)
    with pytest.raises(CarrierRefused):
        client.delete_waybill(made.ref)
    [news] = client.track([made.number, "0000000000000"])
    assert (news.number, news.code, news.state) == (made.number, code, ParcelState.READY)
    assert news.happened_at is not None


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("20700", ParcelState.IN_TRANSIT),
        ("31100", ParcelState.PROBLEM),
        ("41000", ParcelState.DELIVERED),
        ("41010", ParcelState.RETURNED),
        ("99999", None),
    ],
)
def test_events_of_ukrposhta_are_known_alone_or_by_their_group(ukrposhta_server, code, state):
    client = carrier_client("ukrposhta")
    made = client.create_waybill(asked())
    ukrposhta_server.move(made.number, code)
    [news] = client.track([made.number])
    assert (news.code, news.state) == (code, state)


@pytest.mark.parametrize(
    ("code", "state"),
    [("300", ParcelState.IN_TRANSIT), ("1622", ParcelState.DELIVERED), ("900", ParcelState.RETURNING), ("7", None)],
)
def test_events_of_meest_are_told_by_their_words(meest_server, code, state):
    client = carrier_client("meest")
    made = client.create_waybill(asked())
    meest_server.move(made.number, code)
    [news] = client.track([made.number])
    assert (news.code, news.state) == (code, state)


def test_money_for_goods_goes_with_the_parcel(ukrposhta_server, meest_server, settings):
    carrier_client("ukrposhta").create_waybill(asked(cash_on_delivery=Decimal("1500.50")))
    assert [each["postPay"] for each in ukrposhta_server.waybills.values()] == [1500.5]
    with pytest.raises(CarrierRefused, match="MEEST_AGENT"):
        carrier_client("meest").create_waybill(asked(cash_on_delivery=Decimal("1500.50")))
    assert meest_server.waybills == {}
    settings.MEEST_AGENT = "12345678"
    carrier_client("meest").create_waybill(asked(cash_on_delivery=Decimal("1500.50")))
    assert [each["COD"] for each in meest_server.waybills.values()] == [1500.5]


def test_the_directory_of_meest_comes_whole(meest_server):
    points = list(carrier_client("meest").directory())
    assert [point.ref for point in points] == [point.code for point in meest_server.points]
    assert all(point.is_open and point.city_ref and point.settlement_uk for point in points)


@pytest.mark.django_db
def test_the_directory_of_ukrposhta_is_asked_for_by_town(ukrposhta_server):
    SettlementFactory(name_uk="Львів", oblast_uk="Львівська область")
    SettlementFactory(name_uk="Київ", oblast_uk="Одеська область")
    SettlementFactory(name_uk="Одеса", oblast_uk="Одеська область", population=0)
    points = list(carrier_client("ukrposhta").directory())
    assert [point.ref for point in points] == [point.code for point in ukrposhta_server.points if point.town == "Львів"]
    assert points
    assert {point.city_ref for point in points} == {point.settlement_ref for point in points}
