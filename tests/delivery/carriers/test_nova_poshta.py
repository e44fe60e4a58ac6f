from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shop.delivery.carriers import calling, carrier_client, nova_poshta, nova_poshta_envelope
from shop.delivery.carriers.protocol import CarrierRefused, CarrierUnavailable, OutcomeUnknown, WaybillRequest
from shop.delivery.states import ParcelState

ASKED = WaybillRequest(
    our_number="100042-1", city_ref="city", point_ref="point", is_locker=False, surname="Коваль", given_name="Олена",
    patronymic="Петрівна", phone="+380671234567", weight_kg=Decimal(2),
    size_cm=(Decimal(20), Decimal(30), Decimal(10)), description="Фільтр масляний", declared_value=Decimal(1500),
    cash_on_delivery=Decimal(0),
)  # fmt: skip
LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def carrier(nova_poshta_server):
    return nova_poshta_server


@pytest.fixture
def client(carrier):
    return carrier_client("nova-poshta")


def test_a_waybill_is_made_found_labelled_and_deleted(client):
    made = client.create_waybill(ASKED)
    assert (made.number, made.price) == ("20450000000001", Decimal(80))
    assert client.find_waybill("100042-1", since=LONG_AGO) == made
    assert client.find_waybill("100042-2", since=LONG_AGO) is None
    assert client.label(made.ref).startswith(b"%PDF")
    client.delete_waybill(made.ref)
    assert [news.state for news in client.track([made.number])] == [ParcelState.CANCELLED]


def test_a_parcel_goes_to_a_branch_a_locker_or_a_door(client, carrier):
    client.create_waybill(ASKED)
    client.create_waybill(replace(ASKED, is_locker=True))
    client.create_waybill(replace(ASKED, point_ref="", settlement_uk="Бровари", street="Київська", house="7а"))
    kinds = [waybill["ServiceType"] for waybill in carrier.waybills.values()]
    assert kinds == ["WarehouseWarehouse", "WarehousePostomat", "WarehouseDoors"]


def test_a_parcel_to_nowhere_is_refused(client):
    with pytest.raises(CarrierRefused):
        client.create_waybill(replace(ASKED, point_ref=""))


def test_a_waybill_whose_answer_was_lost_is_found_by_our_number(client, carrier, monkeypatch):
    monkeypatch.setattr(calling, "_TIMEOUT", 0.3)
    carrier.set_answer("accept")
    real = nova_poshta.ask

    def slow_save(model, method, **properties):
        if (model, method) == ("InternetDocument", "save"):
            carrier.set_answer("slow", 1)
        return real(model, method, **properties)

    monkeypatch.setattr(nova_poshta, "ask", slow_save)
    with pytest.raises(OutcomeUnknown):
        client.create_waybill(ASKED)
    monkeypatch.setattr(calling, "_TIMEOUT", 5)
    assert client.find_waybill("100042-1", since=LONG_AGO).number == "20450000000001"
    assert len(carrier.waybills) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("bad-key", CarrierUnavailable),
        ("busy", CarrierUnavailable),
        ("too-many", CarrierUnavailable),
        ("refused-as-object", CarrierRefused),
        ("empty", OutcomeUnknown),
        ("bad-gateway", OutcomeUnknown),
    ],
)
def test_each_failure_says_whether_it_may_have_happened(client, carrier, answer, error):
    carrier.set_answer(answer)
    with pytest.raises(error):
        client.create_waybill(ASKED)
    assert carrier.waybills == {}


def test_nobody_at_the_address_is_surely_nothing_done(client, settings):
    settings.NOVA_POSHTA_URL = "http://127.0.0.1:1"
    with pytest.raises(CarrierUnavailable):
        client.create_waybill(ASKED)


def test_a_page_in_place_of_a_label_is_refused(client):
    with pytest.raises(OutcomeUnknown, match="not a PDF"):
        client.label("unknown")


def test_a_parcel_that_left_keeps_its_waybill(client, carrier):
    made = client.create_waybill(ASKED)
    carrier.move(made.number, "5")
    with pytest.raises(CarrierRefused) as refusal:
        client.delete_waybill(made.ref)
    assert refusal.value.codes == ("20000200153",)


def test_an_unknown_code_stays_as_it_came(client, carrier):
    made = client.create_waybill(ASKED)
    carrier.move(made.number, "4711")
    news = client.track([made.number])[0]
    assert (news.code, news.state) == ("4711", None)


def test_numbers_are_asked_for_a_hundred_at_a_time(client):
    numbers = [f"{20450000000000 + each}" for each in range(201)]
    assert [news.number for news in client.track(numbers)] == numbers


def test_an_empty_page_of_the_directory_is_asked_for_once_more(client, carrier):
    carrier.set_answer("empty", 1)
    points = list(client.directory())
    assert [point.ref for point in points] == [point.code for point in carrier.points]
    assert all(point.city_ref != point.settlement_ref for point in points)
    assert {point.kind for point in points} == {"branch", "locker"}


@pytest.mark.parametrize(("codes", "flat"), [(["1", "2"], ["1", "2"]), ({"1": "9"}, ["9"]), ("3", ["3"]), (None, [])])
def test_error_codes_come_in_any_shape(codes, flat):
    assert nova_poshta_envelope.flat(codes) == flat


@pytest.mark.parametrize("answer", [[], "text", None, {}, {"success": True, "data": {}}, {"success": "true"}])
def test_what_is_not_an_envelope_is_an_unknown_outcome(answer):
    with pytest.raises(OutcomeUnknown):
        nova_poshta_envelope.unwrap(answer)


def test_rows_that_are_none_are_left_out(client, monkeypatch):
    monkeypatch.setattr(nova_poshta, "ask", lambda *_, **__: [None, "text", {"Number": "1"}, {"Ref": "a"}])
    assert [point.ref for point in client.directory()] == ["a"]
    assert [news.number for news in client.track(["1"])] == ["1", ""]
