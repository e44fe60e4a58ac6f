"""A guest's basket joins that of the account (R1: two tabs; nothing lost, twice harmless)."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from orders.errors import OrderChanged
from orders.models import Basket, Order
from orders.moving_in import move_in
from orders.placement import place_order
from tests.factories import (
    BasketFactory,
    BasketLineFactory,
    CustomerFactory,
    LegalDocumentFactory,
    ModificationFactory,
    own_offer,
)
from tests.orders.conftest import checkout_of
from tests.orders.test_races import at_once, nobody_listens  # noqa: F401

PAGE = "/basket/"


def contents(basket):
    return sorted(basket.lines.values_list("part_id", "warehouse_id", "modification_id", "quantity"))


def put_in(client, offer, quantity=1):
    client.post("/basket/lines/", {"part": offer.part_id, "warehouse": offer.warehouse_id, "quantity": quantity})


@pytest.fixture
def customer(db):
    return CustomerFactory()


def test_a_guest_s_basket_becomes_the_account_s_with_its_key(client, customer):
    put_in(client, own_offer(), 2)
    before = Basket.objects.get()
    client.force_login(customer)
    after = Basket.objects.get()
    assert (after.pk, after.placement_key, after.customer) == (before.pk, before.placement_key, customer)
    assert client.session["basket_count"] == 2


def test_lines_of_both_add_up_and_nothing_is_lost(client, customer):
    same, other = own_offer(), own_offer()
    own = BasketFactory(customer=customer)
    BasketLineFactory(basket=own, offer=same, quantity=3, price_seen=Decimal("1.00"))
    put_in(client, same, 2)
    put_in(client, other, 1)
    client.force_login(customer)
    assert Basket.objects.get() == own
    assert contents(own) == sorted(
        [(same.part_id, same.warehouse_id, None, 5), (other.part_id, other.warehouse_id, None, 1)]
    )
    assert own.lines.get(part=same.part).price_seen == same.price
    assert client.session["basket_count"] == 6


def test_the_same_part_for_another_car_stays_a_line_of_its_own(customer):
    offer, car = own_offer(), ModificationFactory()
    own, guest = BasketFactory(customer=customer), BasketFactory()
    BasketLineFactory(basket=own, offer=offer)
    BasketLineFactory(basket=guest, offer=offer, modification=car)
    move_in(guest.pk, customer)
    assert sorted(own.lines.values_list("modification_id", "quantity"), key=str) == [(car.pk, 1), (None, 1)]


def test_pieces_add_up_to_the_limit(customer):
    offer = own_offer()
    own, guest = BasketFactory(customer=customer), BasketFactory()
    BasketLineFactory(basket=own, offer=offer, quantity=60)
    BasketLineFactory(basket=guest, offer=offer, quantity=60)
    move_in(guest.pk, customer)
    assert own.lines.get().quantity == 99


def test_signing_in_twice_adds_nothing(client, customer):
    put_in(client, own_offer(), 2)
    client.force_login(customer)
    client.force_login(customer)
    assert Basket.objects.get().lines.get().quantity == 2


def test_the_basket_is_there_on_another_device_and_after_signing_out(client, customer):
    offer = own_offer()
    client.force_login(customer)
    put_in(client, offer, 2)
    phone = Client()
    phone.force_login(customer)
    assert offer.part.article_number in phone.get(PAGE).content.decode()
    client.logout()
    assert offer.part.article_number not in client.get(PAGE).content.decode()
    client.force_login(customer)
    assert offer.part.article_number in client.get(PAGE).content.decode()


def test_a_device_that_was_signed_in_before_finds_what_another_put_in(client, customer):
    phone = Client()
    phone.force_login(customer)
    client.force_login(customer)
    put_in(client, own_offer(), 2)
    put_in(phone, own_offer(), 1)
    assert Basket.objects.get().lines.count() == 2


def test_a_basket_of_another_account_is_never_taken_nor_shown(client, customer):
    strange = BasketFactory(customer=CustomerFactory())
    line = BasketLineFactory(basket=strange)
    session = client.session
    session["basket"] = strange.pk
    session.save()
    assert line.part.article_number not in client.get(PAGE).content.decode()
    client.force_login(customer)
    assert line.part.article_number not in client.get(PAGE).content.decode()
    assert strange.lines.count() == 1


def test_two_people_at_one_browser_keep_their_baskets_apart(client, customer):
    put_in(client, own_offer(), 2)
    client.force_login(customer)
    other = CustomerFactory()
    client.force_login(other)
    assert not Basket.objects.filter(customer=other).exists()
    assert "basket" not in client.session


def test_signing_in_costs_the_same_for_few_and_many_lines(customer, django_assert_max_num_queries):
    guest = BasketFactory()
    for _number in range(20):
        BasketLineFactory(basket=guest)
    with django_assert_max_num_queries(5):
        move_in(guest.pk, customer)


@pytest.mark.django_db(transaction=True)
def test_r1_two_tabs_signing_in_at_once_join_the_basket_once():
    """Without the lock on the account both tabs read the lines before either moves them, and pieces count twice."""
    customer, guest = CustomerFactory(), BasketFactory()
    offer = own_offer()
    BasketLineFactory(basket=guest, offer=offer, quantity=2)
    BasketLineFactory(basket=BasketFactory(customer=customer), offer=offer, quantity=3)
    user = get_user_model().objects.get(pk=customer.pk)
    outcomes = at_once(*[lambda: move_in(guest.pk, user)] * 4)
    assert {outcome.pk for outcome in outcomes} == {Basket.objects.get(customer=customer).pk}
    assert Basket.objects.get().lines.get().quantity == 5


@pytest.mark.django_db(transaction=True)
def test_two_tabs_put_the_first_part_in_at_once(monkeypatch):
    """Without the constraint an account would have two baskets, and one of the parts would be out of sight."""
    customer = CustomerFactory()
    tabs = [Client(), Client()]
    for tab in tabs:
        tab.force_login(customer)
    offers = [own_offer(), own_offer()]
    at_once(*[lambda tab=tab, offer=offer: put_in(tab, offer) for tab, offer in zip(tabs, offers, strict=True)])
    assert Basket.objects.get().lines.count() == 2


def test_a_form_of_a_basket_that_has_joined_another_places_nothing(customer, offer_document):
    """Opened as a guest, sent after signing in elsewhere in the browser: the page is shown anew."""
    BasketLineFactory(basket=BasketFactory(customer=customer))
    guest = BasketFactory()
    BasketLineFactory(basket=guest, offer=own_offer())
    data = checkout_of(guest)
    move_in(guest.pk, customer)
    with pytest.raises(OrderChanged) as refusal:
        place_order(guest, data, shown_total=Decimal("150.00"))
    assert refusal.value.order is None
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_signing_in_while_the_order_is_placed_loses_and_doubles_nothing():
    """Both lock the guest's basket: it is ordered and joins empty, or it has joined and is not ordered."""
    LegalDocumentFactory()
    customer, guest = CustomerFactory(), BasketFactory()
    BasketLineFactory(basket=BasketFactory(customer=customer), offer=own_offer())
    BasketLineFactory(basket=guest, offer=own_offer(), quantity=2)
    data = checkout_of(guest)
    at_once(lambda: place_order(guest, data, shown_total=Decimal("300.00")), lambda: move_in(guest.pk, customer))
    pieces = sum(line.quantity for line in Basket.objects.get(customer=customer).lines.all())
    assert (Order.objects.count(), pieces) in {(1, 1), (0, 3)}
