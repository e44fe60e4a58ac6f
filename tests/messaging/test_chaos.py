"""Worker, Valkey and gateway die at random moments; by the gateway's own count nothing is lost and nothing doubled."""

import json
import os
import random
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from shop.local.home import free_port
from shop.messaging import outbox
from shop.messaging.models import Message
from shop.privacy.subjects import Subject

from .test_survival import (  # noqa: F401  # fixtures
    DONE,
    Status,
    all_settled,
    broker_url,
    let_leases_run_out,
    processes,
    start_valkey,
    wait_for,
)

MESSAGES = 60
ROUNDS = 5
_GATEWAY = """
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from shop.local.providers.turbosms import TurboSms

class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

account = TurboSms(lambda: Path(sys.argv[2]), slow_seconds=0.1)
account.set_answer("slow")
make_server("127.0.0.1", int(sys.argv[1]), account, server_class=Server).serve_forever()
"""


@pytest.fixture
def start_gateway(processes, mailbox, gateway_port):  # noqa: F811
    return lambda: processes.start(sys.executable, "-c", _GATEWAY, str(gateway_port), str(mailbox))


@pytest.fixture
def gateway_port(turbosms, settings):
    """The gateway is a process of its own here, so that it can be killed."""
    port = free_port()
    settings.TURBOSMS_URL = f"http://127.0.0.1:{port}"
    return port


@pytest.fixture
def mailbox(tmp_path):
    folder = tmp_path / "phones"
    folder.mkdir()
    return folder


def make_due():
    """What waits longer than this test does: pauses and leases of the killed."""
    Message.objects.filter(status=Status.WAITING).update(available_at=timezone.now() - timedelta(seconds=1))
    let_leases_run_out()


@pytest.mark.django_db(transaction=True)
def test_r23_r26_worker_valkey_and_gateway_killed_at_random_lose_no_message_and_double_none(
    gateway_port,
    processes,  # noqa: F811
    start_valkey,  # noqa: F811
    start_gateway,
    mailbox,
    tmp_path,
):
    dice = random.Random(os.getpid())
    start = {"valkey": start_valkey, "gateway": start_gateway, "worker": processes.worker}
    running = {name: begin() for name, begin in start.items()}
    processes.celery("beat", "--schedule", str(tmp_path / "beat"), "--pidfile=")
    in_flight = 0
    for kill in range(ROUNDS):
        with transaction.atomic():
            texts = [
                outbox.new_text(
                    f"+38067{n:07}",
                    f"Замовлення {n} прийнято.",
                    key=f"order-placed-sms:{n}",
                    language="uk",
                    subject_of=Subject("order", n),
                )
                for n in range(kill * MESSAGES // ROUNDS, (kill + 1) * MESSAGES // ROUNDS)
            ]
            outbox.write(texts)
        reached = len(list(mailbox.glob("*.json")))
        if kill == 0:
            wait_for(lambda: len(list(mailbox.glob("*.json"))) > reached, seconds=20)  # noqa: B023
        time.sleep(dice.uniform(0.2, 0.8))
        victim = list(start)[kill % 3]
        processes.kill(running[victim])
        in_flight += Message.objects.filter(status=Status.LEASED, handing_over_since__isnull=False).count()
        running[victim] = start[victim]()
        make_due()

    def told():
        make_due()
        time.sleep(0.5)
        return all_settled()

    wait_for(told, seconds=40)
    sent = Counter(json.loads(file.read_text())["phone"] for file in mailbox.glob("*.json"))
    unsure = Message.objects.filter(status=Status.NEEDS_PERSON)
    assert [phone for phone, times in sent.items() if times > 1] == []
    assert set(Message.objects.values_list("status", flat=True)) <= DONE - {Status.REJECTED}
    assert set(sent) | set(unsure.values_list("receiver", flat=True)) == {f"+38067{n:07}" for n in range(MESSAGES)}
    assert unsure.count() <= in_flight
