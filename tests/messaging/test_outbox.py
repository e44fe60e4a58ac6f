import socket
import time

import pytest
from django.db import connection, transaction
from kombu import pools

from shop.celery import app as celery_app
from shop.lib import publishing
from shop.messaging import outbox
from shop.messaging.models import Message
from shop.messaging.placeholders import cover
from shop.privacy.subjects import Subject

pytestmark = pytest.mark.django_db


def test_one_event_is_told_once(write_text):
    first = write_text(1, body="Замовлення 1 прийнято.")
    assert write_text(1, body="Зовсім інші слова") == first
    assert Message.objects.get().text == "Замовлення 1 прийнято."


def test_r22_an_event_that_did_not_happen_is_not_told(write_text, write_mail, monkeypatch):
    published = []
    monkeypatch.setattr(outbox, "_publish", lambda *where: published.append(where))

    with transaction.atomic():
        write_text()
        write_mail()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert published == []


def test_the_worker_is_woken_after_the_commit_and_not_before(
    write_text, write_mail, monkeypatch, django_capture_on_commit_callbacks
):
    published = []
    monkeypatch.setattr(outbox, "_publish", lambda *where: published.append(where))
    with django_capture_on_commit_callbacks(execute=True):
        write_text()
        write_mail(queue=Message.Queue.CODES)
        assert published == []
    assert published == [("orders", "sms"), ("codes", "email")]


def test_secrets_lie_encrypted_beside_the_text(write_text):
    message = write_text(body="Код [[code]]", sealed={"code": "808080"}, queue=Message.Queue.CODES)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM messaging_message WHERE id = %s", [message.pk])
        assert "808080" not in str(cursor.fetchone())
    assert cover(message.text) == "Код •••"


def test_a_subject_line_cannot_grow_headers():
    message = outbox.new_mail(
        "olena@example.com",
        key="hostile",
        subject="Замовлення\r\nBcc: all@example.com " + "я" * 300,
        text="…",
        html="",
        language="uk",
        subject_of=Subject("order", 1),
    )
    assert "\n" not in message.subject
    assert len(message.subject) == 200


@pytest.fixture
def no_pause(monkeypatch):
    monkeypatch.setattr(publishing, "_quiet_until", 0.0)


@pytest.fixture
def broker_at(monkeypatch, no_pause):
    """Lead the publishing of tasks to a broker at this port."""

    def lead(port):
        connection = celery_app.connection_for_write(f"redis://127.0.0.1:{port}/0")
        monkeypatch.setattr(celery_app.amqp, "_producer_pool", pools.producers[connection])

    return lead


def closed_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def publish_in_seconds():
    began = time.monotonic()
    outbox._publish("orders", "sms")
    return time.monotonic() - began


def test_a_dead_broker_costs_a_page_next_to_nothing(broker_at):
    broker_at(closed_port())
    assert publish_in_seconds() < 1
    assert publish_in_seconds() < 0.01, "the second one does not even try"


def test_a_broker_in_a_black_hole_costs_a_page_half_a_second(broker_at):
    full = socket.socket()
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    port = full.getsockname()[1]
    waiting = [socket.socket() for _ in range(4)]
    for one in waiting:  # the queue of the listener is full now: nobody else gets an answer
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))
    try:
        broker_at(port)
        assert 0.4 < publish_in_seconds() < 1.5
    finally:
        for one in [full, *waiting]:
            one.close()


def test_a_dead_broker_does_not_undo_what_was_committed(broker_at, write_text, django_capture_on_commit_callbacks):
    broker_at(closed_port())
    with django_capture_on_commit_callbacks(execute=True):
        message = write_text()
    assert Message.objects.get() == message
