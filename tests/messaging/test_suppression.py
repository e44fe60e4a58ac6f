"""Receivers that messages do not reach."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from shop.messaging.models import Suppression
from shop.messaging.suppression import closed_among, is_suppressed, lift, suppress
from tests.factories.accounts import CustomerFactory

pytestmark = pytest.mark.django_db
Reason = Suppression.Reason


def test_a_hard_bounce_closes_an_address_in_any_spelling_until_somebody_lifts_it():
    suppress("email", "Olena@Example.com", Reason.HARD_BOUNCE)
    closing = is_suppressed("email", " olena@example.com")
    assert (closing.reason, closing.until, closing.shown) == (Reason.HARD_BOUNCE, None, "O•••@Example.com")
    assert is_suppressed("email", "oleh@example.com") is None


def test_a_closed_address_is_kept_as_digits_only():
    suppress("email", "olena@example.com", Reason.COMPLAINT)
    row = Suppression.objects.values().get()
    assert "olena" not in str(row)
    assert len(row["receiver_hash"]) == 64


def test_the_same_letters_in_another_channel_are_another_receiver():
    suppress("sms", "+380671234567", Reason.BAD_NUMBER)
    assert is_suppressed("email", "+380671234567") is None
    assert is_suppressed("sms", "+380671234567").shown == "+38067•••••67"


def test_the_same_told_again_is_counted_in_the_one_row():
    for _ in range(3):
        suppress("sms", "+380671234567", Reason.STOP_LIST)
    assert Suppression.objects.values_list("reason", "times").get() == (Reason.STOP_LIST, 3)


def test_two_soft_bounces_close_nothing_and_a_third_within_a_week_does(time_machine):
    start = timezone.now().replace(microsecond=0)
    for days in (0, 3):
        time_machine.move_to(start + timedelta(days=days))
        suppress("email", "olena@example.com", Reason.SOFT_BOUNCE)
        assert is_suppressed("email", "olena@example.com") is None
    time_machine.move_to(start + timedelta(days=6))
    suppress("email", "olena@example.com", Reason.SOFT_BOUNCE)
    closing = is_suppressed("email", "olena@example.com")
    assert (closing.times, closing.since, closing.until) == (
        3,
        start + timedelta(days=6),
        start + timedelta(days=13),
    )
    time_machine.move_to(start + timedelta(days=13))
    assert is_suppressed("email", "olena@example.com") is None


def test_soft_bounces_older_than_a_week_are_forgotten(time_machine):
    start = timezone.now()
    for days in (0, 5, 8, 10):
        time_machine.move_to(start + timedelta(days=days))
        assert is_suppressed("email", "olena@example.com") is None
        suppress("email", "olena@example.com", Reason.SOFT_BOUNCE)
    # 5, 8 and 10 are three within a week, 0 is not among them.
    assert is_suppressed("email", "olena@example.com").times == 3


def test_a_hard_bounce_outweighs_soft_ones_and_a_soft_one_does_not_weaken_it():
    suppress("email", "olena@example.com", Reason.SOFT_BOUNCE)
    suppress("email", "olena@example.com", Reason.HARD_BOUNCE)
    suppress("email", "olena@example.com", Reason.SOFT_BOUNCE)
    closing = is_suppressed("email", "olena@example.com")
    assert (closing.reason, closing.until) == (Reason.HARD_BOUNCE, None)
    assert Suppression.objects.count() == 1


def test_staff_lift_with_a_reason_and_what_comes_later_is_a_new_row():
    boss = CustomerFactory()
    row = suppress("email", "olena@example.com", Reason.HARD_BOUNCE)
    assert lift(row, author=boss, why="Покупець виправив скриньку")
    assert not lift(row, author=boss, why="Ще раз")
    assert is_suppressed("email", "olena@example.com") is None
    row.refresh_from_db()
    assert (row.lifted_by, row.lifted_why) == (boss, "Покупець виправив скриньку")
    suppress("email", "olena@example.com", Reason.COMPLAINT)
    assert Suppression.objects.count() == 2
    assert is_suppressed("email", "olena@example.com").reason == Reason.COMPLAINT


def test_many_receivers_are_asked_about_in_one_query(django_assert_num_queries):
    suppress("sms", "+380671234567", Reason.BAD_NUMBER)
    phones = [f"+38067123456{digit}" for digit in range(10)]
    with django_assert_num_queries(1):
        closed = closed_among("sms", phones)
    assert {phone: row.reason for phone, row in closed.items()} == {"+380671234567": Reason.BAD_NUMBER}


@pytest.mark.django_db(transaction=True)
def test_two_callbacks_at_once_make_one_row():
    start = threading.Barrier(4)
    problems = []

    def tell():
        try:
            start.wait()
            suppress("email", "olena@example.com", Reason.HARD_BOUNCE)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert Suppression.objects.values_list("times").get() == (4,)
