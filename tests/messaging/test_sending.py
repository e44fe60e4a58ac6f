"""From the outbox to the gateways and back, over real HTTP and SMTP."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import structlog
from django.utils import timezone

from shop.messaging import sending
from shop.messaging.models import Message
from shop.messaging.sending import send_due
from shop.messaging.tasks import send_codes, send_order_messages
from shop.privacy.models import Disclosure

pytestmark = pytest.mark.django_db
Status = Message.Status


def test_an_sms_goes_out_with_its_secret_link(turbosms, write_text):
    message = write_text(body="Стежте: [[order-page]]", sealed={"order-page": "https://shop.example/orders/1/s/"})
    send_order_messages("sms")
    (sent,) = turbosms.sent
    assert (sent["phone"], sent["text"]) == ("+380671234567", "Стежте: https://shop.example/orders/1/s/")
    message.refresh_from_db()
    assert (message.status, message.gateway, message.gateway_message_id) == (
        Status.ACCEPTED,
        "TurboSMS",
        sent["message_id"],
    )
    assert (message.text, message.sealed) == ("Стежте: [[order-page]]", "")


def test_a_letter_goes_out_with_its_secret_link_escaped_in_html(mail_server, write_mail):
    write_mail(
        text="Стежте: [[order-page]]\n",
        html='<a href="[[order-page]]">сторінка</a>',
        sealed={"order-page": "https://shop.example/orders/1/s/?a=1&b=2"},
    )
    send_order_messages("email")
    (envelope,) = mail_server.letters
    assert Message.objects.get().status == Status.ACCEPTED
    letter = message_from_bytes(envelope.content, policy=policy.default)
    assert "https://shop.example/orders/1/s/?a=1&b=2" in letter.get_body(("plain",)).get_content()
    assert 'href="https://shop.example/orders/1/s/?a=1&amp;b=2"' in letter.get_body(("html",)).get_content()


def test_brackets_that_a_person_typed_stay(turbosms, write_text):
    write_text(body="Пане [[order-page]] [[нічого]] [[nothing]]")
    send_order_messages("sms")
    assert turbosms.sent[0]["text"] == "Пане [[order-page]] [[нічого]] [[nothing]]"


def test_a_code_goes_by_its_own_queue_and_leaves_dots(turbosms, write_text):
    message = write_text(body="Код [[code]]", sealed={"code": "808080"}, queue=Message.Queue.CODES)
    send_order_messages("sms")
    assert turbosms.sent == []
    send_codes("sms")
    assert turbosms.sent[0]["text"] == "Код 808080"
    message.refresh_from_db()
    assert (message.text, message.sealed) == ("•••", "")


def test_a_code_that_is_too_late_is_not_sent(turbosms, write_text):
    write_text(body="Код [[code]]", sealed={"code": "808080"}, queue=Message.Queue.CODES)
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    send_codes("sms")
    assert turbosms.sent == []
    message = Message.objects.get()
    assert (message.status, message.text, message.sealed) == (Status.REJECTED, "•••", "")


def test_every_handing_over_is_written_down_once(turbosms, mail_server, write_text, write_mail):
    write_text(17)
    write_mail(17)
    send_order_messages("sms")
    send_order_messages("email")
    rows = Disclosure.objects.order_by("receiver").values_list(
        "receiver", "purpose", "fields", "subject_kind", "subject_id"
    )
    assert list(rows) == [
        ("127.0.0.1", "order-message", ["email", "html", "subject", "text"], "order", "17"),
        ("TurboSMS", "order-message", ["phone", "text"], "order", "17"),
    ]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("accept", Status.ACCEPTED),
        ("stop-list", Status.REJECTED),
        ("busy", Status.WAITING),
        ("no-money", Status.WAITING),
        ("garbage", Status.WAITING),
        ("gateway-timeout", Status.WAITING),
    ],
)
def test_each_answer_of_the_sms_gateway_has_its_status(turbosms, write_text, answer, status):
    write_text()
    turbosms.set_answer(answer, times=1)
    send_due("orders", "sms")
    assert Message.objects.get().status == status


def test_an_unknown_outcome_is_asked_about_and_not_sent_twice(turbosms, write_text):
    write_text()
    turbosms.set_answer("gateway-timeout", times=1)
    send_due("orders", "sms")
    Message.objects.update(available_at=timezone.now())
    assert send_due("orders", "sms") == 1
    message = Message.objects.get()
    assert (message.status, message.attempts) == (Status.ACCEPTED, 2)
    (sent,) = turbosms.sent
    assert message.gateway_message_id == sent["message_id"]


def test_an_unknown_letter_waits_for_a_person(mail_server, write_mail):
    write_mail()
    mail_server.hang_up_at = "DATA"
    send_due("orders", "email")
    message = Message.objects.get()
    assert (message.status, message.needs_person_reason) == (Status.NEEDS_PERSON, "SMTPServerDisconnected")
    mail_server.hang_up_at = None
    send_due("orders", "email")
    assert len(mail_server.letters) == 1


def test_one_bad_address_holds_up_nobody(mail_server, write_mail):
    for n in range(3):
        write_mail(n)
    mail_server.replies["RCPT"] = "550 5.1.1 no such user"
    Message.objects.filter(key="order-placed:0").update(
        receiver="nobody@example.com", available_at=timezone.now() - timedelta(minutes=1)
    )
    (first,) = sending.lease_due("orders", "email", limit=1)
    sending._send_batch(sending._routes("orders", "email"), [first])
    mail_server.replies.clear()
    assert send_due("orders", "email") == 2
    assert sorted(Message.objects.values_list("key", "status")) == [
        ("order-placed:0", Status.REJECTED),
        ("order-placed:1", Status.ACCEPTED),
        ("order-placed:2", Status.ACCEPTED),
    ]


def test_a_gateway_that_is_down_is_left_alone_and_gets_all_later(turbosms, write_text):
    for n in range(10):
        write_text(n)
    turbosms.set_answer("busy")
    assert send_due("orders", "sms") == 0
    assert set(Message.objects.values_list("status", "attempts")) == {(Status.WAITING, 1)}
    assert Disclosure.objects.count() == 3, "after three refusals in a row the rest is not even tried"
    turbosms.set_answer("accept")
    Message.objects.update(available_at=timezone.now())
    assert send_due("orders", "sms") == 10


def test_nothing_is_handed_over_while_nobody_answers(settings, write_text):
    settings.TURBOSMS_URL = "http://127.0.0.1:1"
    write_text()
    assert send_due("orders", "sms") == 0
    message = Message.objects.get()
    assert (message.status, message.error, message.handing_over_since) == (Status.WAITING, "ConnectError", None)
    assert not Disclosure.objects.exists()


def test_a_bug_in_the_middle_leaves_the_mark(turbosms, write_text, monkeypatch):
    write_text()

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("shop.messaging.gateways.turbosms.TurboSmsGateway.send", broken)
    with pytest.raises(RuntimeError):
        send_due("orders", "sms")
    assert Message.objects.get().handing_over_since is not None


def test_log_lines_name_no_person(turbosms, mail_server, write_text, write_mail, caplog):
    caplog.set_level("INFO")
    with structlog.testing.capture_logs() as lines:
        for answer in ("accept", "stop-list", "busy", "garbage", "no-money", "bad-token", "too-many"):
            turbosms.set_answer(answer, times=1)
            write_text(answer)
            send_due("orders", "sms")
        for command, reply in (("RCPT", "550 no olena@example.com"), ("DATA", "451 no"), ("MAIL", "530 sign in")):
            mail_server.replies = {command: reply}
            write_mail(command)
            send_due("orders", "email")
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]  # the server's own log
    said = f"{lines} {ours}"
    assert "gateway-needs-attention" in said
    assert not re.search(r"671234567|olena|прийнято", said)


def test_sending_costs_the_same_few_queries_for_each_message(turbosms, write_text, django_assert_num_queries):
    for n in range(5):
        write_text(n)
    # Cut off; two leases; closed ones; what the limits count. Each: the mark, disclosure, outcome.
    with django_assert_num_queries(1 + 2 + 1 + 3 + 5 * 3):
        send_due("orders", "sms")
