"""Parcels on their way, told by a carrier over real HTTP: states, orders, money, attention, each word once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from orders.models import OrderEvent, Shipment, Status
from orders.tracking import apply_news, track_due_shipments, track_of
from orders.waybills import create_waybill
from shop.delivery.carriers.nova_poshta import STATES, NovaPoshta
from shop.delivery.carriers.protocol import ParcelNews
from shop.delivery.states import ParcelState
from tests.orders.buying import told
from tests.orders.parcels import packed, wanted

pytestmark = pytest.mark.django_db
NUMBER = "20450123456789"
NOON = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    monkeypatch.setattr("orders.waybills.publish", lambda *args, **more: None)
    monkeypatch.setattr("shop.messaging.outbox._publish", lambda *args: None)


def said(parcel, code, *, hours=0, state="by its code", **fields):
    """Nova Poshta says ``code`` of the parcel, ``hours`` after noon; gives the parcel afterwards."""
    meant = STATES.get(code) if state == "by its code" else state
    news = ParcelNews(
        fields.pop("number", parcel.waybill_number),
        code,
        f"слова {code}",
        meant,
        NOON + timedelta(hours=hours),
        **fields,
    )
    apply_news(parcel.pk, news)
    return Shipment.objects.select_related("order", "carrier").get(pk=parcel.pk)


def steps(parcel):
    events = parcel.order.events.filter(kind=OrderEvent.Kind.PARCEL, author=None)
    return [event.note.partition(": ")[2] for event in events]


def due(*parcels):
    pks = [parcel.pk for parcel in parcels]
    Shipment.objects.filter(pk__in=pks).update(ask_at=timezone.now() - timedelta(seconds=1))


def test_a_parcel_is_followed_from_our_counter_to_a_finished_order(nova_poshta_server):
    parcel = wanted()
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    seen = []
    for code in ("1", "5", "7", "11"):
        nova_poshta_server.move(parcel.waybill_number, code)
        due(parcel)
        assert track_due_shipments() == 1
        parcel.refresh_from_db()
        seen.append(parcel.state)
    assert seen == ["labelled", "in-transit", "ready", "delivered"]
    assert (parcel.ask_at, parcel.delivered_at is not None, parcel.arrived_at is not None) == (None, True, True)
    assert parcel.storage_ends_on == timezone.localdate() + timedelta(days=6)
    parcel.order.refresh_from_db()
    assert parcel.order.status == Status.COMPLETED
    assert steps(parcel) == ["у дорозі", "чекає на вас", "отримано", "перевізник виплатив 300\N{NO-BREAK SPACE}₴"]
    assert told(parcel.order, "parcel-arrived") == ["email", "sms"]
    assert told(parcel.order, "order-completed") == ["email"]
    assert track_due_shipments() == 0


def test_news_twice_changes_nothing_twice():
    parcel = packed(waybill_number=NUMBER)
    for _ in range(3):
        parcel = said(parcel, "7", paid_storage_from=date(2026, 11, 27))
    assert (parcel.state, parcel.storage_ends_on) == (ParcelState.READY, date(2026, 11, 26))
    assert steps(parcel) == ["чекає на вас"]
    assert told(parcel.order, "parcel-arrived") == ["email", "sms"]
    for _ in range(3):
        parcel = said(parcel, "9", hours=1)
    parcel.order.refresh_from_db()
    assert parcel.order.status == Status.COMPLETED
    assert steps(parcel)[:2] == ["чекає на вас", "отримано"]
    assert told(parcel.order, "order-completed") == ["email"]


def test_older_news_and_news_of_another_number_change_nothing():
    parcel = said(packed(waybill_number=NUMBER), "7", hours=5)
    assert said(parcel, "5", hours=1).state == ParcelState.READY
    assert said(parcel, "103", hours=1).state_code == "7"
    assert said(parcel, "9", hours=9, number="20450000000077").state == ParcelState.READY
    assert steps(parcel) == ["чекає на вас"]


def test_a_step_back_is_kept_as_words_alone():
    parcel = said(said(packed(waybill_number=NUMBER), "7"), "6", hours=1)
    assert (parcel.state, parcel.state_code, parcel.needs_person_since) == (ParcelState.READY, "6", None)


def test_an_order_in_two_parcels_is_done_with_the_second():
    parcel = packed(waybill_number=NUMBER)
    order = parcel.order
    second = Shipment.objects.create(order=order, carrier=parcel.carrier, waybill_number="20450123456790")
    said(parcel, "9")
    order.refresh_from_db()
    assert order.status == Status.SHIPPED
    said(second, "9")
    order.refresh_from_db()
    assert order.status == Status.COMPLETED


def test_an_order_that_is_not_sent_in_full_is_not_done():
    parcel = packed(waybill_number=NUMBER)
    type(parcel.order).objects.filter(pk=parcel.order_id).update(status=Status.CONFIRMED)
    assert said(parcel, "9").state == ParcelState.DELIVERED
    parcel.order.refresh_from_db()
    assert parcel.order.status == Status.CONFIRMED


def test_money_taken_for_the_goods_is_followed_until_it_is_paid_out():
    parcel = said(packed(waybill_number=NUMBER), "9")
    assert (parcel.cash_on_delivery, parcel.ask_at is not None) == (Decimal(300), True)
    parcel = said(parcel, "10", hours=1)
    assert [step for step in steps(parcel) if "гроші" in step] == ["гроші (300\N{NO-BREAK SPACE}₴) у перевізника"]
    parcel = said(parcel, "11", hours=30)
    parcel = said(parcel, "11", hours=31)
    assert [step for step in steps(parcel) if "виплатив" in step] == ["перевізник виплатив 300\N{NO-BREAK SPACE}₴"]
    assert (parcel.ask_at, parcel.needs_person_since is not None) == (None, True)
    assert (
        parcel.needs_person_reason
        == "Перевізник виплатив 300\N{NO-BREAK SPACE}₴: звірте з випискою та запишіть надходження."
    )


def test_a_refused_parcel_is_told_of_and_followed_home_under_its_other_number():
    parcel = said(packed(waybill_number=NUMBER), "103", return_number="59000000000001")
    assert (parcel.state, parcel.number_to_track) == (ParcelState.RETURNING, "59000000000001")
    assert parcel.needs_person_reason.startswith("Посилка повертається")
    assert told(parcel.order, "parcel-returning") == ["email", "sms"]
    parcel = said(parcel, "5", hours=5, number="59000000000001")
    assert parcel.state == ParcelState.RETURNING
    parcel = said(parcel, "9", hours=9, number="59000000000001")
    assert (parcel.state, parcel.ask_at) == (ParcelState.RETURNED, None)
    assert parcel.needs_person_reason.startswith("Посилка повернулася")
    parcel.order.refresh_from_db()
    assert parcel.order.status == Status.SHIPPED


def test_a_parcel_not_handed_over_is_told_of_and_may_still_be_received():
    parcel = said(packed(waybill_number=NUMBER), "111")
    assert (parcel.state, parcel.needs_person_since is not None) == (ParcelState.PROBLEM, True)
    assert told(parcel.order, "parcel-problem") == ["email", "sms"]
    parcel = said(parcel, "9", hours=3)
    assert (parcel.state, parcel.needs_person_since) == (ParcelState.DELIVERED, None)


def test_an_unknown_code_stays_and_is_for_a_person_once():
    parcel = said(packed(waybill_number=NUMBER), "777")
    assert (parcel.state, parcel.state_code, parcel.state_text) == (ParcelState.LABELLED, "777", "слова 777")
    assert parcel.needs_person_reason == "Невідомий стан посилки: «слова 777» (777)."
    Shipment.objects.filter(pk=parcel.pk).update(needs_person_since=None, needs_person_reason="")
    assert said(parcel, "777", hours=1).needs_person_since is None


def test_a_fresh_number_may_be_unknown_for_a_day(nova_poshta_server):
    parcel = packed(waybill_number=NUMBER)
    due(parcel)
    track_due_shipments()
    parcel.refresh_from_db()
    assert (parcel.needs_person_since, parcel.state) == (None, ParcelState.LABELLED)
    Shipment.objects.filter(pk=parcel.pk).update(shipped_at=timezone.now() - timedelta(days=2))
    due(parcel)
    track_due_shipments()
    parcel.refresh_from_db()
    assert parcel.needs_person_reason == "Перевізник не знає такої накладної: перевірте номер."


def test_a_waybill_deleted_at_the_carrier_does_not_take_the_parcel_apart():
    parcel = said(packed(waybill_number=NUMBER), "2")
    assert (parcel.state, parcel.ask_at) == (ParcelState.LABELLED, None)
    assert "видалено в кабінеті" in parcel.needs_person_reason


def test_nobody_asks_about_a_parcel_for_more_than_sixty_days(nova_poshta_server):
    parcel = packed(waybill_number=NUMBER)
    Shipment.objects.filter(pk=parcel.pk).update(shipped_at=timezone.now() - timedelta(days=61))
    due(parcel)
    assert track_due_shipments() == 1
    due_again = Shipment.objects.get(pk=parcel.pk)
    assert (due_again.ask_at, due_again.needs_person_since is not None) == (None, True)


def test_a_carrier_that_fails_leaves_its_parcels_for_the_next_time(nova_poshta_server):
    parcel = packed(waybill_number=NUMBER)
    due(parcel)
    nova_poshta_server.set_answer("bad-gateway", 1)
    assert track_due_shipments() == 1
    parcel.refresh_from_db()
    assert (parcel.state, parcel.ask_at > timezone.now()) == (ParcelState.LABELLED, True)
    assert track_due_shipments() == 0


def parcels(count):
    order = packed().order
    carrier = order.carrier
    return Shipment.objects.bulk_create(
        Shipment(order=order, carrier=carrier, waybill_number=f"{20450500000000 + number}", ask_at=timezone.now())
        for number in range(count)
    )


@pytest.mark.parametrize("count", [1, 20])
def test_leasing_costs_the_same_for_one_parcel_and_for_twenty(count, monkeypatch, django_assert_num_queries):
    parcels(count)
    monkeypatch.setattr(NovaPoshta, "track", lambda self, numbers: [])
    # A savepoint, the batch, its lease, the release, those on the road too long; then an empty batch.
    with django_assert_num_queries(8):
        assert track_of("nova-poshta") == count


def test_a_carrier_is_asked_about_a_hundred_numbers_at_once(monkeypatch):
    parcels(150)
    calls = []
    monkeypatch.setattr(NovaPoshta, "track", lambda self, numbers: calls.append(len(numbers)) or [])
    assert track_of("nova-poshta") == 150
    assert calls == [100, 50]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_about_each_parcel_once(monkeypatch):
    """Guard: the lease with ``skip_locked``, moving ``ask_at``."""
    parcels(60)
    monkeypatch.setattr("orders.tracking._BATCH", 10)
    asked, start = [], threading.Barrier(2)
    monkeypatch.setattr(NovaPoshta, "track", lambda self, numbers: asked.extend(numbers) or [])

    def work():
        try:
            start.wait(timeout=30)
            return track_of("nova-poshta")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        counts = [done.result() for done in [pool.submit(work), pool.submit(work)]]
    assert (sum(counts), len(asked), len(set(asked))) == (60, 60, 60)


@pytest.mark.django_db(transaction=True)
def test_r23_the_same_news_heard_by_two_workers_tells_the_customer_once():
    """Guard: the order's row is locked before the parcel is read."""
    parcel = packed(waybill_number=NUMBER)
    start = threading.Barrier(2)

    def hear():
        try:
            start.wait(timeout=30)
            said(parcel, "9")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(hear), pool.submit(hear)]:
            done.result()
    assert steps(parcel).count("отримано") == 1
    assert parcel.order.events.filter(kind=OrderEvent.Kind.COMPLETED).count() == 1


def test_a_parcel_packed_with_a_number_is_followed_at_once():
    parcel = packed(waybill_number=NUMBER)
    assert parcel.ask_at is not None
