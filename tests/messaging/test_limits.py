"""M9: SMS are counted in parts, limited by number and by day, and let people sleep."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.messaging import attention
from shop.messaging.limits import next_allowed_at, over_limit_among
from shop.messaging.models import Message
from shop.messaging.segments import count_parts
from shop.messaging.sending import send_due
from tests.orders.test_races import at_once, nobody_listens  # noqa: F401

pytestmark = pytest.mark.django_db
Status = Message.Status


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A" * 160, 1),
        ("A" * 161, 2),
        ("A" * 306, 2),
        ("A" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("Ваш код: 123456", 1),
        ("A" * 152 + "€" + "A" * 10, 2),
        ("", 1),
    ],
)
def test_m9_a_text_is_counted_in_parts_before_it_is_sent(text, parts):
    assert count_parts(text) == parts


def test_m9_the_parts_stand_on_the_message_and_what_they_cost(turbosms, write_text, settings):
    write_text(body="я" * 100)
    send_due("orders", "sms")
    message = Message.objects.get()
    assert (message.parts, message.price) == (2, 2 * settings.SMS_PRICES["turbosms"])


def test_m9_one_number_gets_so_many_a_day_and_the_rest_waits_for_a_person(turbosms, write_text, settings):
    settings.SMS_LIMITS = {"number": 3, "parts": 100}
    for number in range(5):
        write_text(number)
    send_due("orders", "sms")
    assert len(turbosms.sent) == 3
    left = Message.objects.filter(status=Status.NEEDS_PERSON)
    assert left.count() == 2
    assert "3 SMS" in left[0].needs_person_reason


def test_m9_all_together_are_so_many_parts_a_day(turbosms, write_text, settings):
    settings.SMS_LIMITS = {"number": 100, "parts": 5}
    for number in range(4):
        write_text(number, body=f"{number}" + "я" * 99)
    send_due("orders", "sms")
    assert len(turbosms.sent) == 2
    assert Message.objects.filter(status=Status.NEEDS_PERSON).count() == 2


def test_the_day_is_the_last_twenty_four_hours(turbosms, write_text, settings):
    settings.SMS_LIMITS = {"number": 1, "parts": 100}
    write_text(1)
    send_due("orders", "sms")
    Message.objects.update(handing_over_since=timezone.now() - timedelta(hours=25))
    write_text(2)
    send_due("orders", "sms")
    assert len(turbosms.sent) == 2


def test_what_a_person_sends_again_is_above_the_limits(turbosms, write_text, settings):
    settings.SMS_LIMITS = {"number": 0, "parts": 100}
    write_text()
    send_due("orders", "sms")
    assert turbosms.sent == []
    assert attention.send_again(Message.objects.get())
    send_due("orders", "sms")
    assert len(turbosms.sent) == 1


def test_a_code_over_the_limit_ends(turbosms, write_text, settings):
    settings.SMS_LIMITS = {"number": 0, "parts": 100}
    write_text(queue=Message.Queue.CODES)
    send_due("codes", "sms")
    assert Message.objects.get().status == Status.REJECTED


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_keep_the_limit(turbosms, write_text, settings):
    """Each counts what all of them hold: without that both would find the limit untouched."""
    settings.SMS_LIMITS = {"number": 4, "parts": 1000}
    for number in range(45):
        write_text(number)
    at_once(*[lambda: send_due("orders", "sms")] * 3)
    assert len(turbosms.sent) == 4
    assert Message.objects.filter(status=Status.NEEDS_PERSON).count() == 41


@pytest.mark.parametrize("rows", [1, 20])
def test_the_limits_ask_the_same_for_one_and_for_twenty(write_text, rows, django_assert_num_queries):
    messages = [write_text(number) for number in range(rows)]
    with django_assert_num_queries(3):
        assert over_limit_among(messages) == {}


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-23 20:59:00+02:00", "2026-11-23 20:59:00+02:00"),
        ("2026-11-23 21:00:00+02:00", "2026-11-24 09:00:00+02:00"),
        ("2026-11-24 03:00:00+02:00", "2026-11-24 09:00:00+02:00"),
        ("2026-11-24 09:00:00+02:00", "2026-11-24 09:00:00+02:00"),
        ("2026-03-28 23:00:00+02:00", "2026-03-29 09:00:00+03:00"),
    ],
)
def test_m9_what_can_wait_lets_people_sleep(now, then):
    now, then = timezone.datetime.fromisoformat(now), timezone.datetime.fromisoformat(then)
    assert next_allowed_at(now, is_urgent=False) == then
    assert next_allowed_at(now, is_urgent=True) == now


def test_what_can_wait_and_was_held_up_until_the_night_is_put_off(turbosms, write_text, time_machine):
    time_machine.move_to("2026-11-23 20:00:00+02:00", tick=False)
    write_text(can_wait=True)
    time_machine.move_to("2026-11-23 23:00:00+02:00", tick=False)
    send_due("orders", "sms")
    assert turbosms.sent == []
    time_machine.move_to("2026-11-24 09:00:01+02:00", tick=False)
    send_due("orders", "sms")
    assert len(turbosms.sent) == 1
