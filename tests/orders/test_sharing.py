"""A basket given to somebody else by a link."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from orders.models import Basket, SharedBasket
from orders.sharing import share
from shop.offers.models import Offer, PriceList
from tests.factories import BasketLineFactory, CustomerFactory, ModificationFactory, OfferFactory, own_offer


@pytest.fixture
def address(client, own_basket):
    answer = client.post("/basket/sharing/")
    assert answer.url.startswith("/basket/?shared=")
    return f"/basket/shared/{SharedBasket.objects.get().token}/"


def test_the_basket_s_page_shows_the_link(client, own_basket):
    page = client.post("/basket/sharing/", follow=True).content.decode()
    assert f"http://testserver/basket/shared/{SharedBasket.objects.get().token}/" in page


def test_the_same_content_has_the_same_link(own_basket):
    assert share(own_basket) == share(own_basket)
    BasketLineFactory(basket=own_basket)
    assert share(own_basket) != SharedBasket.objects.earliest("pk")


def test_the_page_shows_what_is_inside_at_prices_of_the_day_and_nobody_s_name(client, own_basket):
    customer = CustomerFactory(surname="Таємниченко", email="secret@example.com")
    client.force_login(customer)
    Basket.objects.filter(pk=own_basket.pk).update(customer=customer)
    token = share(own_basket).token
    Offer.objects.update(price=Decimal("170.00"))
    page = Client().get(f"/basket/shared/{token}/").content.decode()
    assert own_basket.lines.get().part.article_number in page
    assert "2 × 170\u00a0₴" in page
    assert "340\u00a0₴" in page
    assert "Таємниченко" not in page
    assert "secret@example.com" not in page


def test_nothing_goes_in_before_the_button_is_pressed(address):
    friend = Client()
    friend.get(address)
    assert Basket.objects.count() == 1
    friend.post(address)
    friend.post(address)
    basket = Basket.objects.latest("pk")
    line = basket.lines.get()
    assert (line.quantity, line.price_seen) == (2, Decimal("150.00"))
    assert friend.session["basket_count"] == 2


def test_the_car_goes_along_and_another_place_steps_in(client, own_basket):
    car = ModificationFactory()
    own_basket.lines.update(modification=car)
    part = own_basket.lines.get().part
    token = share(own_basket).token
    Offer.objects.all().delete()
    cheaper = OfferFactory(part=part, price=Decimal("140.00"))
    OfferFactory(part=part, price=Decimal("141.00"))
    friend = Client()
    friend.post(f"/basket/shared/{token}/")
    line = Basket.objects.latest("pk").lines.get()
    assert (line.modification, line.warehouse, line.price_seen) == (car, cheaper.warehouse, Decimal("140.00"))


def test_what_nobody_sells_any_more_is_said(address):
    PriceList.objects.update(fresh_until=timezone.now())
    page = Client().get(address).content.decode()
    assert "Зараз немає в продажу" in page
    assert "Додати все" not in page


def test_an_old_link_is_not_found(address):
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert Client().get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "а" * 5, "%00", "a" * 400, "' OR 1=1 --"])
def test_a_token_nobody_gave_out_is_not_found(db, token):
    assert Client().get(f"/basket/shared/{token}/").status_code == 404
    assert Client().post(f"/basket/shared/{token}/").status_code == 404


def test_an_empty_basket_is_not_shared(client, db):
    assert client.post("/basket/sharing/").url == "/basket/"
    assert not SharedBasket.objects.exists()


def test_a_stranger_s_link_is_not_shown_on_a_basket_s_page(client, own_basket):
    other = BasketLineFactory().basket
    token = share(other).token
    assert 'id="shared-address"' not in client.get(f"/basket/?shared={token}").content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_costs_the_same_for_few_and_many_lines(client, own_basket, django_assert_max_num_queries, count):
    for _number in range(count - 1):
        BasketLineFactory(basket=own_basket, offer=own_offer())
    token = share(own_basket).token
    Client().get(f"/basket/shared/{token}/")
    with django_assert_max_num_queries(6):
        Client().get(f"/basket/shared/{token}/")
