from email.message import EmailMessage

import pytest

from shop.offers.models import PriceListSource
from shop.offers.sources import mailbox
from shop.offers.sources.checking import check
from tests.offers.sources.conftest import CONTENT, OTHER, Problem, contents
from tests.offers.sources.imap_server import MailServer

SENDER = "prices@acme.example"
PROVEN = "mx.shop.example; spf=pass smtp.mailfrom=robot@acme.example; dkim=fail header.d=acme.example"


@pytest.fixture
def server(settings):
    with MailServer() as server:
        settings.PRICE_MAIL_URL = f"imap://prices:s%20p%40ss@127.0.0.1:{server.port}/INBOX"
        yield server


@pytest.fixture
def source(price_list):
    return PriceListSource.objects.create(
        price_list=price_list, kind=PriceListSource.Kind.MAIL, sender=SENDER, file_pattern="price*.csv"
    )


def letter(number=1, *, content=CONTENT, sender=f"Acme <{SENDER}>", proof=PROVEN, name="price-23.csv"):
    message = EmailMessage()
    if proof:
        message["Authentication-Results"] = proof
    message["From"] = sender
    message["Message-ID"] = f"<{number}@acme.example>"
    message["Subject"] = "Прайс"
    message.set_content("Добрий день, прайс у вкладенні.")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="price-terms.pdf")
    if name:
        message.add_attachment(content, maintype="text", subtype="csv", filename=name)
    return message


def look(source):
    check(source.pk, is_asked_for=True)
    source.refresh_from_db()
    return source


def test_the_file_of_a_letter_is_taken_once_and_the_letter_marked_as_read(source, server, price_list):
    received = server.receive(letter())
    look(source)
    look(source)
    assert contents(price_list) == [CONTENT]
    assert received.is_seen
    assert source.last_problem == ""


def test_a_letter_that_a_person_has_opened_is_taken_all_the_same(source, server, price_list):
    server.receive(letter()).is_seen = True
    look(source)
    assert contents(price_list) == [CONTENT]


def test_of_several_letters_the_newest_counts(source, server, price_list):
    server.receive(letter(1))
    server.receive(letter(2, content=OTHER))
    look(source)
    assert contents(price_list) == [OTHER]
    assert all(received.is_seen for received in server.letters.values())


@pytest.mark.parametrize(
    "sender",
    [
        "prices@acme.example.evil.example",
        f'"{SENDER}" <evil@evil.example>',
        f"{SENDER}, evil@evil.example",
        f"x{SENDER}",
    ],
)
def test_only_exactly_the_named_sender_counts(source, server, price_list, sender):
    received = server.receive(letter(sender=sender))
    look(source)
    assert contents(price_list) == []
    assert not received.is_seen


@pytest.mark.parametrize(
    "proof",
    [
        "mx.shop.example; spf=fail smtp.mailfrom=acme.example; dkim=none",
        "mx.shop.example; spf=pass smtp.mailfrom=robot@evil.example",
        "mx.shop.example; dkim=pass header.d=notacme.example",
    ],
)
def test_a_letter_whose_sender_is_not_proven_stays_unread_and_is_told_of(source, server, price_list, proof):
    received = server.receive(letter(proof=proof))
    look(source)
    assert source.last_problem == Problem.UNPROVEN_SENDER
    assert contents(price_list) == []
    assert not received.is_seen


def test_a_server_that_proves_nothing_leaves_the_address_as_the_only_sign(source, server, price_list):
    server.receive(letter(proof=""))
    look(source)
    assert contents(price_list) == [CONTENT]


def test_a_letter_without_such_a_file_is_told_of(source, server, price_list):
    server.receive(letter(name="terms.csv"))
    assert look(source).last_problem == Problem.NO_ATTACHMENT
    assert contents(price_list) == []


def test_a_good_letter_beside_a_bad_one_is_taken_and_the_bad_one_told_of(source, server, price_list):
    server.receive(letter(1, name=""))
    server.receive(letter(2))
    assert look(source).last_problem == Problem.NO_ATTACHMENT
    assert contents(price_list) == [CONTENT]
    assert source.failures == 0


def test_a_letter_that_is_too_large_is_not_read(source, server, price_list, monkeypatch):
    monkeypatch.setattr(mailbox, "MOST_MAIL_BYTES", 100)
    server.receive(letter())
    assert look(source).last_problem == Problem.TOO_LARGE


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", Problem.NOT_CONFIGURED),
        ("imap://prices:wrong@127.0.0.1:{port}/INBOX", Problem.REFUSED_LOGIN),
        ("imap://prices:s%20p%40ss@127.0.0.1:{port}/Archive", Problem.NO_MAILBOX),
        ("imap://prices:s%20p%40ss@127.0.0.1:1/INBOX", Problem.UNREACHABLE),
        # A server without TLS of its own does not get our password.
        ("imaps://prices:s%20p%40ss@127.0.0.1:{port}/INBOX", Problem.UNREACHABLE),
    ],
)
def test_a_mailbox_that_does_not_open_says_why(source, server, settings, url, problem):
    settings.PRICE_MAIL_URL = url.format(port=server.port)
    assert look(source).last_problem == problem


def test_without_tls_a_mailbox_of_another_machine_is_not_asked(source, server, settings):
    settings.PRICE_LIST_LOOPBACK = False
    assert look(source).last_problem == Problem.NOT_CONFIGURED


@pytest.mark.parametrize("command", ["SEARCH", "FETCH"])
def test_a_connection_that_breaks_off_takes_nothing(source, server, price_list, command):
    server.receive(letter())
    server.breaks_at = command
    assert look(source).last_problem == Problem.BROKEN_OFF
    server.breaks_at = ""
    look(source)
    assert contents(price_list) == [CONTENT]


def test_a_connection_that_breaks_off_after_the_file_was_taken_takes_it_no_second_time(source, server, price_list):
    server.receive(letter())
    server.breaks_at = "STORE"
    look(source)
    server.breaks_at = ""
    look(source)
    assert contents(price_list) == [CONTENT]
