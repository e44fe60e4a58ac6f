import threading

import pytest
from django.db import connection
from django.urls import reverse

from orders.enquiring import Question, TooManyEnquiries, ask
from orders.models import Enquiry
from shop.backoffice.queues import waiting_for_person
from tests.factories import CustomerFactory, ModificationFactory

RIGHT = {"question": "Помпа на ВАЗ 2107", "name": "Олена", "phone": "067 123 45 67"}


@pytest.mark.django_db
def test_a_question_waits_in_the_queue_of_the_staff_with_the_chosen_car(client):
    car = ModificationFactory()
    client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    response = client.post(reverse("orders:enquiry"), RIGHT, follow=True)
    assert "Запит надіслано" in response.content.decode()
    enquiry = Enquiry.objects.get()
    assert (enquiry.question, enquiry.phone, enquiry.modification) == ("Помпа на ВАЗ 2107", "+380671234567", car)
    staff = CustomerFactory(staff=True)
    assert [(one.kind, one.reason) for one in waiting_for_person(staff)] == [("Запит", "запитання покупця")]
    assert enquiry.answered(author=staff, note="Привеземо завтра")
    assert not enquiry.answered(author=staff)
    assert waiting_for_person(staff) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": ""}, "Напишіть, що саме шукаєте"),
        ({"name": ""}, "Як до вас звертатися"),
        ({"phone": "12"}, "Перевірте номер"),
        ({"question": "а" * 1001}, "Не більше 1000 знаків"),
        ({"question": "a\x00b"}, ""),
        ({"name": "<b>"}, "Лише літери"),
    ],
)
def test_a_wrong_field_has_its_message_and_what_was_typed_stays(client, change, message):
    page = client.post(reverse("orders:enquiry"), RIGHT | change).content.decode()
    assert message in page
    assert "067 123 45 67" in page or "phone" in change
    assert not Enquiry.objects.exists()


@pytest.mark.django_db
def test_the_search_fills_the_question_in(client):
    page = client.get(reverse("storefront:search"), {"q": "хрупамзик <буркотун>"}).content.decode()
    assert "хрупамзик &lt;буркотун&gt;</textarea>" in page
    assert 'action="/enquiries/"' in page


@pytest.mark.django_db
def test_too_many_questions_of_one_phone_are_refused(client):
    for number in range(5):
        client.post(reverse("orders:enquiry"), RIGHT | {"question": f"Питання {number}"})
    response = client.post(reverse("orders:enquiry"), RIGHT)
    assert (response.status_code, "Забагато запитів" in response.content.decode()) == (429, True)
    assert Enquiry.objects.count() == 5


@pytest.mark.django_db
def test_too_many_questions_of_one_address_are_refused(client, settings):
    settings.HOURLY_LIMITS = {"guest-enquiry": {"address": 1}}
    client.post(reverse("orders:enquiry"), RIGHT)
    response = client.post(reverse("orders:enquiry"), RIGHT | {"phone": "050 111 22 33"})
    page = response.content.decode()
    assert (response.status_code, "Забагато запитів" in page) == (429, True)
    assert "050 111 22 33" in page
    assert Enquiry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_question():
    def press():
        try:
            ask(Question("Помпа", "Олена", "+380671234567"))
        except TooManyEnquiries:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Enquiry.objects.count() == 1


@pytest.mark.django_db
def test_staff_read_answer_and_close_a_question_in_the_admin(client):
    client.post(reverse("orders:enquiry"), RIGHT)
    enquiry = Enquiry.objects.get()
    staff = CustomerFactory(staff=True)
    client.force_login(staff)
    assert "Помпа на ВАЗ 2107" in client.get(reverse("admin:orders_enquiry_changelist")).content.decode()
    page = reverse("admin:orders_enquiry_change", args=[enquiry.pk])
    assert "+380671234567" in client.get(page).content.decode()
    client.post(page, {"answer": "Привеземо завтра"})
    enquiry.refresh_from_db()
    assert (enquiry.answer, enquiry.answered_by, enquiry.needs_person_since) == ("Привеземо завтра", staff, None)
