"""Who waits for a part is told once, with a consent of its own, and can take it back by one press."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import StockWatch
from orders.errors import TooManyWatches
from orders.stock_watching import Wish, tell_returned, watch, withdraw
from shop.catalog.models import Part
from shop.messaging.models import Channel, Message
from shop.messaging.placeholders import unseal
from shop.offers.models import PartShelf
from shop.offers.shelf import refresh_shelf
from shop.privacy.models import Consent
from tests.factories import CustomerFactory, LegalDocumentFactory, PartFactory, own_offer
from tests.orders.test_races import at_once, nobody_listens  # noqa: F401

pytestmark = pytest.mark.django_db

PAGE = "/watches/"
EMAIL = "olena@example.com"


@pytest.fixture
def part():
    LegalDocumentFactory(kind="privacy")
    return PartFactory()


def wish_for(part, *, channel=Channel.EMAIL, receiver=EMAIL):
    return Wish(part, channel, receiver, "uk", "orders:stock_watch")


def come_back(part, price="99.00"):
    shelf, _is_new = PartShelf.objects.get_or_create(
        part=part, defaults={"category_id": part.category_id, "brand_id": part.brand_id}
    )
    PartShelf.objects.filter(pk=shelf.pk).update(price=Decimal(price), lead_days=1)


def consents():
    return list(Consent.objects.order_by("pk").values_list("kind", "is_given", "page"))


def test_a_guest_asks_with_a_mailbox_and_the_consent_is_written_down(client, part):
    assert client.get(f"{PAGE}?part={part.pk}").status_code == 200
    answer = client.post(PAGE, {"part": part.pk, "email": "Olena@example.com"})
    assert answer.status_code == 302
    found = StockWatch.objects.get()
    assert (found.part, found.channel, found.receiver, found.customer) == (part, "email", EMAIL, None)
    assert found.consent.document.kind == "privacy"
    assert consents() == [("back-in-stock", True, "orders:stock_watch")]
    assert EMAIL not in found.consent.subject_id + found.consent.contact_hash
    assert not Message.objects.exists()


@pytest.mark.parametrize("email", ["", "olena", "a" * 250 + "@x.ua"])
def test_what_is_no_mailbox_is_said_beside_the_field(client, part, email):
    answer = client.post(PAGE, {"part": part.pk, "email": email})
    assert answer.status_code == 200
    assert 'id="id_email_error"' in answer.content.decode()
    assert not StockWatch.objects.exists()
    assert not Consent.objects.exists()


@pytest.mark.parametrize("asked", ["", "0", "999999", "x", "²"])
def test_a_part_that_is_not_there_is_not_found(client, part, asked):
    assert client.get(PAGE, {"part": asked}).status_code == 404
    assert client.post(PAGE, {"part": asked, "email": EMAIL}).status_code == 404


def test_a_customer_chooses_the_letter_or_the_proved_phone(client, part):
    customer = CustomerFactory(phone="+380671234567")
    client.force_login(customer)
    assert "SMS на" not in client.get(PAGE, {"part": part.pk}).content.decode()
    assert client.post(PAGE, {"part": part.pk, "channel": "sms"}).status_code == 200
    assert not StockWatch.objects.exists()
    customer.phone_proved_at = timezone.now()
    customer.save()
    client.post(PAGE, {"part": part.pk, "channel": "sms"})
    found = StockWatch.objects.get()
    assert (found.customer, found.channel, found.receiver) == (customer, "sms", "+380671234567")


def test_the_same_wish_twice_is_one(part):
    first = watch(wish_for(part), customer=None)
    assert watch(wish_for(part, receiver="OLENA@example.com"), customer=None) == first
    assert StockWatch.objects.count() == Consent.objects.count() == 1


def test_nobody_fills_a_mailbox_of_somebody_else(part):
    for _each in range(20):
        watch(wish_for(PartFactory()), customer=None)
    with pytest.raises(TooManyWatches):
        watch(wish_for(PartFactory()), customer=None)
    assert StockWatch.objects.count() == Consent.objects.count() == 20


def test_guests_from_one_address_are_limited(client, part):
    for number in range(20):
        client.post(PAGE, {"part": part.pk, "email": f"person{number}@example.com"})
    answer = client.post(PAGE, {"part": part.pk, "email": "one-more@example.com"})
    assert answer.status_code == 429
    assert StockWatch.objects.count() == 20


def test_who_waits_is_told_once_when_somebody_offers_the_part(part):
    found = watch(wish_for(part), customer=None)
    assert tell_returned() == 0
    come_back(part)
    assert tell_returned() == 1
    assert tell_returned() == 0
    message = Message.objects.get()
    assert (message.receiver, message.key, message.queue) == (EMAIL, f"stock-returned:{found.pk}", "orders")
    assert "99\xa0₴" in message.text
    assert "[[part-page]]" in message.text
    found.refresh_from_db()
    assert found.told_at is not None
    assert found.receiver == ""


def test_an_sms_waits_for_the_morning(part, time_machine):
    customer = CustomerFactory(phone="+380671234567", phone_proved_at=timezone.now())
    watch(wish_for(part, channel=Channel.SMS, receiver="+380671234567"), customer=customer)
    come_back(part)
    time_machine.move_to("2026-11-23 23:30:00+02:00", tick=False)
    tell_returned()
    message = Message.objects.get()
    assert timezone.localtime(message.available_at).hour == 9
    assert part.brand.name in message.text


def test_m3_the_link_of_a_letter_ends_it_by_a_bare_post_and_a_get_changes_nothing(part):
    """No sign-in, no cookie, no CSRF token: mail programs press it for people."""
    watch(wish_for(part), customer=None)
    come_back(part)
    tell_returned()
    link = unseal(Message.objects.get().sealed)["stop-link"].removeprefix("http://testserver")
    waiting, other = PartFactory(), PartFactory()
    mine = watch(wish_for(waiting), customer=None)
    others = watch(wish_for(other, receiver="other@example.com"), customer=None)
    bare = Client(enforce_csrf_checks=True)
    assert "Не повідомляти" in bare.get(link).content.decode()
    mine.refresh_from_db()
    assert mine.withdrawn_at is None
    assert bare.post(link).status_code == 200
    assert bare.post(link).status_code == 200
    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.withdrawn_at is not None, others.withdrawn_at) == (True, None)
    assert [given for _kind, given, _page in consents()].count(False) == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_m3_a_wrong_link_is_answered_like_a_right_one(client, part, method):
    watch(wish_for(part), customer=None)
    come_back(part)
    tell_returned()
    link = unseal(Message.objects.get().sealed)["stop-link"].removeprefix("http://testserver")
    waiting = watch(wish_for(PartFactory()), customer=None)
    ask = getattr(client, method)
    wrong = [f"/watches/{waiting.pk}/{'A' * 24}/removal/", f"/watches/999999/{link.split('/')[-3]}/removal/"]
    answers = [ask(each) for each in [*wrong, link]]
    assert len({answer.content.decode().partition("<main")[2].partition("</main>")[0] for answer in answers}) == 1
    waiting.refresh_from_db()
    assert (waiting.withdrawn_at is None) == (method == "get")
    assert {answer.status_code for answer in answers} == {200}


def test_taking_it_back_before_is_written_down_and_nothing_is_sent(part):
    found = watch(wish_for(part), customer=None)
    assert withdraw(found, page="orders:stock_watch_removal")
    assert not withdraw(found, page="orders:stock_watch_removal")
    come_back(part)
    assert tell_returned() == 0
    assert consents() == [
        ("back-in-stock", True, "orders:stock_watch"),
        ("back-in-stock", False, "orders:stock_watch_removal"),
    ]
    found.refresh_from_db()
    assert found.receiver == ""


def test_the_account_shows_what_one_waits_for_and_ends_it(client, part):
    customer = CustomerFactory()
    found = watch(wish_for(part, receiver=customer.email), customer=customer)
    client.force_login(customer)
    assert "Чекаю на деталі" in client.get("/account/").content.decode()
    other = Client()
    other.force_login(CustomerFactory())
    assert other.post(f"/watches/{found.pk}/removal/").status_code == 404
    assert Client().post(f"/watches/{found.pk}/removal/").status_code == 404
    client.post(f"/watches/{found.pk}/removal/")
    assert "Чекаю на деталі" not in client.get("/account/").content.decode()
    assert consents()[-1] == ("back-in-stock", False, "storefront:account")


def test_a_part_without_offers_says_how_to_be_told(client):
    part = PartFactory()
    page = client.get(part.get_absolute_url()).content.decode()
    assert f"/watches/?part={part.pk}" in page
    offered = own_offer().part
    refresh_shelf([offered.pk])
    assert "/watches/" not in client.get(offered.get_absolute_url()).content.decode()


@pytest.mark.parametrize("people", [1, 20])
def test_telling_costs_the_same_for_one_and_for_twenty(part, people, django_assert_num_queries):
    for number in range(people):
        watch(wish_for(part, receiver=f"person{number}@example.com"), customer=None)
    come_back(part)
    with django_assert_num_queries(8):
        assert tell_returned() == people


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_each_once():
    """Without SKIP LOCKED both would take the same rows; without the key both would write."""
    LegalDocumentFactory(kind="privacy")
    part = PartFactory()
    for number in range(30):
        watch(wish_for(part, receiver=f"person{number}@example.com"), customer=None)
    come_back(part)
    assert sum(at_once(tell_returned, tell_returned, tell_returned)) == 30
    assert Message.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_the_same_wish_at_the_same_moment_is_one():
    LegalDocumentFactory(kind="privacy")
    part = Part.objects.get(pk=PartFactory().pk)
    at_once(*[lambda: watch(wish_for(part), customer=None)] * 4)
    assert StockWatch.objects.count() == 1
