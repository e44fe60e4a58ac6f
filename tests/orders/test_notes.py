"""The talk about an order."""

import uuid

import pytest

from orders.errors import NoteRefused
from orders.models import OrderEvent, OrderNote
from orders.notes import write_note
from shop.messaging.models import Channel
from tests.factories import OrderFactory
from tests.orders.buying import manager, told

pytestmark = pytest.mark.django_db


def test_what_a_customer_writes_waits_for_an_answer():
    order = OrderFactory()
    note = write_note(order, "  Коли буде? ", key=uuid.uuid4())
    order.refresh_from_db()
    assert (note.text, note.author, note.is_internal) == ("Коли буде?", None, False)
    assert order.needs_person_since
    assert order.events.get().kind == OrderEvent.Kind.NOTE
    assert "Коли" not in order.events.get().note


def test_a_second_press_writes_nothing():
    order, key = OrderFactory(), uuid.uuid4()
    assert write_note(order, "Коли?", key=key) == write_note(order, "Коли?", key=key)
    assert OrderNote.objects.count() == 1
    assert order.events.count() == 1


def test_an_answer_goes_by_mail_and_an_internal_note_to_nobody():
    order, author = OrderFactory(), manager()
    write_note(order, "Завтра.", key=uuid.uuid4(), author=author)
    assert told(order, "order-note") == [Channel.EMAIL]
    assert "Завтра." in order.messages.get().text
    write_note(order, "Дзвонив двічі", key=uuid.uuid4(), author=author, is_internal=True)
    assert told(order, "order-note") == [Channel.EMAIL]
    order.refresh_from_db()
    assert order.needs_person_since is None


@pytest.mark.parametrize("text", ["", "  \n", "я" * 1001])
def test_an_empty_and_a_too_long_note_are_refused(text):
    with pytest.raises(NoteRefused):
        write_note(OrderFactory(), text, key=uuid.uuid4())
    assert not OrderNote.objects.exists()


def test_too_many_an_hour_are_no_conversation():
    order = OrderFactory()
    for _turn in range(10):
        write_note(order, "Алло", key=uuid.uuid4())
    with pytest.raises(NoteRefused, match="Забагато"):
        write_note(order, "Алло", key=uuid.uuid4())
    write_note(order, "Відповідь", key=uuid.uuid4(), author=manager())
    assert OrderNote.objects.count() == 11


def test_a_key_of_another_order_writes_its_own_note():
    one, two = OrderFactory(), OrderFactory()
    write_note(one, "Раз", key=uuid.uuid4())
    write_note(two, "Два", key=uuid.uuid4())
    assert [note.text for note in two.notes.all()] == ["Два"]
