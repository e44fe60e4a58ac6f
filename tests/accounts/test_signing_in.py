"""Signing in by mailbox or phone, with a password or a code; what answers never tell; what is limited."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Customer, GuessedCode, SentCode
from shop.messaging.models import Message
from tests.accounts.conftest import PASSWORD, code_to, later, sent, texts
from tests.factories import CustomerFactory
from tests.orders.test_races import at_once, nobody_listens  # noqa: F401

pytestmark = pytest.mark.django_db

LOGIN, CODE, CONFIRM = "/account/login/", "/account/login/code/", "/account/login/code/confirm/"
EMAIL, PHONE = "olena@example.com", "+380671234567"


def make_olena(**changes):
    customer = CustomerFactory(email=EMAIL, phone=PHONE, phone_proved_at=timezone.now(), **changes)
    customer.set_password(PASSWORD)
    customer.save()
    EmailAddress.objects.create(user=customer, email=EMAIL, verified=True, primary=True)
    return customer


@pytest.fixture
def olena():
    return make_olena()


def who(client):
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("login", ["olena@example.com", "Olena@Example.com", "067 123-45-67", "+380671234567"])
def test_one_signs_in_by_mailbox_or_phone_in_any_spelling(client, olena, login):
    answer = client.post(LOGIN, {"login": login, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/account/")
    assert who(client) == str(olena.pk)


def test_a_phone_that_nobody_has_proved_opens_nothing(client, olena):
    Customer.objects.update(phone_proved_at=None)
    assert client.post(LOGIN, {"login": PHONE, "password": PASSWORD}).status_code == 200
    client.post(CODE, {"contact": PHONE})
    assert texts() == 0
    assert who(client) is None


@pytest.mark.parametrize("receiver", [EMAIL, PHONE])
def test_a_code_signs_in_without_a_password(client, olena, receiver):
    answer = client.post(CODE, {"contact": receiver})
    assert (answer.status_code, answer.url) == (302, CONFIRM)
    answer = client.post(CONFIRM, {"code": code_to(receiver), "action": "verify"})
    assert (answer.status_code, answer.url) == (302, "/account/")
    assert who(client) == str(olena.pk)


def test_a_code_with_blanks_is_the_same_code(client, olena):
    client.post(CODE, {"contact": EMAIL})
    code = code_to(EMAIL)
    client.post(CONFIRM, {"code": f" {code[:3]} {code[3:]} ", "action": "verify"})
    assert who(client) == str(olena.pk)


def test_a_code_lives_ten_minutes(client, olena, time_machine):
    time_machine.move_to("2026-11-23 12:00:00+02:00", tick=False)
    client.post(CODE, {"contact": EMAIL})
    time_machine.move_to("2026-11-23 12:10:01+02:00", tick=False)
    answer = client.post(CONFIRM, {"code": code_to(EMAIL), "action": "verify"})
    assert (answer.status_code, answer.url) == (302, CODE)
    assert who(client) is None


def test_one_asks_for_another_code_twice(client, olena):
    client.post(CODE, {"contact": EMAIL})
    first = code_to(EMAIL)
    client.post(CONFIRM, {"action": "resend"})
    assert len(sent(EMAIL)) == 2
    client.post(CONFIRM, {"code": first, "action": "verify"})
    assert who(client) is None
    client.post(CONFIRM, {"code": code_to(EMAIL), "action": "verify"})
    assert who(client) == str(olena.pk)


def test_whoever_was_led_to_signing_in_comes_back(client, olena):
    assert client.get("/account/").url == "/account/login/?next=/account/"
    answer = client.post(LOGIN, {"login": EMAIL, "password": PASSWORD, "next": "/garage/"})
    assert answer.url == "/garage/"
    client.post("/account/logout/")
    client.post(f"{CODE}?next=/garage/", {"contact": EMAIL})
    assert client.post(f"{CONFIRM}?next=/garage/", {"code": code_to(EMAIL), "action": "verify"}).url == "/garage/"


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_signing_in_leads_to_no_other_site(client, olena, there):
    answer = client.post(LOGIN, {"login": EMAIL, "password": PASSWORD, "next": there})
    assert answer.url == "/account/"


def test_signing_in_gives_the_session_another_key(client, olena):
    client.post(CODE, {"contact": EMAIL})
    before = client.session.session_key
    client.post(CONFIRM, {"code": code_to(EMAIL), "action": "verify"})
    assert client.session.session_key != before


def test_signing_out_leaves_nothing_and_asks_first(client, olena):
    client.force_login(olena)
    assert client.get("/account/logout/").status_code == 200
    assert who(client) == str(olena.pk)
    answer = client.post("/account/logout/")
    assert (answer.status_code, answer.url) == (302, "/")
    assert who(client) is None
    assert client.get("/account/").status_code == 302


def test_a_closed_account_stays_closed(client):
    make_olena(is_active=False)
    assert client.post(LOGIN, {"login": EMAIL, "password": PASSWORD}).url == "/account/closed/"
    client.post(CODE, {"contact": EMAIL})
    assert sent(EMAIL)[-1].sealed == ""
    assert who(client) is None


def test_a_phone_alone_never_opens_the_desk(client):
    make_olena(is_staff=True)
    client.post(CODE, {"contact": PHONE})
    assert texts() == 0
    assert Client().post(LOGIN, {"login": PHONE, "password": PASSWORD}).status_code == 200


# What answers tell.


def shape(answer):
    """All that an answer could tell, without the name that was typed."""
    page = answer.content.decode()
    return answer.status_code, answer.get("Location"), len(page) // 400


@pytest.mark.parametrize(("known", "unknown"), [(EMAIL, "nobody@example.com"), (PHONE, "+380509999999")])
def test_no_page_tells_whether_an_account_exists(olena, known, unknown):
    answers = {}
    for contact in (known, unknown):
        browser = Client()
        pages = [
            browser.post(LOGIN, {"login": contact, "password": "не той пароль"}),
            browser.post(CODE, {"contact": contact}),
            browser.get(CONFIRM),
            browser.post(CONFIRM, {"code": "000000", "action": "verify"}),
            browser.post(CONFIRM, {"action": "resend"}),
        ]
        later()
        if "@" in contact:
            pages += [
                browser.post("/account/password/", {"email": contact}),
                browser.get("/account/password/confirm/"),
                browser.post("/account/password/confirm/", {"code": "000000"}),
            ]
        answers[contact] = [shape(page) for page in pages]
    assert answers[known] == answers[unknown]


def test_a_stranger_costs_no_sms_and_yet_is_counted_like_a_customer(olena):
    outcomes = {}
    for phone in (PHONE, "+380509999999"):
        statuses = []
        for _each in range(5):
            statuses.append(Client().post(CODE, {"contact": phone}).status_code)
            later()
        outcomes[phone] = statuses
    assert outcomes[PHONE] == outcomes["+380509999999"] == [302, 302, 302, 302, 429]
    assert texts() == 4


# What is limited.


def test_the_fourth_guess_is_refused_even_when_it_is_right(client, olena):
    client.post(CODE, {"contact": EMAIL})
    code = code_to(EMAIL)
    for _wrong in range(2):
        assert client.post(CONFIRM, {"code": "000000", "action": "verify"}).status_code == 200
    answer = client.post(CONFIRM, {"code": "000000", "action": "verify"})
    assert (answer.status_code, answer.url) == (302, CODE)
    client.post(CONFIRM, {"code": code, "action": "verify"})
    assert who(client) is None


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_count_each(client):
    """allauth counts in the session, which ten requests at once all read before any of them writes."""
    make_olena()
    client.post(CODE, {"contact": EMAIL})
    key = client.session.session_key
    right = code_to(EMAIL)

    def guess(code):
        browser = Client()
        browser.cookies["sessionid"] = key
        page = browser.post(CONFIRM, {"code": code, "action": "verify"})
        return page.content.decode() if page.status_code == 200 else page.url

    at_once(*[lambda number=number: guess(f"{number:06d}") for number in range(8)])
    assert GuessedCode.objects.get().guesses == 8
    assert guess(right) != "/account/"


def test_codes_are_limited_by_receiver_by_day_by_browser_s_address_and_in_all(olena, time_machine):
    def ask(contact):
        later()
        return Client().post(CODE, {"contact": contact}).status_code

    time_machine.move_to("2026-11-23 12:00:00+02:00", tick=False)
    assert [ask(PHONE) for _each in range(5)] == [302] * 4 + [429]
    time_machine.move_to("2026-11-23 13:00:01+02:00", tick=False)
    assert [ask(PHONE) for _each in range(5)] == [302] * 4 + [429]
    time_machine.move_to("2026-11-23 14:00:02+02:00", tick=False)
    assert ask(PHONE) == 429
    time_machine.move_to("2026-11-24 12:00:01+02:00", tick=False)
    assert ask(PHONE) == 302
    assert [ask(f"+38050{number:07d}") for number in range(12)] == [302] * 11 + [429]
    limits = {"receiver_hour": 99, "receiver_day": 99, "client_hour": 99, "all_hour": 13}
    with override_settings(CODE_LIMITS={"sms": limits, "email": limits}):
        assert [ask(PHONE), ask(PHONE)] == [302, 429]


def test_the_limits_of_codes_hold_without_the_cache(olena, monkeypatch):
    from django.core.cache import cache
    from redis.exceptions import ConnectionError as Gone

    def gone(*_args, **_kwargs):
        raise Gone

    monkeypatch.setattr(type(cache._cache), "add", gone)
    monkeypatch.setattr(type(cache._cache), "get", gone)
    answers = [Client().post(CODE, {"contact": PHONE}).status_code for _each in range(5)]
    assert answers == [302] * 4 + [429]
    assert Client().post(LOGIN, {"login": EMAIL, "password": PASSWORD}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_askings_at_the_same_moment_count_each():
    """Without the lock all of them would find the limit untouched."""
    make_olena()
    limits = {"receiver_hour": 2, "receiver_day": 2, "client_hour": 9, "all_hour": 9}

    def ask(_number):
        from accounts import codes
        from accounts.errors import CodesTooOften

        try:
            codes.count_sending(PHONE, client="1.2.3.4", is_sms=True)
        except CodesTooOften:
            return 429
        return 302

    with override_settings(CODE_LIMITS={"sms": limits, "email": limits}):
        outcomes = at_once(*[lambda number=number: ask(number) for number in range(6)])
    assert sorted(outcomes) == [302, 302, 429, 429, 429, 429]
    assert SentCode.objects.count() == 2


def test_passwords_are_not_guessed_for_ever_and_one_phone_does_not_shut_out_another(client, olena):
    for _wrong in range(5):
        client.post(LOGIN, {"login": PHONE, "password": "не той"})
    answer = client.post(LOGIN, {"login": PHONE, "password": PASSWORD})
    assert "Забагато невдалих спроб" in answer.content.decode()
    other = make_other()
    assert client.post(LOGIN, {"login": "+380501234567", "password": PASSWORD}).status_code == 302
    assert who(client) == str(other.pk)


def make_other():
    other = CustomerFactory(email="other@example.com", phone="+380501234567", phone_proved_at=timezone.now())
    other.set_password(PASSWORD)
    other.save()
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    return other


# The password.


def test_a_new_password_after_a_code_and_the_old_one_is_gone(client, olena):
    phone = Client()
    phone.force_login(olena)
    client.post("/account/password/", {"email": "Olena@example.com"})
    answer = client.post("/account/password/confirm/", {"code": code_to(EMAIL)})
    assert answer.url == "/account/password/new/"
    assert client.post(answer.url, {"password1": "123"}).status_code == 200
    client.post("/account/password/new/", {"password1": "нова довга гайка"})
    assert Client().post(LOGIN, {"login": EMAIL, "password": PASSWORD}).status_code == 200
    assert Client().post(LOGIN, {"login": EMAIL, "password": "нова довга гайка"}).status_code == 302
    assert phone.get("/account/").status_code == 302


def test_messages_of_signing_in_go_to_their_own_queue_and_name_nobody(client, olena):
    client.post(CODE, {"contact": PHONE})
    client.post("/account/password/", {"email": EMAIL})
    for message in Message.objects.all():
        assert message.queue == "codes"
        assert PHONE not in message.key
        assert EMAIL not in message.key + message.subject_id + message.subject


@pytest.mark.parametrize("orders", [1, 20])
def test_the_account_asks_the_same_few_questions_however_many_orders(client, olena, orders, django_assert_num_queries):
    from tests.factories import own_offer
    from tests.orders.buying import placed

    for _each in range(orders):
        order = placed(own_offer())
        type(order).objects.filter(pk=order.pk).update(customer=olena)
    client.force_login(olena)
    client.get("/account/")
    with django_assert_num_queries(9):
        page = client.get("/account/").content.decode()
    assert page.count('class="card account__order"') == orders


def test_the_name_is_changed_and_orders_keep_theirs(client, olena):
    client.force_login(olena)
    assert client.post("/account/names/", {"surname": "", "given_name": "Олена"}).status_code == 200
    answer = client.post(
        "/account/names/", {"surname": "Нова", "given_name": "Олена", "patronymic": "", "email": "x@x.ua"}
    )
    assert answer.url == "/account/"
    olena.refresh_from_db()
    assert (olena.surname, olena.email) == ("Нова", EMAIL)


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("path", ["login/", "signup/", "login/code/", "password/"])
def test_every_way_in_opens_in_both_languages(client, language, path):
    page = client.get(f"{language}/account/{path}")
    assert page.status_code == 200
    assert page["Cache-Control"].startswith("max-age=0") or "no-cache" in page["Cache-Control"]
