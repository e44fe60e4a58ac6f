"""Registering: names, phone, mailbox and password; the mailbox is proved by a code, then the phone."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Customer
from shop.messaging.models import Message
from tests.accounts.conftest import PASSWORD, code_to, later, register, sent, texts
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db

SIGNUP, MAILBOX, PHONE = "/account/signup/", "/account/email/confirm/", "/account/phone/confirm/"


def test_whoever_proves_mailbox_and_phone_is_signed_in(client, person):
    answer = client.post(SIGNUP, person)
    assert (answer.status_code, answer.url) == (302, MAILBOX)
    assert texts() == 0
    answer = client.post(MAILBOX, {"code": code_to("olena@example.com"), "action": "verify"})
    assert (answer.status_code, answer.url) == (302, PHONE)
    answer = client.post(PHONE, {"code": code_to("+380671234567"), "action": "verify"})
    assert (answer.status_code, answer.url) == (302, "/account/")
    customer = Customer.objects.get()
    assert (customer.surname, customer.given_name, customer.patronymic) == ("Шевченко", "Олена", "")
    assert (customer.email, str(customer.phone), customer.language) == ("olena@example.com", "+380671234567", "uk")
    assert (customer.proved_email(), customer.proved_phone) == ("olena@example.com", "+380671234567")
    page = client.get("/account/").content.decode()
    assert "Вітаємо, Олена!" in page
    assert "067 123 45 67" in page


def test_the_message_row_never_shows_the_code(client, person):
    client.post(SIGNUP, person)
    message = Message.objects.get()
    code = code_to("olena@example.com")
    assert (message.queue, len(code), code.isdecimal()) == ("codes", 6, True)
    assert "[[code]]" in message.text
    assert "[[code]]" in message.html
    assert code not in message.text + message.html + message.subject
    assert "olena" not in message.key + message.subject_id


def test_the_mailbox_is_proved_before_an_sms_is_paid_for(client, person):
    client.post(SIGNUP, person)
    for _again in range(3):
        client.post(MAILBOX, {"code": "000000", "action": "verify"})
    assert texts() == 0


def test_a_phone_may_be_proved_later(client, person):
    client.post(SIGNUP, person)
    client.post(MAILBOX, {"code": code_to("olena@example.com"), "action": "verify"})
    phone = Client()
    answer = phone.post("/account/login/", {"login": "olena@example.com", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/account/")
    assert "не підтверджено" in phone.get("/account/").content.decode()
    later()
    assert phone.post("/account/phone/", {"action": "verify"}).url == PHONE
    phone.post(PHONE, {"code": code_to("+380671234567"), "action": "verify"})
    assert Customer.objects.get().proved_phone == "+380671234567"


def test_a_phone_with_a_slip_is_typed_again(client, person):
    client.post(SIGNUP, person | {"phone": "067 000 00 00"})
    client.post(MAILBOX, {"code": code_to("olena@example.com"), "action": "verify"})
    answer = client.post(PHONE, {"phone": "0671234567", "action": "change"})
    assert answer.url == PHONE
    answer = client.post(PHONE, {"code": code_to("+380671234567"), "action": "verify"})
    assert answer.url == "/account/"
    assert Customer.objects.get().proved_phone == "+380671234567"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("surname", "", "Вкажіть прізвище."),
        ("given_name", "Олена5", "Лише літери, дефіс та апостроф."),
        ("phone", "12", "Не схоже на номер телефону."),
        ("phone", "", "Вкажіть телефон."),
        ("email", "olena", "Не схоже на адресу пошти."),
        ("password1", "12345", "8"),
        ("password1", "password1", "поширений"),
        ("password1", "", "Введіть пароль."),
        ("password1", "я" * 129, "Не більше 128 знаків."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(client, person, field, value, words):
    answer = client.post(SIGNUP, person | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert f'id="id_{field}_error"' in page
    if field != "surname":
        assert "Шевченко" in page
    assert not Customer.objects.exists()
    assert not Message.objects.exists()


def test_two_people_who_share_a_name_and_a_city_register_side_by_side(person):
    first, second = Client(), Client()
    register(first, person)
    other = person | {"email": "olena.sh@example.com", "phone": "050 123 45 67"}
    second.post(SIGNUP, other)
    second.post(MAILBOX, {"code": code_to("olena.sh@example.com"), "action": "verify"})
    answer = second.post(PHONE, {"code": code_to("+380501234567"), "action": "verify"})
    assert answer.url == "/account/"
    assert Customer.objects.filter(surname="Шевченко", given_name="Олена").count() == 2


def test_a_taken_mailbox_looks_the_same_and_its_owner_hears_of_it(client, person):
    register(Client(), person)
    before = Customer.objects.get()
    answer = client.post(SIGNUP, person | {"phone": "0501234567", "surname": "Інша"})
    assert (answer.status_code, answer.url) == (302, MAILBOX)
    assert client.get(MAILBOX).status_code == 200
    letter = sent("olena@example.com")[-1]
    assert letter.subject == "У вас уже є кабінет"
    assert letter.sealed == ""
    client.post(MAILBOX, {"code": "", "action": "verify"})
    assert client.post(MAILBOX, {"code": "000000", "action": "verify"}).status_code == 200
    assert Customer.objects.get().surname == before.surname


def test_a_phone_that_somebody_has_proved_shows_only_to_who_holds_it(person):
    register(Client(), person)
    other = Client()
    answer = other.post(SIGNUP, person | {"email": "other@example.com"})
    assert answer.url == MAILBOX
    other.post(MAILBOX, {"code": code_to("other@example.com"), "action": "verify"})
    answer = other.post(PHONE, {"code": code_to("+380671234567"), "action": "verify"})
    assert answer.status_code == 200
    assert "Цей номер уже належить іншому обліковому запису" in answer.content.decode()
    assert Customer.objects.get(email="other@example.com").proved_phone == ""
    assert Customer.objects.get(email="olena@example.com").proved_phone == "+380671234567"


def test_an_unfinished_registration_holds_the_mailbox_for_nobody(person):
    """A stranger types Olena's address with a password of his own; when she registers, nothing of his is left."""
    stranger, olena = Client(), Client()
    stranger.post(SIGNUP, person | {"surname": "Чужий", "phone": "0501111111", "password1": "чужий пароль 7"})
    register(olena, person)
    customer = Customer.objects.get()
    assert (customer.surname, customer.proved_phone) == ("Шевченко", "+380671234567")
    answer = Client().post("/account/login/", {"login": "olena@example.com", "password": "чужий пароль 7"})
    assert answer.status_code == 200
    stranger.post(MAILBOX, {"code": code_to("olena@example.com"), "action": "verify"})
    assert "_auth_user_id" not in stranger.session


@pytest.mark.parametrize("way", ["/account/login/code/", "/account/password/"])
def test_a_code_never_opens_what_a_stranger_began_to_register(client, person, way):
    """Else the stranger, who knows the password, would sit in the account that Olena has just proved."""
    Client().post(SIGNUP, person)
    client.post(way, {"contact": "olena@example.com", "email": "olena@example.com"})
    letter = sent("olena@example.com")[-1]
    assert letter.subject == "З цією адресою ще немає кабінету"
    assert letter.sealed == ""


def test_the_same_mailbox_from_two_places_at_once_is_registered_once(client, person, monkeypatch):
    """Both looked before either wrote: the constraint decides, and the second is answered as for a taken one."""
    CustomerFactory(email="olena@example.com")
    monkeypatch.setattr("accounts.forms.email_already_exists", lambda email: (email, False))
    answer = client.post(SIGNUP, person)
    assert (answer.status_code, answer.url) == (302, MAILBOX)
    assert Customer.objects.count() == 1
    assert sent("olena@example.com")[-1].subject == "У вас уже є кабінет"


def test_the_database_keeps_mailboxes_in_lower_case_and_proved_phones_once(person):
    customer = CustomerFactory(email="olena@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(email="Olena@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerFactory(email="olena@example.com")
    with pytest.raises(ValidationError):
        CustomerFactory.build(email="olena@example.com").full_clean()


def test_registrations_that_were_never_finished_are_forgotten(client, person, time_machine):
    from accounts.tasks import forget_old_codes

    time_machine.move_to("2026-11-20 12:00:00+02:00", tick=False)
    client.post(SIGNUP, person)
    forget_old_codes()
    assert Customer.objects.count() == 1
    time_machine.move_to("2026-11-23 12:00:00+02:00", tick=False)
    forget_old_codes()
    assert Customer.objects.count() == 0


def test_somebody_signed_in_is_led_to_the_account(client, person):
    register(client, person)
    assert client.get(SIGNUP).url == "/account/"
    assert client.get("/account/login/").url == "/account/"
