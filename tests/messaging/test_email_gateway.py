"""E-mail over real SMTP on loopback, and what providers' APIs answer."""

import smtplib
import socket
from email import message_from_bytes, policy

import pytest
import requests
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused, AnymailRequestsAPIError

from shop.messaging.errors import GatewayUnavailable, MessageRejected, OutcomeUnknown
from shop.messaging.gateways import mail_gateway
from shop.messaging.gateways.email import _outcome
from shop.messaging.letters import Letter
from tests.messaging.conftest import smtp_at

LETTER = Letter(subject="Замовлення № 1 прийнято", text="Дякуємо!\n", html="<p>Дякуємо!</p>")
KEY = "5f0c0000000000000000000000000001"


@pytest.fixture
def gateway(mail_server):
    gateway = mail_gateway()
    yield gateway
    gateway.close()


def test_a_letter_arrives_with_both_parts(gateway, mail_server):
    message_id = gateway.send("olena@example.com", LETTER, key=KEY)
    (envelope,) = mail_server.letters
    letter = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == ["olena@example.com"]
    assert letter["To"] == "olena@example.com"
    assert letter["Subject"] == "Замовлення № 1 прийнято"
    assert letter["From"] == "Автодеталі <orders@shop.example>"
    assert letter["Reply-To"] == "shop@shop.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == message_id == f"<{KEY}@shop.example>"
    assert letter.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Дякуємо!\n"
    assert "<p>Дякуємо!</p>" in letter.get_body(("html",)).get_content()


def test_several_letters_go_over_one_connection(gateway, mail_server):
    gateway.open()
    connection = gateway._mailer.connection
    for n in range(3):
        gateway.send("olena@example.com", LETTER, key=f"{KEY}{n}")
        assert gateway._mailer.connection is connection
    assert len(mail_server.letters) == 3


@pytest.mark.parametrize(
    ("command", "reply", "outcome"),
    [
        ("RCPT", "550 5.1.1 no such user", MessageRejected),
        ("RCPT", "450 4.2.1 try later", GatewayUnavailable),
        ("RCPT", "421 4.3.2 closing", GatewayUnavailable),
        ("MAIL", "530 5.7.0 sign in first", GatewayUnavailable),
        ("DATA", "451 4.3.0 local error", GatewayUnavailable),
        ("DATA", "554 5.7.1 refused", MessageRejected),
    ],
)
def test_each_reply_has_its_outcome(gateway, mail_server, command, reply, outcome):
    mail_server.replies[command] = reply
    with pytest.raises(outcome) as refusal:
        gateway.send("olena@example.com", LETTER, key=KEY)
    assert reply[:3] in str(refusal.value)
    assert mail_server.letters == []
    mail_server.replies.clear()
    gateway.send("olena@example.com", LETTER, key=KEY)
    assert len(mail_server.letters) == 1


def test_a_server_that_hangs_up_before_the_letter_surely_did_not_take_it(gateway, mail_server):
    mail_server.hang_up_at = "MAIL"
    with pytest.raises(GatewayUnavailable):
        gateway.send("olena@example.com", LETTER, key=KEY)


def test_a_server_that_hangs_up_after_the_letter_may_have_taken_it(gateway, mail_server):
    mail_server.hang_up_at = "DATA"
    with pytest.raises(OutcomeUnknown):
        gateway.send("olena@example.com", LETTER, key=KEY)
    assert len(mail_server.letters) == 1


def test_nobody_there_is_noticed_before_a_letter_is_begun(settings):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        settings.MAILERS = smtp_at(listener.getsockname()[1])
    with pytest.raises(GatewayUnavailable, match="ConnectionRefusedError"):
        mail_gateway().open()


def test_an_address_no_server_would_take_is_rejected(gateway, mail_server):
    with pytest.raises(MessageRejected):
        gateway.send("olena@example.com\r\nBcc: all@example.com", LETTER, key=KEY)
    assert mail_server.letters == []


def api_error(status=None, cause=None, kind=None):
    if kind:
        error = type("AnymailRequestsAPIError", (AnymailRequestsAPIError, kind), {})("Error posting")
    else:
        error = AnymailAPIError("refused", status_code=status)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (AnymailRecipientsRefused(), MessageRejected),
        (api_error(400), MessageRejected),
        (api_error(422), MessageRejected),
        (api_error(401), GatewayUnavailable),
        (api_error(403), GatewayUnavailable),
        (api_error(429), GatewayUnavailable),
        (api_error(503), GatewayUnavailable),
        (api_error(500), OutcomeUnknown),
        (api_error(502), OutcomeUnknown),
        (api_error(408), OutcomeUnknown),
        (api_error(kind=requests.ReadTimeout), OutcomeUnknown),
        (api_error(kind=requests.ConnectionError, cause=Exception("Connection reset")), OutcomeUnknown),
        (api_error(kind=requests.ConnectTimeout), GatewayUnavailable),
        (
            api_error(kind=requests.ConnectionError, cause=Exception("NewConnectionError: refused")),
            GatewayUnavailable,
        ),
        (smtplib.SMTPServerDisconnected("gone"), OutcomeUnknown),
        (TimeoutError("gone"), OutcomeUnknown),
    ],
)
def test_each_error_has_its_outcome(error, outcome):
    assert type(_outcome(error)) is outcome


def test_the_reason_never_repeats_the_address():
    refused = smtplib.SMTPRecipientsRefused({"olena@example.com": (550, b"no olena@example.com here")})
    assert str(_outcome(refused)) == "SMTPRecipientsRefused 550"


def test_disclosures_name_the_provider(settings):
    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.postmark.EmailBackend", "OPTIONS": {}}}
    assert mail_gateway().name == "Postmark"
    settings.MAILERS = smtp_at(25)
    assert mail_gateway().name == "127.0.0.1"
