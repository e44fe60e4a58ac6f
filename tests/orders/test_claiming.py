"""A guest's order becomes a customer's by proving its mailbox or its phone; older guests' orders join."""

from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import Customer
from orders.claiming import claim, join_orders
from orders.errors import AlreadyClaimed, MailboxTaken
from orders.models import Order, OrderEvent
from tests.accounts.conftest import code_to, later, sent, texts
from tests.factories import CustomerFactory, own_offer
from tests.orders.buying import placed
from tests.orders.test_races import at_once, nobody_listens  # noqa: F401

pytestmark = pytest.mark.django_db

EMAIL, PHONE = "olena@example.com", "+380671234567"


def guest_order(**changes):
    return placed(own_offer(price=Decimal("150.00")), **{"email": "Olena@example.com", "phone": PHONE} | changes)


def registered(email=EMAIL, *, phone="", proved=True):
    customer = CustomerFactory(email=email, phone=phone, phone_proved_at=timezone.now() if phone and proved else None)
    EmailAddress.objects.create(user=customer, email=email, verified=proved, primary=True)
    return customer


def page_of(order):
    return f"/orders/{order.number}/{order.secret}/account/"


def events(order):
    return list(order.events.filter(kind=OrderEvent.Kind.CLAIMED).values_list("note", flat=True))


@pytest.mark.parametrize(("channel", "receiver"), [("email", "Olena@example.com"), ("phone", PHONE)])
def test_one_code_makes_an_account_of_a_guest_s_order(client, channel, receiver):
    order = guest_order(surname="Шевченко", given_name="Олена", patronymic="Іванівна")
    assert client.post(page_of(order), {"channel": channel}).url == page_of(order)
    assert "Введіть код" in client.get(page_of(order)).content.decode()
    answer = client.post(page_of(order), {"code": code_to(receiver)})
    assert (answer.status_code, answer.url) == (302, "/account/")
    customer = Customer.objects.get()
    assert (customer.email, str(customer.phone), customer.get_full_name()) == (EMAIL, PHONE, "Шевченко Олена Іванівна")
    assert (customer.proved_email(), customer.proved_phone) == ((EMAIL, "") if channel == "email" else ("", PHONE))
    assert not customer.has_usable_password()
    order.refresh_from_db()
    assert order.customer == customer
    assert events(order) == ["додано до облікового запису"]
    page = client.get("/account/").content.decode()
    assert order.number in page


def test_older_orders_under_the_proved_contact_join_and_others_do_not(client):
    order = guest_order()
    same_mailbox = guest_order(email="OLENA@example.com", phone="+380501111111")
    same_phone = guest_order(email="other@example.com")
    client.post(page_of(order), {"channel": "email"})
    client.post(page_of(order), {"code": code_to("Olena@example.com")})
    customer = Customer.objects.get()
    assert set(customer.orders.all()) == {order, same_mailbox}
    same_phone.refresh_from_db()
    assert same_phone.customer is None
    assert [events(each) for each in (order, same_mailbox, same_phone)] == [["додано до облікового запису"]] * 2 + [[]]


def test_an_account_that_is_there_gets_the_order_and_keeps_its_name(client):
    customer = registered()
    order = guest_order(surname="Інша")
    client.post(page_of(order), {"channel": "email"})
    client.post(page_of(order), {"code": code_to("Olena@example.com")})
    order.refresh_from_db()
    assert order.customer == customer
    assert Customer.objects.get().surname == "Шевченко"
    assert client.session["_auth_user_id"] == str(customer.pk)


def test_a_phone_leads_to_the_account_that_has_proved_it(client):
    customer = registered("own@example.com", phone=PHONE)
    order = guest_order()
    client.post(page_of(order), {"channel": "phone"})
    client.post(page_of(order), {"code": code_to(PHONE)})
    assert list(customer.orders.all()) == [order]
    assert not Customer.objects.exclude(pk=customer.pk).exists()


def test_a_phone_does_not_open_an_account_of_the_order_s_mailbox(client):
    """Whoever typed Olena's address into the order and holds only the phone stays outside of her account."""
    customer = registered()
    order = guest_order(phone="+380509999999")
    client.post(page_of(order), {"channel": "phone"})
    answer = client.post(page_of(order), {"code": code_to("+380509999999")}, follow=True)
    assert "Підтвердьте пошту" in answer.content.decode()
    assert not customer.orders.exists()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("way", ["claim", "code"])
def test_whoever_claimed_by_phone_is_out_when_the_mailbox_s_owner_comes(way):
    """A stranger orders with Olena's address and his own phone, and waits in the account for her orders to join."""
    stranger, olena = Client(), Client()
    bait = guest_order(phone="+380509999999")
    stranger.post(page_of(bait), {"channel": "phone"})
    stranger.post(page_of(bait), {"code": code_to("+380509999999")})
    assert stranger.get("/account/").status_code == 200
    hers = guest_order()
    later()
    if way == "claim":
        olena.post(page_of(hers), {"channel": "email"})
        olena.post(page_of(hers), {"code": code_to("Olena@example.com")})
    else:
        olena.post("/account/login/code/", {"contact": EMAIL})
        olena.post("/account/login/code/confirm/", {"code": code_to(EMAIL), "action": "verify"})
    assert hers.number in olena.get("/account/").content.decode()
    assert stranger.get("/account/").status_code == 302
    stranger.post("/account/login/code/", {"contact": "+380509999999"})
    customer = Customer.objects.get()
    assert (customer.proved_email(), customer.proved_phone) == (EMAIL, "")


def test_whoever_holds_both_keeps_both(client):
    order = guest_order()
    client.post(page_of(order), {"channel": "phone"})
    client.post(page_of(order), {"code": code_to(PHONE)})
    client.post("/account/logout/")
    later()
    client.post("/account/login/code/", {"contact": PHONE})
    client.post("/account/login/code/confirm/", {"code": code_to(PHONE), "action": "verify"})
    client.post("/account/email/confirm/", {"code": code_to(EMAIL), "action": "verify"})
    customer = Customer.objects.get()
    assert (customer.proved_email(), customer.proved_phone) == (EMAIL, PHONE)
    assert client.get("/account/").status_code == 200


def test_what_a_stranger_began_to_register_is_forgotten(client):
    stranger = CustomerFactory(email=EMAIL, phone="+380501111111", surname="Чужий")
    EmailAddress.objects.create(user=stranger, email=EMAIL, verified=False, primary=True)
    order = guest_order(surname="Шевченко")
    claim(order, by_phone=False)
    customer = Customer.objects.get()
    assert (customer.surname, str(customer.phone), customer.has_usable_password()) == ("Шевченко", PHONE, False)


def test_staff_get_their_order_but_no_way_to_the_desk(client):
    customer = registered()
    Customer.objects.update(is_staff=True)
    order = guest_order()
    client.post(page_of(order), {"channel": "email"})
    answer = client.post(page_of(order), {"code": code_to("Olena@example.com")})
    assert answer.url == order.get_absolute_url()
    assert list(customer.orders.all()) == [order]
    assert "_auth_user_id" not in client.session


def test_wrong_codes_claim_nothing_and_after_three_another_is_needed(client):
    order = guest_order()
    client.post(page_of(order), {"channel": "email"})
    right = code_to("Olena@example.com")
    for _wrong in range(3):
        assert "Код не той" in client.post(page_of(order), {"code": "000000"}).content.decode()
    assert "більше не діє" in client.post(page_of(order), {"code": right}).content.decode()
    assert not Customer.objects.exists()
    assert "Вкажіть" not in client.post(page_of(order), {"code": ""}).content.decode()


def test_a_code_is_for_its_own_order_and_for_ten_minutes(client, time_machine):
    time_machine.move_to("2026-11-23 12:00:00+02:00", tick=False)
    order, other = guest_order(), guest_order(email="other@example.com", phone="+380501111111")
    client.post(page_of(order), {"channel": "email"})
    code = code_to("Olena@example.com")
    assert "більше не діє" in client.post(page_of(other), {"code": code}).content.decode()
    client.post(page_of(order), {"channel": "email"})
    code = code_to("Olena@example.com")
    time_machine.move_to("2026-11-23 12:10:01+02:00", tick=False)
    assert "більше не діє" in client.post(page_of(order), {"code": code}).content.decode()
    assert Order.objects.filter(customer__isnull=False).count() == 0


def test_codes_for_orders_are_limited_like_all_codes(client):
    order = guest_order()
    answers = [client.post(page_of(order), {"channel": "phone"}).status_code for _each in range(5)]
    assert answers == [302] * 4 + [429]
    assert texts() == 1 + 4  # the first one told of the order


def test_an_order_with_an_owner_is_claimed_by_nobody(client):
    order = guest_order()
    Order.objects.update(customer=registered("own@example.com"))
    answer = client.post(page_of(order), {"channel": "email"})
    assert answer.url == order.get_absolute_url()
    assert sent("Olena@example.com") == [] or "code" not in sent("Olena@example.com")[-1].queue
    with pytest.raises(AlreadyClaimed):
        claim(order, by_phone=False)
    assert "Це замовлення є в кабінеті" in client.get(order.get_absolute_url()).content.decode()


def test_the_order_page_offers_it_to_guests_alone(client):
    order = guest_order()
    page = client.get(order.get_absolute_url()).content.decode()
    assert "Усі замовлення в одному місці" in page
    assert "Код листом на O•••@example.com" in page
    client.force_login(registered("own@example.com"))
    assert "Усі замовлення в одному місці" not in client.get(order.get_absolute_url()).content.decode()


def test_proving_a_contact_at_registration_brings_the_guest_s_orders(client):
    from tests.accounts.conftest import PERSON, register

    by_mail, by_phone = guest_order(phone="+380501111111"), guest_order(email="other@example.com")
    register(client, PERSON)
    assert set(Customer.objects.get().orders.all()) == {by_mail, by_phone}


def test_what_was_ordered_without_signing_in_joins_at_the_next_sign_in(client):
    customer = registered()
    order = guest_order()
    client.force_login(customer)
    assert list(customer.orders.all()) == [order]
    client.force_login(customer)
    assert len(events(order)) == 1


def test_a_mailbox_that_was_never_proved_brings_nothing(client):
    customer = registered(proved=False)
    guest_order()
    client.force_login(customer)
    assert not customer.orders.exists()


def test_a_phone_brings_orders_of_one_year_because_numbers_change_hands():
    customer = registered("own@example.com", phone=PHONE)
    fresh, old = guest_order(), guest_order()
    Order.objects.filter(pk=old.pk).update(placed_at=timezone.now() - timedelta(days=366))
    assert join_orders(customer, email="", phone=PHONE) == 1
    assert list(customer.orders.all()) == [fresh]


@pytest.mark.parametrize("orders", [1, 20])
def test_signing_in_costs_the_same_for_one_guest_s_order_and_twenty(orders, django_assert_num_queries):
    customer = registered()
    for _each in range(orders):
        guest_order()
    with django_assert_num_queries(7):
        assert join_orders(customer, email=EMAIL, phone="") == orders


@pytest.mark.django_db(transaction=True)
def test_two_browsers_claiming_at_once_make_one_account_and_one_event():
    """Without the lock on the order both would find it unclaimed."""
    order = guest_order()

    def attempt():
        try:
            return claim(order, by_phone=False).pk
        except AlreadyClaimed:
            return "claimed"

    outcomes = at_once(*[attempt] * 4)
    assert sorted(map(str, outcomes)) == [str(Customer.objects.get().pk), *["claimed"] * 3]
    assert len(events(order)) == 1


@pytest.mark.django_db(transaction=True)
def test_mailbox_and_phone_proved_at_once_give_the_order_to_one():
    order = guest_order()

    def attempt(*, by_phone):
        try:
            return claim(order, by_phone=by_phone)
        except (AlreadyClaimed, MailboxTaken) as refusal:
            return type(refusal)

    at_once(lambda: attempt(by_phone=True), lambda: attempt(by_phone=False))
    assert Customer.objects.count() == 1
    assert len(events(order)) == 1


@pytest.mark.django_db(transaction=True)
def test_claims_of_orders_that_share_contacts_end_without_a_deadlock():
    orders = [guest_order() for _each in range(6)]
    claims = [lambda order=order, number=number: _quiet(order, number) for number, order in enumerate(orders)]
    outcomes = at_once(*claims)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert Order.objects.filter(customer__isnull=True).count() == 0
    assert OrderEvent.objects.filter(kind=OrderEvent.Kind.CLAIMED).count() == 6


def _quiet(order, number):
    try:
        return claim(order, by_phone=bool(number % 2)).pk
    except (AlreadyClaimed, MailboxTaken):
        return None


def test_a_claim_sees_no_other_session(client):
    order = guest_order()
    client.post(page_of(order), {"channel": "email"})
    code = code_to("Olena@example.com")
    later()
    assert "більше не діє" in Client().post(page_of(order), {"code": code}).content.decode()
    assert not Customer.objects.exists()
