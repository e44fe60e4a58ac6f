import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from shop.delivery import directory, reference
from shop.delivery.carriers import nova_poshta
from shop.delivery.carriers.protocol import CarrierUnavailable, OutcomeUnknown
from shop.delivery.directory import Refreshed, refresh_directory
from shop.delivery.models import Carrier, PickupPoint, Settlement
from shop.lib.locks import Busy
from tests.factories.delivery import CarrierFactory, PickupPointFactory, SettlementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(nova_poshta_server):
    CarrierFactory()
    nova_poshta_server.points = nova_poshta_server.points[:10]
    return nova_poshta_server


def open_codes():
    return set(PickupPoint.objects.open().of("nova-poshta").values_list("code", flat=True))


def codes(points):
    return {point.code for point in points}


def carrier():
    return Carrier.objects.get(code="nova-poshta")


def test_points_come_with_both_refs_of_their_town_and_a_second_night_writes_nothing(server):
    assert refresh_directory("nova-poshta") == Refreshed(added=10)
    assert open_codes() == codes(server.points)
    point = PickupPoint.objects.get(code=server.points[0].code)
    assert (point.city_ref, point.settlement_ref) == (
        server.points[0].ref("city"),
        server.points[0].ref("settlement"),
    )
    assert (point.name_uk, point.address_uk, point.settlement.name_uk) == (
        server.points[0].name,
        server.points[0].address,
        server.points[0].town,
    )
    assert carrier().directory_at is not None
    assert refresh_directory("nova-poshta") == Refreshed()


def test_a_point_that_is_gone_is_closed_and_opens_when_it_is_back(server):
    refresh_directory("nova-poshta")
    gone = server.points.pop()
    assert refresh_directory("nova-poshta") == Refreshed(closed=1)
    assert gone.code not in open_codes()
    assert PickupPoint.objects.count() == 10
    server.points.append(gone)
    assert refresh_directory("nova-poshta") == Refreshed(changed=1)
    assert gone.code in open_codes()


def test_what_staff_said_of_a_point_stays(server):
    refresh_directory("nova-poshta")
    hidden, moved = server.points[0], server.points[1]
    elsewhere = SettlementFactory()
    PickupPoint.objects.filter(code=hidden.code).update(is_active=False, name_en="Ours")
    PickupPoint.objects.filter(code=moved.code).update(settlement=elsewhere)
    own = PickupPointFactory(carrier=carrier(), code="own")
    server.points[0] = replace(hidden, address="вул. Інша, 2")
    assert refresh_directory("nova-poshta") == Refreshed(changed=1)
    kept = PickupPoint.objects.get(code=hidden.code)
    assert (kept.is_active, kept.name_en, kept.address_uk) == (False, "Ours", "вул. Інша, 2")
    assert PickupPoint.objects.get(code=moved.code).settlement == elsewhere
    assert own.code in open_codes()


@pytest.mark.parametrize(("gone", "closed", "held_back"), [(2, 2, 0), (3, 0, 3)])
def test_more_than_a_fifth_gone_closes_nothing_and_asks_a_person(server, gone, closed, held_back):
    refresh_directory("nova-poshta")
    server.points = server.points[gone:]
    assert refresh_directory("nova-poshta") == Refreshed(closed=closed, held_back=held_back)
    assert len(open_codes()) == 10 - closed
    assert bool(carrier().needs_person_since) == bool(held_back)
    if held_back:
        assert carrier().needs_person_reason.startswith("У довіднику перевізника зникло 3 із 10 пунктів.")


def test_a_person_lets_go_of_the_brake_and_the_clock_of_who_waits_is_not_set_back(server):
    refresh_directory("nova-poshta")
    server.points = server.points[5:]
    refresh_directory("nova-poshta")
    since = carrier().needs_person_since
    refresh_directory("nova-poshta")
    assert carrier().needs_person_since == since
    assert refresh_directory("nova-poshta", is_approved=True) == Refreshed(closed=5)
    assert carrier().needs_person_since is None
    assert open_codes() == codes(server.points)


def test_an_empty_directory_closes_nothing_even_when_approved(server):
    refresh_directory("nova-poshta")
    server.points = []
    assert refresh_directory("nova-poshta", is_approved=True).closed == 0
    assert len(open_codes()) == 10


@pytest.mark.parametrize(("answer", "error"), [("too-many", CarrierUnavailable), ("bad-gateway", OutcomeUnknown)])
def test_a_page_that_fails_in_the_middle_closes_nothing(server, monkeypatch, answer, error):
    monkeypatch.setattr(nova_poshta, "_PAGE", 4)
    monkeypatch.setattr(directory, "_PAGE", 4)
    refresh_directory("nova-poshta")
    new = replace(server.points[0], code="new")
    server.points = [new, *server.points[1:]]
    real, calls = server._take_answer, iter(range(10))

    def fails_at_second():
        if next(calls) == 1:
            server.set_answer(answer, 1)
        return real()

    monkeypatch.setattr(server, "_take_answer", fails_at_second)
    with pytest.raises(error):
        refresh_directory("nova-poshta")
    assert len(open_codes()) == 11
    assert carrier().needs_person_since is None
    assert refresh_directory("nova-poshta") == Refreshed(closed=1)


def test_a_directory_that_was_not_read_for_days_goes_before_a_person(server):
    refresh_directory("nova-poshta")
    Carrier.objects.update(directory_at=timezone.now() - timedelta(days=3, minutes=1))
    server.set_answer("bad-key")
    with pytest.raises(CarrierUnavailable):
        refresh_directory("nova-poshta")
    assert carrier().needs_person_reason == "Довідник перевізника не вдається оновити понад три дні."
    server.set_answer("accept")
    refresh_directory("nova-poshta")
    assert (carrier().needs_person_since, carrier().needs_person_reason) == (None, "")


def test_demo_points_give_way_to_real_ones_and_do_not_come_back_with_the_reference(nova_poshta_server):
    reference.load()
    nova_poshta_server.points = [replace(nova_poshta_server.points[0], code="real")]
    assert refresh_directory("nova-poshta") == Refreshed(added=1, closed=96)
    reference.load()
    assert open_codes() == {"real"}


def test_on_a_laptop_demo_points_become_those_of_the_directory(nova_poshta_server):
    reference.load()
    before = open_codes()
    assert refresh_directory("nova-poshta") == Refreshed(changed=96)
    assert open_codes() == before
    assert Settlement.objects.count() == 285


def test_a_village_is_added_once_and_told_from_its_namesake(server):
    one = replace(
        server.points[0], code="1", town="Іванівка", town_slug="1", oblast="Одеська область", lat="46.98", lon="30.46"
    )
    other = replace(one, code="2", town_slug="2", lat="47.60", lon="30.00")
    server.points = [one, other, replace(one, code="3"), *server.points]
    assert refresh_directory("nova-poshta").added == 13
    first, second, third = (PickupPoint.objects.get(code=code).settlement for code in "123")
    assert (first == third, first == second) == (True, False)
    assert (first.oblast_uk, first.lat, first.lon) == ("Одеська область", Decimal("46.98"), Decimal("30.46"))
    assert refresh_directory("nova-poshta") == Refreshed()


def test_a_point_without_a_place_on_the_map_is_left_out(server):
    server.points = [replace(server.points[0], town="Ніде", lat="0", lon="0"), *server.points[1:]]
    assert refresh_directory("nova-poshta") == Refreshed(added=9)


@pytest.mark.parametrize("fixture", ["ukrposhta_server", "meest_server"])
def test_the_other_carriers_have_their_points_refreshed_too(request, fixture):
    reference.load()
    request.getfixturevalue(fixture)
    code = fixture.removesuffix("_server")
    assert refresh_directory(code) == Refreshed(changed=48)
    assert PickupPoint.objects.of(code).filter(city_ref="").count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_point_once(server, monkeypatch):
    """Without the lock both find nothing, and both add."""
    meet, outcomes = threading.Barrier(2), []
    real = directory.Towns

    def wait_for_the_other(carrier):
        meet.wait(2)
        return real(carrier)

    monkeypatch.setattr(directory, "Towns", wait_for_the_other)

    def refresh():
        try:
            outcomes.append(refresh_directory("nova-poshta"))
        except Busy:
            outcomes.append("busy")
        except threading.BrokenBarrierError:
            outcomes.append("alone")
        finally:
            connection.close()

    threads = [threading.Thread(target=refresh) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["alone", "busy"]
    monkeypatch.setattr(directory, "Towns", real)
    assert refresh_directory("nova-poshta") == Refreshed(added=10)
