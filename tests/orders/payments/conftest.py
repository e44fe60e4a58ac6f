"""Providers on loopback: each fake over real HTTP, its notices into the shop's own address."""

import threading
from decimal import Decimal
from socketserver import ThreadingMixIn
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.db import connections, transaction
from django.test import Client

from orders.models import Order, PaymentKind, PaymentRule
from orders.payments import starting
from orders.payments.requesting import request_payment
from shop.local.providers.checkbox import CheckboxRegister
from shop.local.providers.liqpay import LiqPay
from shop.local.providers.monobank import Monobank
from shop.local.providers.wayforpay import WayForPay
from tests.factories import CustomerFactory, OrderFactory


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def serve():
    """Put a WSGI app on a loopback port; gives its address."""
    servers = []

    def start(app):
        server = make_server("127.0.0.1", 0, app, server_class=ThreadingServer, handler_class=QuietHandler)
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def post_notice(address, body, headers):
    """What the web server would do with a provider's POST."""
    more = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items() if name != "Content-Type"
    }
    return Client().post(
        urlsplit(address).path, body, content_type=headers.get("Content-Type", "application/json"), **more
    )


def _taught(fake):
    """The fake's notices come in by the test's own client: one database connection, no second server."""
    fake.answers = []

    def send(address, body, headers):
        answer = post_notice(address, body, headers)
        fake.answers.append(answer)
        return answer.status_code

    fake.send = send
    return fake


@pytest.fixture
def liqpay(serve, settings):
    fake = _taught(LiqPay(slow_seconds=7))
    settings.LIQPAY_URL = serve(fake)
    return fake


@pytest.fixture
def monobank(serve, settings):
    fake = _taught(Monobank(slow_seconds=7))
    settings.MONOBANK_URL = serve(fake)
    settings.MONOBANK_PAGE_HOSTS = [settings.MONOBANK_URL]
    return fake


@pytest.fixture
def wayforpay(serve, settings):
    fake = _taught(WayForPay(slow_seconds=7))
    settings.WAYFORPAY_URL = settings.WAYFORPAY_PAGE_URL = serve(fake)
    return fake


@pytest.fixture
def checkbox(serve, settings):
    register = CheckboxRegister(slow_seconds=7)
    settings.CHECKBOX_URL = serve(register)
    settings.CHECKBOX_LICENSE_KEY, settings.CHECKBOX_PIN = "test-register", "0000"
    settings.FISCAL_RECEIPTS = {"liqpay": "due", "monobank": "by-provider", "invoice": "not-due"}
    return register


@pytest.fixture(params=["liqpay", "monobank", "wayforpay"])
def provider(request):
    """Each provider in turn: its fake, with ``kind`` its way of paying."""
    fake = request.getfixturevalue(request.param)
    fake.kind = PaymentKind(request.param)
    return fake


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    """Time-outs as long as tests are patient."""
    monkeypatch.setattr("orders.payments.calling.TIMEOUT_SECONDS", 1.0)


@pytest.fixture
def rules(db):
    """Every way is open to everybody."""
    if not PaymentRule.objects.exists():
        PaymentRule.objects.bulk_create(PaymentRule(kind=kind) for kind in PaymentKind)


@pytest.fixture
def order(rules):
    """150 ₴, to be paid by LiqPay."""
    with transaction.atomic():  # the order and its lines are compared at the commit
        return OrderFactory(payment_kind=PaymentKind.LIQPAY)


@pytest.fixture
def manager(db):
    return CustomerFactory(staff=True)


def begin(order, kind):
    """What pressing the button and sending the provider's form does; gives the payment."""
    page = starting.start_payment(order, kind=kind)
    if page.fields:
        import httpx

        answer = httpx.post(page.address, data=_form(page.fields), follow_redirects=False)
        assert answer.status_code == 302, answer.text
    return order.payments.get(status="pending", kind=kind)


def _form(fields):
    form = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    return form


def ask_for(order, amount=None, **fields):
    """A request as placing makes it."""
    return request_payment(order, amount or order.total, kind=order.payment_kind, **fields)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def in_threads(*acts):
    """Do all at the same moment; gives what each returned or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            barrier.wait(10)
            results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


__all__ = ["Decimal", "Order", "ask_for", "begin", "fresh", "in_threads", "post_notice"]
