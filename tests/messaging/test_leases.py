from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from shop.messaging import leases
from shop.messaging.leases import Lease, give_up_cut_off, lease_due, pause_after
from shop.messaging.models import Message

pytestmark = pytest.mark.django_db
Status = Message.Status


def let_lease_run_out(message):
    Message.objects.filter(pk=message.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def take(write, **kwargs):
    write(**kwargs)
    (lease,) = lease_due("orders", "sms")
    return lease


def state(lease):
    return Message.objects.get(pk=lease.message.pk)


def test_a_lease_takes_the_oldest_of_its_queue_and_channel(write_text, write_mail):
    first, second, third = (write_text(n) for n in (1, 2, 3))
    write_mail(4)
    write_text(5, queue=Message.Queue.CODES)
    assert [lease.message for lease in lease_due("orders", "sms", limit=2)] == [first, second]
    assert [lease.message for lease in lease_due("orders", "sms")] == [third]
    assert lease_due("orders", "sms") == []


def test_a_message_is_not_due_before_its_time(write_text):
    message = write_text()
    Message.objects.update(available_at=timezone.now() + timedelta(seconds=5))
    assert lease_due("orders", "sms") == []
    Message.objects.update(available_at=timezone.now())
    assert [lease.message for lease in lease_due("orders", "sms")] == [message]


def test_leasing_is_one_statement(write_text, django_assert_num_queries):
    for n in range(5):
        write_text(n)
    with django_assert_num_queries(1):
        assert len(lease_due("orders", "sms")) == 5


def test_accepted(write_text):
    lease = take(write_text, body="[[order-page]]", sealed={"order-page": "https://shop.example/orders/1/secret/"})
    assert lease.begin("TurboSMS")
    assert lease.accepted("TurboSMS", "f83f8868")
    message = state(lease)
    assert (message.status, message.gateway, message.gateway_message_id) == (Status.ACCEPTED, "TurboSMS", "f83f8868")
    assert message.handed_over_at is not None
    assert message.leased_until is None
    assert message.sealed == ""
    assert message.text == "[[order-page]]"


def test_a_code_loses_its_words_when_it_is_settled(write_text):
    write_text(body="Код [[code]]", sealed={"code": "808080"}, queue=Message.Queue.CODES)
    (lease,) = lease_due("codes", "sms")
    lease.accepted("TurboSMS", "f83f8868")
    message = state(lease)
    assert (message.text, message.html, message.sealed) == ("•••", "", "")


def test_rejected_shows_on_the_list_for_people(write_text):
    lease = take(write_text)
    assert lease.rejected("404 NOT_ALLOWED_NUMBER_STOPLIST")
    message = state(lease)
    assert message.status == Status.REJECTED
    assert message.needs_person_since is not None
    assert message.needs_person_reason == message.error == "404 NOT_ALLOWED_NUMBER_STOPLIST"


def test_try_again_later_waits_and_keeps_the_secrets(write_text):
    lease = take(write_text, body="[[order-page]]", sealed={"order-page": "https://shop.example/"})
    assert lease.begin("TurboSMS")
    assert lease.try_again_later("ConnectError")
    message = state(lease)
    assert message.status == Status.WAITING
    assert timedelta(seconds=2) < message.available_at - timezone.now() < timedelta(seconds=5)
    assert message.handing_over_since is None, "it surely was not taken"
    assert message.sealed != ""


def test_pauses_grow_to_an_hour():
    assert [pause_after(n) <= timedelta(seconds=5 * 2 ** (n - 1)) for n in range(1, 20)] == [True] * 19
    assert all(timedelta(minutes=30) <= pause_after(n) <= timedelta(hours=1) for n in range(12, 20))


def test_after_many_tries_a_person_is_asked(write_text):
    lease = take(write_text)
    Message.objects.update(attempts=leases.TRIES)
    lease = Lease(state(lease))
    assert lease.try_again_later("203 REQUIRED_BALANCE")
    message = state(lease)
    assert message.status == Status.NEEDS_PERSON
    assert message.needs_person_reason == "203 REQUIRED_BALANCE"


@pytest.mark.parametrize(
    "act",
    [
        lambda lease: lease.begin("TurboSMS"),
        lambda lease: lease.accepted("TurboSMS", "f83f8868"),
        lambda lease: lease.rejected("305 INVALID_PHONE"),
        lambda lease: lease.try_again_later("ConnectError"),
        lambda lease: lease.ask_again_later("ReadTimeout"),
        lambda lease: lease.needs_person("ReadTimeout"),
    ],
    ids=["begin", "accepted", "rejected", "try_again_later", "ask_again_later", "needs_person"],
)
def test_a_worker_that_lost_its_lease_changes_nothing(write_text, act):
    late = take(write_text)
    let_lease_run_out(late.message)
    (current,) = lease_due("orders", "sms")
    before = Message.objects.values().get()
    assert not act(late)
    assert Message.objects.values().get() == before
    assert current.accepted("TurboSMS", "f83f8868")


def test_a_lease_that_ran_out_does_not_begin(write_text):
    lease = take(write_text)
    let_lease_run_out(lease.message)
    assert not lease.begin("TurboSMS")


def test_a_lease_lost_before_the_handing_over_comes_back(write_text):
    lease = take(write_text)
    let_lease_run_out(lease.message)
    assert give_up_cut_off("orders", "sms") == 0
    (again,) = lease_due("orders", "sms")
    assert (again.message, again.message.attempts) == (lease.message, 2)


def test_a_cut_off_handing_over_goes_to_a_person(write_text):
    lease = take(write_text)
    assert lease.begin("TurboSMS")
    let_lease_run_out(lease.message)
    assert lease_due("orders", "sms") == [], "it may have been sent"
    assert give_up_cut_off("orders", "sms") == 1
    message = state(lease)
    assert (message.status, message.needs_person_reason) == (Status.NEEDS_PERSON, "handing-over was cut off")
    assert not lease.accepted("TurboSMS", "f83f8868"), "the lost worker is fenced off"


def test_a_handing_over_that_still_runs_is_left_alone(write_text):
    lease = take(write_text)
    assert lease.begin("TurboSMS")
    assert give_up_cut_off("orders", "sms") == 0
    assert lease_due("orders", "sms", know_keys=["TurboSMS"]) == []


def test_a_cut_off_handing_over_is_asked_about_where_the_gateway_knows_our_keys(write_text):
    lease = take(write_text)
    assert lease.begin("TurboSMS")
    let_lease_run_out(lease.message)
    assert give_up_cut_off("orders", "sms", know_keys=["TurboSMS"]) == 0
    (again,) = lease_due("orders", "sms", know_keys=["TurboSMS"])
    assert again.message.gateway_key == lease.message.gateway_key


def test_a_gateway_is_not_trusted_to_remember_a_key_for_long(write_text):
    lease = take(write_text)
    assert lease.begin("TurboSMS")
    let_lease_run_out(lease.message)
    Message.objects.update(handing_over_since=timezone.now() - timedelta(minutes=61))
    assert lease_due("orders", "sms", know_keys=["TurboSMS"]) == []
    assert give_up_cut_off("orders", "sms", know_keys=["TurboSMS"]) == 1


def test_what_an_earlier_try_left_unknown_stays_unknown(write_text):
    lease = take(write_text)
    assert lease.begin("TurboSMS")
    since = state(lease).handing_over_since
    let_lease_run_out(lease.message)
    (again,) = lease_due("orders", "sms", know_keys=["TurboSMS"])
    assert again.begin("TurboSMS")
    assert again.try_again_later("ConnectError")
    assert state(again).handing_over_since == since


def test_a_cut_off_code_just_ends(write_text):
    write_text(body="Код [[code]]", sealed={"code": "808080"}, queue=Message.Queue.CODES)
    (lease,) = lease_due("codes", "sms")
    assert lease.begin("TurboSMS")
    let_lease_run_out(lease.message)
    assert give_up_cut_off("codes", "sms") == 1
    message = state(lease)
    assert (message.status, message.text, message.sealed) == (Status.REJECTED, "•••", "")
    assert message.needs_person_since is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_lease_the_same_message(write_text):
    for n in range(60):
        write_text(n)

    def work(_):
        try:
            taken = []
            while batch := lease_due("orders", "sms", limit=7):
                taken += [lease.message.pk for lease in batch]
            return taken
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        taken = [pk for part in workers.map(work, range(4)) for pk in part]
    assert sorted(taken) == sorted(Message.objects.values_list("pk", flat=True))
