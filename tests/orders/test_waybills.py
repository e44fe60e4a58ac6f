"""Waybills by a carrier over real HTTP: made once, looked up when the answer was lost, refused in words."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from orders.errors import ParcelOnItsWay, WaybillNotMade
from orders.models import Shipment
from orders.shipping import set_waybill
from orders.waybills import create_waybill, delete_waybill, label_pdf, make_due_waybills, request_waybill
from shop.delivery.carriers.nova_poshta import NovaPoshta
from shop.delivery.carriers.protocol import CarrierUnavailable, OutcomeUnknown
from shop.delivery.states import ParcelState
from shop.messaging.models import Channel
from shop.privacy.models import Disclosure
from tests.factories import PickupPointFactory
from tests.orders.buying import manager, told
from tests.orders.parcels import BOX, packed, wanted

pytestmark = pytest.mark.django_db
FIRST = "20450000000001"


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    """Workers are woken by hand here."""
    monkeypatch.setattr("orders.waybills.publish", lambda *args, **more: None)
    monkeypatch.setattr("shop.messaging.outbox._publish", lambda *args: None)


def due(parcel):
    """The pause is over."""
    Shipment.objects.filter(pk=parcel.pk, ask_at__isnull=False).update(ask_at=timezone.now() - timedelta(seconds=1))


def test_a_waybill_is_made_kept_told_and_written_down_as_handed_over(nova_poshta_server):
    parcel = wanted()
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert (parcel.waybill_number, parcel.carrier_price, parcel.state) == (FIRST, Decimal(80), ParcelState.LABELLED)
    assert parcel.waybill_ref == nova_poshta_server.waybills[FIRST]["Ref"]
    assert nova_poshta_server.waybills[FIRST]["InfoRegClientBarcodes"] == f"{parcel.order.number}-{parcel.pk}"
    assert (parcel.expected_on, parcel.weight_kg) == (timezone.localdate() + timedelta(days=2), Decimal("1.2"))
    assert parcel.ask_at > timezone.now()
    assert told(parcel.order, "order-shipped") == [Channel.EMAIL, Channel.SMS]
    assert FIRST in [event.note for event in parcel.order.events.all()]
    handed = Disclosure.objects.get(receiver="Нова пошта")
    assert handed.subject_id == str(parcel.order.pk)
    assert handed.fields == [
        "declared_value", "given_name", "patronymic", "phone", "pickup_point", "settlement", "surname",
    ]  # fmt: skip


def test_a_second_call_makes_no_second_waybill(nova_poshta_server):
    parcel = wanted()
    create_waybill(parcel.pk)
    create_waybill(parcel.pk)
    due(parcel)
    create_waybill(parcel.pk)
    assert list(nova_poshta_server.waybills) == [FIRST]
    assert parcel.order.messages.filter(key__startswith="order-shipped:").count() == 1
    with pytest.raises(WaybillNotMade, match=FIRST):
        request_waybill(parcel, author=manager(), **BOX)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_waybill(nova_poshta_server):
    """Guard: the claim in ``_claim``; without it both ask."""
    parcel = wanted()
    start = threading.Barrier(2)

    def work():
        try:
            start.wait(timeout=30)
            create_waybill(parcel.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work) for _ in range(2)]:
            done.result()
    assert list(nova_poshta_server.waybills) == [FIRST]


def test_an_answer_that_was_lost_is_looked_up_and_not_asked_for_again(nova_poshta_server, monkeypatch):
    parcel = wanted()
    real = NovaPoshta.create_waybill

    def answer_is_lost(self, asked):
        real(self, asked)
        raise OutcomeUnknown("ReadTimeout")

    monkeypatch.setattr(NovaPoshta, "create_waybill", answer_is_lost)
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert (parcel.waybill_number, parcel.waybill_asked_at is not None) == ("", True)
    create_waybill(parcel.pk)  # too early: somebody may still be asking
    parcel.refresh_from_db()
    assert parcel.waybill_number == ""
    due(parcel)
    assert make_due_waybills() == 1
    parcel.refresh_from_db()
    assert parcel.waybill_number == FIRST
    assert list(nova_poshta_server.waybills) == [FIRST]


def test_a_worker_killed_after_sending_leaves_a_waybill_that_the_next_one_finds(nova_poshta_server, monkeypatch):
    class Killed(BaseException):
        pass

    def die(shipment, made):
        raise Killed

    parcel = wanted()
    with monkeypatch.context() as patched:
        patched.setattr("orders.waybills._write_down", die)
        with pytest.raises(Killed):
            create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert (parcel.waybill_number, list(nova_poshta_server.waybills)) == ("", [FIRST])
    due(parcel)
    make_due_waybills()
    parcel.refresh_from_db()
    assert (parcel.waybill_number, list(nova_poshta_server.waybills)) == (FIRST, [FIRST])


def test_what_was_lost_and_is_nowhere_goes_to_a_person_who_asks_anew(nova_poshta_server, monkeypatch):
    parcel = wanted()

    def lost(self, asked):
        raise OutcomeUnknown("HTTP 502")

    real = NovaPoshta.create_waybill
    monkeypatch.setattr(NovaPoshta, "create_waybill", lost)
    for _ in range(5):
        create_waybill(parcel.pk)
        due(parcel)
    parcel.refresh_from_db()
    assert (parcel.ask_at, parcel.waybill_number, nova_poshta_server.waybills) == (None, "", {})
    assert "перевірте в кабінеті" in parcel.needs_person_reason
    monkeypatch.setattr(NovaPoshta, "create_waybill", real)
    request_waybill(parcel, author=manager(), **BOX)
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert (parcel.waybill_number, parcel.needs_person_reason) == (FIRST, "")


def test_a_person_who_asks_anew_gets_the_waybill_that_appeared_meanwhile(nova_poshta_server, monkeypatch):
    parcel = wanted()
    real = NovaPoshta.create_waybill

    def answer_is_lost(self, asked):
        real(self, asked)
        raise OutcomeUnknown("ReadTimeout")

    with monkeypatch.context() as patched:
        patched.setattr(NovaPoshta, "create_waybill", answer_is_lost)
        patched.setattr(NovaPoshta, "find_waybill", lambda *args, **more: None)
        for _ in range(5):
            create_waybill(parcel.pk)
            due(parcel)
    parcel.refresh_from_db()
    assert (parcel.ask_at, parcel.waybill_number) == (None, "")
    request_waybill(parcel, author=manager(), **BOX)
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert (parcel.waybill_number, list(nova_poshta_server.waybills)) == (FIRST, [FIRST])


def test_a_carrier_that_is_away_is_asked_again_later(nova_poshta_server):
    parcel = wanted()
    nova_poshta_server.set_answer("too-many", 1)
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert (parcel.waybill_number, parcel.waybill_asked_at, parcel.asked_times) == ("", None, 1)
    assert parcel.ask_at > timezone.now()
    due(parcel)
    make_due_waybills()
    parcel.refresh_from_db()
    assert parcel.waybill_number == FIRST


def test_a_refusal_is_said_in_words_and_may_be_tried_again(nova_poshta_server):
    parcel = wanted()
    nova_poshta_server.set_answer("refused-as-object", 1)
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert parcel.needs_person_reason == (
        "Перевізник не знає такого міста чи відділення: перевірте, куди їде посилка (20000200103)"
    )
    assert (parcel.waybill_number, parcel.ask_at, parcel.waybill_asked_at) == ("", None, None)
    request_waybill(parcel, author=manager(), **BOX)
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert (parcel.waybill_number, parcel.needs_person_since) == (FIRST, None)


def test_a_point_that_the_carrier_does_not_know_is_refused_before_asking(nova_poshta_server):
    parcel = packed(pickup_point=PickupPointFactory(city_ref=""))
    with pytest.raises(WaybillNotMade, match="немає в довіднику"):
        request_waybill(parcel, author=manager(), **BOX)
    parcel.refresh_from_db()
    assert parcel.ask_at is None


def test_without_the_carrier_s_key_numbers_are_typed(settings):
    parcel = packed()
    settings.NOVA_POSHTA_KEY = ""
    with pytest.raises(WaybillNotMade, match="впишіть номер"):
        request_waybill(parcel, author=manager(), **BOX)
    set_waybill(parcel, "20450123456789", author=manager())
    parcel.refresh_from_db()
    assert (parcel.waybill_number, parcel.ask_at is not None) == ("20450123456789", True)


def test_a_number_typed_while_the_carrier_was_asked_stays_and_the_other_is_for_a_person(
    nova_poshta_server, monkeypatch
):
    parcel = wanted()
    real = NovaPoshta.create_waybill

    def slow(self, asked):
        made = real(self, asked)
        set_waybill(Shipment.objects.get(pk=parcel.pk), "20450123456789", author=manager())
        return made

    monkeypatch.setattr(NovaPoshta, "create_waybill", slow)
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert parcel.waybill_number == "20450123456789"
    assert parcel.needs_person_reason == f"Накладна {FIRST} зайва: видаліть її в кабінеті перевізника."


def test_a_deleted_waybill_is_followed_by_another_and_the_customer_hears_of_it(nova_poshta_server):
    parcel = wanted()
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    delete_waybill(parcel, author=manager())
    parcel.refresh_from_db()
    assert (parcel.waybill_number, parcel.waybill_ref, parcel.ask_at) == ("", "", None)
    assert f"Накладну {FIRST} видалено" in [event.note for event in parcel.order.events.all()]
    request_waybill(parcel, author=manager(), **BOX)
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert parcel.waybill_number == "20450000000002"
    assert told(parcel.order, "parcel-renumbered") == [Channel.EMAIL, Channel.SMS]


def test_a_parcel_that_was_taken_keeps_its_waybill(nova_poshta_server):
    parcel = wanted()
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    nova_poshta_server.move(FIRST, "5")
    with pytest.raises(WaybillNotMade, match="вже в реєстрі або в перевізника"):
        delete_waybill(parcel, author=manager())
    parcel.move_to(ParcelState.IN_TRANSIT)
    with pytest.raises(ParcelOnItsWay):
        delete_waybill(parcel, author=manager())
    parcel.refresh_from_db()
    assert parcel.waybill_number == FIRST


def test_a_label_is_a_pdf_or_a_word_why_not(nova_poshta_server):
    parcel = wanted()
    with pytest.raises(WaybillNotMade):
        label_pdf(parcel)
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert label_pdf(parcel).startswith(b"%PDF")
    nova_poshta_server.set_answer("bad-gateway", 1)
    with pytest.raises(WaybillNotMade, match="Спробуйте за хвилину"):
        label_pdf(parcel)


def test_a_carrier_that_stays_away_is_for_a_person(nova_poshta_server, monkeypatch):
    def away(self, asked):
        raise CarrierUnavailable("ConnectError")

    parcel = wanted()
    monkeypatch.setattr(NovaPoshta, "create_waybill", away)
    for _ in range(4):
        due(parcel)
        create_waybill(parcel.pk)
    parcel.refresh_from_db()
    assert "не відповідає" in parcel.needs_person_reason
    assert parcel.ask_at is not None
