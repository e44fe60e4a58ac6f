"""Staff answer an enquiry: for themselves after a call, or to the customer by SMS."""

import pytest

from orders.models import Enquiry
from shop.messaging.models import Message
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(CustomerFactory(staff=True))
    return client


@pytest.fixture
def enquiry():
    return Enquiry.objects.create(question="Чи підійде на Octavia?", name="Олена", phone="+380671234567")


def answer(desk, enquiry, **typed):
    return desk.post(f"/admin/orders/enquiry/{enquiry.pk}/change/", typed)


def test_an_answer_goes_to_the_customer_by_sms_when_staff_say_so(desk, enquiry):
    answer(desk, enquiry, answer="Так, підійде. Є в наявності.", tells="on")
    message = Message.objects.get()
    assert (message.receiver, message.key) == ("+380671234567", f"enquiry-answered:{enquiry.pk}")
    assert message.text == "Автодеталі: Так, підійде. Є в наявності."
    assert (message.subject_kind, message.subject_id) == ("enquiry", str(enquiry.pk))
    enquiry.refresh_from_db()
    assert enquiry.answered_at is not None
    assert enquiry.needs_person_since is None


def test_without_the_tick_nothing_is_sent(desk, enquiry):
    answer(desk, enquiry, answer="Поговорили, підійде.")
    enquiry.refresh_from_db()
    assert enquiry.answer == "Поговорили, підійде."
    assert not Message.objects.exists()


def test_an_empty_answer_is_not_sent(desk, enquiry):
    page = answer(desk, enquiry, answer=" ", tells="on")
    assert "Напишіть відповідь" in page.content.decode()
    enquiry.refresh_from_db()
    assert enquiry.answered_at is None
    assert not Message.objects.exists()


def test_the_second_answer_changes_and_sends_nothing(desk, enquiry):
    answer(desk, enquiry, answer="Так.", tells="on")
    answer(desk, enquiry, answer="Ні.", tells="on")
    enquiry.refresh_from_db()
    assert enquiry.answer == "Так."
    assert Message.objects.count() == 1


def test_template_marks_in_an_answer_stay_words(desk, enquiry):
    answer(desk, enquiry, answer="{{ seller }} {% now 'Y' %} [[code]] <b>", tells="on")
    assert Message.objects.get().text == "Автодеталі: {{ seller }} {% now 'Y' %} [[code]] <b>"
