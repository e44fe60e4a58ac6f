"""One event told by several ways: the quick one, the other one, a person."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress as suppress_error
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from shop.messaging import attention, ladder, outbox
from shop.messaging.ladder import at_once, climb_due, keep_in_reserve
from shop.messaging.models import Message, Suppression
from shop.messaging.sending import send_due
from shop.messaging.signals import message_failed
from shop.messaging.suppression import suppress
from shop.privacy.subjects import Subject

pytestmark = pytest.mark.django_db
Status = Message.Status
LATER = timedelta(minutes=11)


def event(together=keep_in_reserve, n=1):
    """An event told by SMS, with a letter."""
    about = {"language": "uk", "subject_of": Subject("order", n), "sealed": {"order-page": "https://shop.example/s/"}}
    sms = outbox.new_text("+380671234567", "Прийнято.", key=f"order-placed-sms:{n}", **about)
    mail = outbox.new_mail(
        "olena@example.com", key=f"order-placed:{n}", subject="Прийнято", text="Прийнято.\n", html="", **about
    )
    outbox.write(together(sms, mail))
    return sms, mail


def stand(message, status, **more):
    Message.objects.filter(pk=message.pk).update(status=status, **more)


def statuses():
    return dict(Message.objects.values_list("channel", "status"))


def asked():
    return list(Message.objects.filter(needs_person_since__isnull=False).values_list("channel", "needs_person_reason"))


def climb_after(wait):
    with time_machine.travel(timezone.now() + wait):
        return climb_due()


def test_a_letter_in_reserve_is_written_with_the_event_and_not_sent(turbosms, mail_server):
    sms, mail = event()
    assert mail.takes_place_of == sms
    send_due("orders", "sms")
    send_due("orders", "email")
    assert climb_due() == 0, "its time has not come"
    assert (len(turbosms.sent), mail_server.letters) == (1, [])
    assert statuses() == {"sms": Status.ACCEPTED, "email": Status.IN_RESERVE}


def test_the_same_event_twice_is_one_family():
    event()
    event()
    assert Message.objects.filter(takes_place_of__isnull=False).count() == 1
    assert Message.objects.count() == 2


def test_an_sms_without_news_makes_the_letter_go_once(turbosms, mail_server):
    event()
    send_due("orders", "sms")
    assert climb_after(LATER) == 1
    with time_machine.travel(timezone.now() + LATER):
        assert climb_due() == 0
        assert send_due("orders", "email") == 1
    for minutes in (80, 200, 2000):
        climb_after(timedelta(minutes=minutes))
        send_due("orders", "email")
    assert len(mail_server.letters) == 1
    assert statuses() == {"sms": Status.ACCEPTED, "email": Status.ACCEPTED}
    assert asked() == []


def test_a_delivered_sms_leaves_the_letter_unsent_and_its_secrets_gone(mail_server):
    sms, mail = event()
    stand(sms, Status.DELIVERED)
    assert climb_after(LATER) == 1
    send_due("orders", "email")
    mail.refresh_from_db()
    assert (mail.status, mail.sealed, mail_server.letters) == (Status.NOT_NEEDED, "", [])
    assert climb_after(timedelta(days=1)) == 0


def test_a_refused_sms_makes_the_letter_go_at_once(turbosms, mail_server):
    event()
    turbosms.set_answer("stop-list", times=1)
    send_due("orders", "sms")
    assert climb_due() == 1
    assert send_due("orders", "email") == 1
    assert asked() == []


def test_where_neither_way_reaches_the_customer_a_person_is_asked_once(turbosms, mail_server):
    event()
    turbosms.set_answer("stop-list", times=1)
    mail_server.replies["RCPT"] = "550 5.1.1 no such user"
    send_due("orders", "sms")
    climb_due()
    send_due("orders", "email")
    assert climb_due() == 1
    assert asked() == [
        (
            "sms",
            "Покупець нічого не знає. SMS: відхилено (404 NOT_ALLOWED_NUMBER_STOPLIST); "
            "лист: відхилено (SMTPRecipientsRefused 550).",
        )
    ]
    since = Message.objects.get(channel="sms").needs_person_since
    assert climb_after(timedelta(days=1)) == 0
    assert Message.objects.get(channel="sms").needs_person_since == since


def test_an_sms_nobody_hears_of_and_a_letter_that_bounced_ask_a_person_when_it_takes_too_long():
    sms, mail = event()
    now = timezone.now()
    stand(sms, Status.ACCEPTED, handed_over_at=now)
    stand(mail, Status.REJECTED)
    assert climb_after(LATER) == 1
    assert asked() == [], "the SMS may still arrive"
    climb_after(timedelta(minutes=61))
    assert [channel for channel, _why in asked()] == ["sms"]


def test_a_letter_sent_at_once_is_not_sent_again_by_the_ladder(mail_server):
    _sms, mail = event(at_once)
    assert mail.status == Status.WAITING
    send_due("orders", "email")
    climb_after(LATER)
    send_due("orders", "email")
    assert len(mail_server.letters) == 1
    assert asked() == []


def test_a_letter_that_bounced_after_it_was_taken_asks_a_person_when_the_sms_failed_too():
    sms, mail = event(at_once)
    stand(sms, Status.UNDELIVERED)
    stand(mail, Status.ACCEPTED)
    climb_after(LATER)
    assert asked() == []
    stand(mail, Status.UNDELIVERED)
    mail.refresh_from_db()
    message_failed.send(sender=Message, message=mail)
    assert climb_due() == 1
    assert asked() == [("sms", "Покупець нічого не знає. SMS: не доставлено; лист: не доставлено.")]


def test_a_letter_sent_once_more_belongs_to_the_same_event():
    sms, mail = event(at_once)
    stand(sms, Status.DELIVERED)
    stand(mail, Status.REJECTED)
    again = outbox.new_mail(
        "olena@example.com",
        key="order-placed:1:2",
        subject="Прийнято",
        text="Прийнято.\n",
        html="",
        language="uk",
        subject_of=Subject("order", 1),
    )
    again.takes_place_of = mail
    outbox.write([again])
    stand(again, Status.REJECTED)
    message_failed.send(sender=Message, message=again)
    assert climb_due() == 1
    assert asked() == [], "the SMS has arrived"


def test_what_waits_for_the_gateway_is_looked_at_again():
    sms, _mail = event(at_once)
    climb_after(LATER)
    assert asked() == []
    assert Message.objects.get(pk=sms.pk).next_rung_at is not None


def test_a_message_that_a_person_has_already_is_not_put_before_one_again():
    sms, mail = event()
    stand(sms, Status.NEEDS_PERSON, needs_person_since=timezone.now(), needs_person_reason="cut off")
    stand(mail, Status.REJECTED)
    climb_after(LATER)
    assert asked() == [("sms", "cut off")]


def test_an_event_that_a_person_closed_is_over():
    sms, _mail = event()
    stand(sms, Status.NEEDS_PERSON, needs_person_since=timezone.now(), needs_person_reason="cut off")
    sms.refresh_from_db()
    attention.close(sms)
    assert climb_after(LATER) == 0


def test_a_letter_without_an_sms_goes_before_a_person_when_it_fails(mail_server, write_mail):
    write_mail()
    mail_server.replies["RCPT"] = "550 5.7.1 not from you"
    send_due("orders", "email")
    assert asked() == [("email", "SMTPRecipientsRefused 550")]


def test_a_code_is_nobodys_work(turbosms, write_text):
    write_text(queue=Message.Queue.CODES)
    turbosms.set_answer("stop-list", times=1)
    send_due("codes", "sms")
    assert asked() == []
    assert Message.objects.get().status == Status.REJECTED


# Closed receivers.


@pytest.mark.parametrize("queue", ["orders", "codes"])
def test_m7_nothing_of_any_kind_goes_to_a_closed_address(mail_server, write_mail, queue):
    suppress("email", "Olena@example.com", Suppression.Reason.HARD_BOUNCE)
    write_mail(queue=queue)
    assert send_due(queue, "email") == 0
    message = Message.objects.get()
    assert (message.status, message.error) == (Status.REJECTED, "Не надіслано: адреси немає.")
    assert message.settled_at is not None
    assert mail_server.letters == []


def test_closed_receivers_are_asked_about_once_a_batch(mail_server, write_mail, django_assert_num_queries):
    suppress("email", "olena@example.com", Suppression.Reason.COMPLAINT)
    for n in range(3):
        write_mail(n, queue="codes")
    with django_assert_num_queries(1 + 2 + 1 + 3 * 3):  # cut off; two leases; closed ones; savepoint, outcome, release
        send_due("codes", "email")


def test_a_number_that_does_not_exist_is_tried_once_only(turbosms, write_text):
    """Told by the SMTP or SMS server at the handing-over, it closes the receiver for what comes later."""
    suppress("sms", "+380671234567", Suppression.Reason.BAD_NUMBER)
    write_text(1)
    write_text(2)
    send_due("orders", "sms")
    assert turbosms.sent == []
    assert set(Message.objects.values_list("error", flat=True)) == {"Не надіслано: номера немає."}


@pytest.mark.parametrize(
    ("command", "reply", "reason"),
    [
        ("RCPT", "550 5.1.1 no such user", "hard-bounce"),
        ("RCPT", "550 5.1.10 null MX", "hard-bounce"),
        ("DATA", "550 5.2.1 disabled", "hard-bounce"),
        ("RCPT", "552 5.2.2 mailbox full", "soft-bounce"),
        ("DATA", "554 5.7.1 spam", None),
        ("RCPT", "550 go away", None),
        ("RCPT", "450 4.2.1 greylisted", None),
    ],
)
def test_m7_only_a_refusal_about_the_mailbox_closes_it(mail_server, write_mail, command, reply, reason):
    write_mail()
    mail_server.replies[command] = reply
    send_due("orders", "email")
    assert Suppression.objects.values_list("reason", flat=True).first() == reason


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_one_letter(mail_server, monkeypatch):
    """The second sweep saw the letter in reserve too, and is slower: the first one's letter is out by then."""
    sms, _mail = event()
    stand(sms, Status.UNDELIVERED, next_rung_at=timezone.now())
    both_saw_it, one_sent_it = threading.Barrier(2), threading.Event()
    release = ladder._send
    turns = itertools.count()

    def slowly(message):
        turn = next(turns)
        with suppress_error(threading.BrokenBarrierError):
            both_saw_it.wait(timeout=1)
        if turn:
            one_sent_it.wait(timeout=10)
        release(message)

    monkeypatch.setattr(ladder, "_send", slowly)

    def sweep():
        try:
            climb_due()
            send_due("orders", "email")
            if mail_server.letters:
                one_sent_it.set()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for task in [pool.submit(sweep) for _ in range(2)]:
            task.result()
    climb_due()
    send_due("orders", "email")
    assert len(mail_server.letters) == 1
    assert statuses()["email"] == Status.ACCEPTED
    assert asked() == []


@pytest.mark.django_db(transaction=True)
def test_both_ways_failing_at_the_same_moment_still_ask_a_person():
    sms, mail = event(at_once)
    start = threading.Barrier(2)

    def fail(message):
        try:
            start.wait()
            with transaction.atomic():
                stand(message, Status.REJECTED)
                message_failed.send(sender=Message, message=message)
            climb_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for task in [pool.submit(fail, message) for message in (sms, mail)]:
            task.result()
    climb_due()
    assert [channel for channel, _why in asked()] == ["sms"]


def test_looking_costs_the_same_for_each_event(django_assert_num_queries):
    for n in range(3):
        sms, _mail = event(n=n)
        stand(sms, Status.DELIVERED, next_rung_at=timezone.now())
    # Savepoint, head, replacements twice, reserve, head, release; then once more for nothing.
    with django_assert_num_queries(3 * 7 + 3):
        assert ladder.climb_due() == 3
