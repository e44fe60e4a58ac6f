"""What customers are told of a parcel: where it waits and until when, each once, in their language."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from orders import parcel_notices, tracking
from orders.models import Shipment
from orders.tracking import remind_of_waiting_parcels
from shop.delivery.states import ParcelState
from shop.messaging.models import Channel, Message
from tests.orders.buying import told
from tests.orders.parcels import packed

pytestmark = pytest.mark.django_db
NUMBER = "20450123456789"


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    monkeypatch.setattr("shop.messaging.outbox._publish", lambda *args: None)


def waiting(*, days_left, state=ParcelState.READY, **fields):
    """A parcel that arrived three days ago; its free storage ends in ``days_left`` days."""
    parcel = packed(waybill_number=fields.pop("number", NUMBER))
    Shipment.objects.filter(pk=parcel.pk).update(
        state=state,
        arrived_at=timezone.now() - timedelta(days=3),
        storage_ends_on=timezone.localdate() + timedelta(days=days_left),
        **fields,
    )
    parcel.refresh_from_db()
    return parcel


def letter(key):
    return Message.objects.get(key=key)


def test_an_arrival_says_where_and_until_when_and_how_much():
    parcel = packed(waybill_number=NUMBER)
    parcel.storage_ends_on = date(2026, 11, 26)
    parcel_notices.arrived(parcel)
    mail = letter(f"parcel-arrived:{parcel.pk}")
    assert mail.subject == f"Посилка із замовлення № {parcel.order.number} чекає на вас"
    for words in (f"Нова пошта, номер накладної: {NUMBER}.", parcel.order.address, "до 26 листопада включно"):
        assert words in mail.text
    assert "До сплати за товари: 300" in mail.text
    text = letter(f"parcel-arrived-sms:{parcel.pk}").text
    assert text.startswith(f"Замовлення {parcel.order.number} прибуло. Нова пошта, накладна {NUMBER}.")
    assert "Безкоштовно до 26.11." in text


def test_r23_a_notice_is_written_once_however_often_it_is_asked_for():
    parcel = packed(waybill_number=NUMBER)
    for tell in (parcel_notices.arrived, parcel_notices.not_handed_over, parcel_notices.returning):
        tell(parcel)
        tell(parcel)
    assert parcel.order.messages.filter(key__startswith="parcel-").count() == 6


@pytest.mark.parametrize("name", ["arrived", "reminder", "problem", "returning", "renumbered"])
@pytest.mark.parametrize("language", ["uk", "en"])
def test_each_notice_can_be_rendered_in_each_language(name, language):
    parcel = packed(waybill_number=NUMBER)
    parcel.order.language = language
    parcel.storage_ends_on = date(2026, 11, 26)
    parcel_notices._tell(parcel, f"parcel_{name}", "x")
    mail, text = letter(f"parcel-{name}:x"), letter(f"parcel-{name}-sms:x")
    assert parcel.order.number in mail.subject
    assert NUMBER in mail.text
    assert NUMBER in mail.html
    assert parcel.order.number in text.text


@pytest.mark.parametrize(("days_left", "reminded"), [(2, 0), (1, 1), (0, 1), (-1, 0)])
def test_a_reminder_comes_on_the_last_free_days(days_left, reminded):
    parcel = waiting(days_left=days_left)
    assert remind_of_waiting_parcels() == reminded
    assert told(parcel.order, "parcel-reminder") == [Channel.EMAIL, Channel.SMS][: 2 * reminded]


def test_a_reminder_comes_once():
    parcel = waiting(days_left=1)
    assert [remind_of_waiting_parcels(), remind_of_waiting_parcels()] == [1, 0]
    assert parcel.order.messages.filter(key__startswith="parcel-reminder:").count() == 1


@pytest.mark.parametrize("state", [ParcelState.DELIVERED, ParcelState.RETURNING, ParcelState.PROBLEM])
def test_nobody_is_reminded_of_a_parcel_that_does_not_wait(state):
    waiting(days_left=1, state=state)
    assert remind_of_waiting_parcels() == 0


def test_a_parcel_fetched_while_the_reminder_is_written_is_not_reminded_of():
    """Guard: the UPDATE names the state."""
    parcel = waiting(days_left=1)
    Shipment.objects.filter(pk=parcel.pk).update(state=ParcelState.DELIVERED)
    assert not tracking._remind(parcel.pk)
    assert told(parcel.order, "parcel-reminder") == []


def test_who_got_the_parcel_today_is_not_hurried():
    waiting(days_left=1)
    Shipment.objects.update(arrived_at=timezone.now())
    assert remind_of_waiting_parcels() == 0
