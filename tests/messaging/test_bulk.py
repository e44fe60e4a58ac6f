"""Letters to many: their own queue, mailer and sender, so that they neither delay nor spoil order mail."""

import asyncio
import threading
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as shop_settings
from django.db import connection

from shop.local.home import free_port
from shop.messaging.models import Message
from shop.messaging.sending import send_due
from shop.messaging.tasks import TASKS, send_bulk_messages
from shop.privacy.models import Disclosure
from tests.messaging.conftest import MailServer, smtp_at

Status = Message.Status


def sender(envelope):
    return message_from_bytes(envelope.content, policy=policy.default)["From"]


@pytest.fixture
def campaign_server(mail_server, settings):
    """Where ``MAILERS["campaigns"]`` leads; ``busy`` makes it think about each letter until it is set."""

    class Slow(MailServer):
        busy = None

        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            while self.busy and not self.busy.is_set():
                await asyncio.sleep(0.01)
            return await super().handle_DATA(server, session, envelope)

    handler = Slow()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAILERS = settings.MAILERS | {"campaigns": smtp_at(port)["default"]}
    settings.CAMPAIGN_FROM_EMAIL = "Автодеталі <news@news.shop.example>"
    yield handler
    controller.stop(no_assert=True)


@pytest.mark.django_db
def test_m8_letters_to_many_have_a_mailer_and_a_sender_of_their_own(mail_server, campaign_server, write_mail):
    write_mail(1)
    write_mail(2, queue=Message.Queue.BULK)
    send_bulk_messages("email")
    send_due("orders", "email")
    assert [sender(envelope) for envelope in campaign_server.letters] == ["Автодеталі <news@news.shop.example>"]
    assert [sender(envelope) for envelope in mail_server.letters] == ["Автодеталі <orders@shop.example>"]
    assert list(Disclosure.objects.order_by("pk").values_list("purpose", flat=True)) == ["campaign", "order-message"]


def test_each_queue_of_messages_has_a_queue_of_workers():
    routes = {queue: shop_settings.CELERY_TASK_ROUTES[task.name]["queue"] for queue, task in TASKS.items()}
    assert routes == {"codes": "codes", "orders": "orders", "bulk": "bulk"}


@pytest.mark.django_db(transaction=True)
def test_an_endless_campaign_delays_neither_a_code_nor_an_order(mail_server, campaign_server, write_mail):
    for n in range(30):
        write_mail(n, queue=Message.Queue.BULK)
    campaign_server.busy = threading.Event()

    def campaign():
        try:
            send_due("bulk", "email")
        finally:
            connection.close()

    worker = threading.Thread(target=campaign)
    worker.start()
    try:
        write_mail(100, queue=Message.Queue.CODES)
        write_mail(101)
        assert send_due("codes", "email") == 1
        assert send_due("orders", "email") == 1
        assert worker.is_alive(), "the campaign is still at its first letter"
        assert len(mail_server.letters) == 2
        assert campaign_server.letters == []
    finally:
        campaign_server.busy.set()
        worker.join()
    assert len(campaign_server.letters) == 30
    assert Message.objects.filter(queue="bulk", status=Status.ACCEPTED).count() == 30
