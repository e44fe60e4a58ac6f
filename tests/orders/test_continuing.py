"""A guest's basket on another device, by a link that only the person gets."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from orders.models import Basket
from orders.placement import place_order
from shop.messaging.models import Channel, Message
from shop.messaging.placeholders import unseal
from tests.factories import BasketLineFactory, CustomerFactory
from tests.orders.conftest import checkout_of

PAGE = "/basket/link/"


def link():
    return unseal(Message.objects.latest("pk").sealed)["basket-link"].removeprefix("http://testserver")


def ask(client, contact="067 123 45 67", prefix=""):
    return client.post(f"{prefix}{PAGE}", {"contact": contact})


@pytest.mark.parametrize(
    ("contact", "channel", "receiver"),
    [
        ("067 123 45 67", Channel.SMS, "+380671234567"),
        (" Olena@Example.com ", Channel.EMAIL, "Olena@Example.com"),
    ],
)
def test_the_link_goes_to_the_person_and_stands_nowhere_else(client, own_basket, contact, channel, receiver):
    assert ask(client, contact).url == "/basket/"
    message = Message.objects.get()
    assert (message.channel, message.receiver, message.subject_kind) == (channel, receiver, "basket")
    secret = link().rstrip("/").rsplit("/", 1)[1]
    assert secret not in message.text + message.html + message.subject + message.key
    assert "067" not in message.key
    assert "olena" not in message.key.casefold()


def test_the_message_speaks_the_page_s_language(client, own_basket):
    ask(client, prefix="/en")
    assert (Message.objects.get().language, link()[:4]) == ("en", "/en/")


def test_the_basket_moves_only_after_the_button(client, own_basket):
    ask(client)
    phone = Client()
    page = phone.get(link()).content.decode()
    assert own_basket.lines.get().part.article_number in page
    assert "basket" not in phone.session
    assert phone.post(link()).url == "/basket/"
    assert phone.session["basket"] == own_basket.pk
    assert phone.session["basket_count"] == 2
    assert own_basket.lines.get().part.article_number in client.get("/basket/").content.decode()


def test_what_lay_here_joins_it(client, own_basket):
    ask(client)
    here = BasketLineFactory().basket
    phone = Client()
    session = phone.session
    session["basket"] = here.pk
    session.save()
    phone.get("/")
    phone.post(link())
    phone.post(link())
    assert Basket.objects.get() == own_basket
    assert own_basket.lines.count() == 2


def test_opened_by_somebody_signed_in_it_joins_the_account_s(client, own_basket):
    ask(client)
    customer = CustomerFactory()
    phone = Client()
    phone.force_login(customer)
    phone.post(link())
    own_basket.refresh_from_db()
    assert own_basket.customer == customer
    assert Client().get(link()).status_code == 404


def test_the_link_ends_with_its_days_and_with_the_order(client, own_basket):
    ask(client)
    address = link()
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert Client().get(address).status_code == 404
    place_order(own_basket, checkout_of(own_basket), shown_total=300)
    assert Client().get(address).status_code == 404


def test_a_link_that_was_changed_is_not_found(client, own_basket):
    ask(client)
    pk, ends_at, secret = re.search(r"/(\d+)/(\d+)/([^/]+)/$", link()).groups()
    other = BasketLineFactory().basket
    for wrong in (
        f"{other.pk}/{ends_at}/{secret}",
        f"{pk}/{int(ends_at) + 1}/{secret}",
        f"{pk}/{ends_at}/{secret[:-1]}A{secret[-1]}",
        f"{'9' * 30}/{ends_at}/{secret}",
        f"{pk}/{'9' * 30}/{secret}",
        f"{pk}/{ends_at}/%00",
    ):
        assert Client().get(f"/basket/continued/{wrong}/").status_code == 404
        assert Client().post(f"/basket/continued/{wrong}/").status_code == 404


def test_asked_twice_it_is_told_once(client, own_basket):
    ask(client)
    ask(client, "+380 67 123 45 67")
    assert Message.objects.count() == 1


def test_nobody_has_us_send_texts_to_many(client, own_basket):
    """A9: three contacts of one basket within the hour, whatever the cache remembers."""
    for number in range(3):
        assert ask(client, f"067 123 45 6{number}").status_code == 302
    refused = ask(client, "067 123 45 69")
    assert refused.status_code == 429
    assert "Спробуйте за годину" in refused.content.decode()
    assert Message.objects.count() == 3


def test_one_phone_gets_no_more_than_three_from_all_baskets(client, own_basket):
    for _number in range(3):
        Message.objects.all().update(created_at=timezone.now())
        ask(client)
        Basket.objects.filter(pk=own_basket.pk).delete()
        line = BasketLineFactory()
        session = client.session
        session["basket"] = line.basket_id
        session.save()
        own_basket = line.basket
    assert ask(client).status_code == 429
    assert Message.objects.count() == 3


def test_one_address_is_limited_too(client, own_basket, settings):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"basket-link": {"address": 1}}
    assert ask(client, "067 123 45 61").status_code == 302
    assert ask(client, "067 123 45 62").status_code == 429


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "contact",
    ["", "  ", "123", "olena@", "a@b", "a b@c.ua", "067\x0012", "067\u202e1234567", "я" * 10_000, "<b>", "'; --", "🚗"],
)
def test_a_wrong_contact_is_told_beside_the_field(client, own_basket, contact, prefix):
    answer = ask(client, contact, prefix)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="id_contact_error"' in page
    assert "<b>" not in page
    assert not Message.objects.exists()


def test_without_a_basket_there_is_nothing_to_send(client, db):
    assert client.get(PAGE).url == "/basket/"
    assert ask(client).url == "/basket/"
    assert not Message.objects.exists()


def test_an_account_needs_no_link(client, own_basket):
    client.force_login(CustomerFactory())
    assert "кожному пристрої" in client.get(PAGE, follow=True).content.decode()
