"""The customer writes to the manager from the order's page."""

import re
import uuid

import pytest

from orders.models import OrderNote
from orders.notes import write_note
from shop.backoffice.queues import waiting_for_person
from shop.messaging.models import Message
from tests.factories import CustomerFactory, OrderFactory
from tests.orders.buying import manager, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return OrderFactory()


def text(response):
    return response.content.decode()


def address(order, *, to="conversation/"):
    return f"/orders/{order.number}/{order.secret}/{to}"


def say(client, order, words, key=None, **more):
    return client.post(address(order), {"text": words, "key": str(key or uuid.uuid4())}, **more)


def test_what_is_written_stands_on_the_page_and_waits_for_staff(client, order):
    response = say(client, order, "Коли буде?\r\nЧекаю.")
    assert response.status_code == 302
    assert response.url == address(order, to="#talk")
    page = text(client.get(address(order, to="")))
    assert "Коли буде?<br>Чекаю." in page
    (waiting,) = waiting_for_person(CustomerFactory(staff=True, is_superuser=True))
    assert (waiting.label, waiting.reason) == (f"№ {order.number}", "Покупець написав повідомлення: дайте відповідь.")


def test_the_answer_goes_out_and_stands_there_but_not_what_staff_note_for_themselves(client, order):
    author = CustomerFactory(staff=True, surname="Приватна")
    write_note(order, "Завтра", key=uuid.uuid4(), author=author)
    write_note(order, "Свариться", key=uuid.uuid4(), author=author, is_internal=True)
    page = text(client.get(address(order, to="")))
    assert "Завтра" in page
    assert "Свариться" not in page
    assert "Приватна" not in page
    assert told(order, "order-note") == ["email"]
    assert "Відповідь менеджера" in page
    assert "o•••@example.com" in page
    assert "надсилаємо" in page


@pytest.mark.parametrize(
    ("status", "words"),
    [("accepted", "надіслано"), ("delivered", "доставлено"), ("rejected", "не доставлено")],
)
def test_the_page_says_what_became_of_a_message(client, order, status, words):
    write_note(order, "Завтра", key=uuid.uuid4(), author=manager())
    Message.objects.update(status=status)
    told_part = text(client.get(address(order, to=""))).split('id="told"')[1].split("</section>")[0]
    assert re.search(rf">\s*{words}\s*</span>", told_part)


def test_the_same_form_sent_again_writes_once(client, order):
    key = uuid.uuid4()
    for _press in range(3):
        assert say(client, order, "Коли?", key).status_code == 302
    assert OrderNote.objects.count() == 1


def test_one_form_sent_to_two_orders_writes_to_both(client, order):
    key, other = uuid.uuid4(), OrderFactory()
    assert say(client, order, "Раз", key).status_code == 302
    assert say(client, other, "Два", key).status_code == 302
    assert [note.text for note in other.notes.all()] == ["Два"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Напишіть, про що хочете спитати."),
        ("   ", "Напишіть, про що хочете спитати."),
        ("я" * 1001, "Напишіть від одного до 1000 знаків."),
        ("а\u202eб", "невидимі символи"),
        ("а\x00б", "невидимі символи"),
    ],
)
def test_what_cannot_be_taken_comes_back_as_it_was_typed(client, order, words, said):
    response = say(client, order, words)
    assert response.status_code == 200
    assert said in text(response)
    assert not OrderNote.objects.exists()
    if len(words) > 1000:
        assert words in text(response)


@pytest.mark.parametrize("key", ["", "1", "ключ"])
def test_a_form_without_its_key_writes_nothing_and_gets_a_new_one(client, order, key):
    response = client.post(address(order), {"text": "Коли?", "key": key})
    assert "Форма застаріла" in text(response)
    assert not OrderNote.objects.exists()
    new = re.search(r'name="key" value="([0-9a-f-]{36})"', text(response))[1]
    say(client, order, "Коли?", new)
    assert OrderNote.objects.get().text == "Коли?"


def test_too_many_an_hour_are_refused(client, order):
    for _turn in range(10):
        assert say(client, order, "Алло").status_code == 302
    response = say(client, order, "Алло ще раз")
    assert response.status_code == 429
    assert "Забагато повідомлень" in text(response)
    assert "Алло ще раз" in text(response)
    assert OrderNote.objects.count() == 10


def test_a_sentence_that_is_a_script_is_shown_as_words(client, order):
    say(client, order, "<script>alert(1)</script>")
    page = text(client.get(address(order, to="")))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_address_of_the_form_leads_back_to_the_page(client, order):
    assert client.get(address(order)).url == address(order, to="#talk")
