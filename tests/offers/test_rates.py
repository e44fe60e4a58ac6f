import threading
from datetime import date, timedelta
from decimal import Decimal
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.db import IntegrityError, transaction

from shop.local.providers.nbu import NationalBank, rates_of
from shop.offers import tasks
from shop.offers.models import ExchangeRate
from shop.offers.nbu import NbuUnavailable, read_rates
from shop.offers.rates import fetch_rates, missing_or_stale, rates_in_force

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 22)


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def serve(settings):
    """Point the shop's client at a WSGI app on loopback."""
    servers = []

    def start(app):
        server = make_server("127.0.0.1", 0, app, handler_class=QuietHandler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        settings.NBU_URL = f"http://127.0.0.1:{server.server_port}"
        return app

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def bank(serve):
    return serve(NationalBank())


@pytest.fixture
def answer(serve):
    """The bank answers with these very bytes."""

    def with_body(body):
        def app(environ, start_response):
            start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
            return [body]

        serve(app)

    return with_body


def set_rate(currency, valid_on, rate, **values):
    return ExchangeRate.objects.create(currency=currency, valid_on=valid_on, rate=Decimal(rate), **values)


def rate_of(currency, on=ON):
    return rates_in_force(on)[currency].rate


def test_the_newest_rate_not_after_the_day_is_in_force():
    set_rate("USD", date(2026, 11, 20), 44)
    set_rate("USD", date(2026, 11, 21), 45)
    set_rate("USD", date(2026, 11, 23), 46)
    assert rate_of("USD") == 45
    assert rate_of("USD", date(2026, 11, 20)) == 44
    assert rates_in_force(date(2026, 11, 19)) == {}


def test_on_the_same_day_a_persons_word_beats_the_banks():
    set_rate("USD", ON, 44, source="nbu")
    set_rate("USD", ON, 45, source="manual")
    assert rate_of("USD") == 45
    set_rate("USD", ON + timedelta(days=1), 46, source="nbu")
    assert rate_of("USD", ON + timedelta(days=1)) == 46


def test_a_locked_rate_holds_whatever_the_bank_says_later():
    set_rate("EUR", date(2026, 11, 1), 50, is_locked=True)
    set_rate("EUR", ON, 60)
    assert rate_of("EUR") == 50
    with pytest.raises(IntegrityError), transaction.atomic():
        set_rate("EUR", date(2026, 11, 2), 51, is_locked=True)


def test_the_banks_rates_of_the_day_come_in_force_exact_to_the_digit(bank):
    assert fetch_rates(ON) is True
    assert {code: each.rate for code, each in rates_in_force(ON).items()} == {
        row["cc"]: Decimal(str(row["rate"])) for row in rates_of(ON)
    }
    assert {each.source for each in rates_in_force(ON).values()} == {"nbu"}


def test_the_same_rates_a_second_time_change_nothing(bank):
    fetch_rates(ON)
    assert fetch_rates(ON) is False
    assert ExchangeRate.objects.count() == 3


def test_a_jump_is_kept_aside_for_a_person_and_the_old_rate_stays(bank):
    fetch_rates(ON - timedelta(days=1))
    before = rates_in_force(ON)
    bank.set_answer("jump")
    assert fetch_rates(ON) is False
    assert rates_in_force(ON) == before
    waiting = ExchangeRate.objects.get(currency="USD", valid_on=ON)
    assert waiting.needs_person_since is not None
    assert waiting.needs_person_reason == "Курс змінився на 25 %: прийміть його або видаліть."


def test_a_lock_far_from_the_market_is_no_jump(bank):
    fetch_rates(ON - timedelta(days=1))
    set_rate("USD", ON - timedelta(days=1), 30, is_locked=True)
    fetch_rates(ON)
    assert not ExchangeRate.objects.filter(needs_person_since__isnull=False).exists()
    assert rate_of("USD") == 30


@pytest.mark.parametrize("trouble", ["empty", "unavailable", "garbage", "huge"])
def test_a_bank_in_trouble_leaves_the_old_rates(bank, trouble):
    set_rate("USD", date(2026, 11, 20), 44)
    bank.set_answer(trouble)
    with pytest.raises(NbuUnavailable):
        fetch_rates(ON)
    assert rate_of("USD") == 44
    assert ExchangeRate.objects.count() == 1


def test_nobody_at_the_address_is_told_apart(settings):
    settings.NBU_URL = "http://127.0.0.1:1"
    with pytest.raises(NbuUnavailable, match="ConnectError"):
        fetch_rates(ON)


def quote(rate='"rate":41.5', cc="USD", day="22.11.2026"):
    return f'{{"r030":840,"txt":"Долар США",{rate},"cc":"{cc}","exchangedate":"{day}"}}'


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "null",
        "[1,2]",
        f"[{quote()}",
        f"[{quote(cc='CHF')}]",
        f"[{quote()},{quote()}]",
        f"[{quote(rate='"rate":-41.5')}]",
        f"[{quote(rate='"rate":0')}]",
        f"[{quote(rate='"rate":NaN')}]",
        f"[{quote(rate='"rate":Infinity')}]",
        f"[{quote(rate='"rate":1e30')}]",
        f"[{quote(rate='"rate":"41.5"')}]",
        f"[{quote(rate='"rate":null')}]",
        f"[{quote(rate='"price":41.5')}]",
        f"[{quote(day='23.11.2026')}]",
        f"[{quote(day='01.11.2026')}]",
        f"[{quote(day='2026-11-22')}]",
        f"[{quote(day='')}]",
        "[" * 100_000,
    ],
)
def test_an_answer_that_cannot_be_true_is_refused(answer, body):
    answer(body.encode())
    with pytest.raises(NbuUnavailable):
        read_rates(ON, ["USD", "EUR"])


def test_a_rate_is_read_digit_by_digit(answer):
    answer(f"[{quote(rate='"rate":41.123456')}]".encode())
    assert read_rates(ON, ["USD"])["USD"].rate == Decimal("41.123456")


def test_currencies_that_nobody_renews_are_named(bank):
    assert missing_or_stale(ON) == ["USD", "EUR", "PLN"]
    fetch_rates(ON)
    assert missing_or_stale(ON) == []
    set_rate("PLN", ON, 12, is_locked=True)
    assert missing_or_stale(ON + timedelta(days=6)) == ["USD", "EUR"]


def test_new_rates_ask_for_new_prices(bank, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "publish", lambda task, **options: asked.append(task.name))
    tasks.fetch_exchange_rates()
    tasks.fetch_exchange_rates()
    assert asked == ["shop.offers.tasks.bring_offers_up_to_date"]
