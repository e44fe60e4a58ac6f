"""The next gateway tries when the one before surely has not taken a message; who may have it is asked alone."""

import pytest

from shop.messaging.models import Message
from shop.messaging.sending import send_due

pytestmark = pytest.mark.django_db
Status = Message.Status


@pytest.fixture
def two(texting):
    return texting("turbosms", "alphasms")


@pytest.mark.parametrize("answer", ["no-money", "too-many", "bad-token"])
def test_the_second_gateway_takes_what_the_first_surely_has_not(two, write_text, answer):
    first, second = two
    first.set_answer(answer)
    write_text()
    assert send_due("orders", "sms") == 1
    assert (len(first.sent), len(second.sent)) == (0, 1)
    message = Message.objects.get()
    assert (message.status, message.gateway) == (Status.ACCEPTED, "AlphaSMS")
    assert message.gateway_message_id == second.sent[0]["message_id"]


def test_a_gateway_that_is_away_is_passed_over(two, write_text, settings):
    settings.TURBOSMS_URL = "http://127.0.0.1:1"
    write_text()
    send_due("orders", "sms")
    assert Message.objects.get().gateway == "AlphaSMS"


def test_an_unknown_outcome_never_goes_to_the_second(two, write_text):
    first, second = two
    first.set_answer("gateway-timeout")
    write_text()
    send_due("orders", "sms")
    assert (len(first.sent), len(second.sent)) == (1, 0)
    message = Message.objects.get()
    assert (message.status, message.gateway) == (Status.WAITING, "TurboSMS")
    first.set_answer("accept")
    Message.objects.update(available_at=message.created_at)
    send_due("orders", "sms")
    message.refresh_from_db()
    assert (message.status, message.gateway, len(first.sent), len(second.sent)) == (Status.ACCEPTED, "TurboSMS", 1, 0)


def test_a_bad_number_is_bad_everywhere(two, write_text):
    first, second = two
    first.set_answer("stop-list")
    write_text()
    send_due("orders", "sms")
    assert Message.objects.get().status == Status.REJECTED
    assert second.sent == []


def test_when_none_answers_all_wait(two, write_text):
    first, second = two
    first.set_answer("no-money")
    second.set_answer("no-money", 9)
    write_text(1)
    write_text(2)
    assert send_due("orders", "sms") == 0
    assert set(Message.objects.values_list("status", "handing_over_since")) == {(Status.WAITING, None)}
