"""What a customer hears of by which channel: chosen in the account, and never less than the law and the parcel need."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.channels import KEYS, Subject, is_wanted
from accounts.models import Customer
from orders import notices, parcel_notices
from orders.models import Order
from orders.shipping import ship_order
from shop.messaging.models import Message
from tests.factories import CustomerFactory, own_offer
from tests.orders.buying import manager, pay, placed, told

pytestmark = pytest.mark.django_db

PAGE = "/account/channels/"


@pytest.fixture
def customer():
    return CustomerFactory()


def order_of(customer, **changes):
    order = placed(own_offer(price=Decimal("150.00")), **changes)
    Order.objects.filter(pk=order.pk).update(customer=customer)
    return Order.objects.get(pk=order.pk)


def wanted_without(*muted):
    return {"wanted": [key for key in KEYS if key not in muted]}


def test_everything_comes_until_something_is_switched_off(client, customer):
    client.force_login(customer)
    page = client.get(PAGE).content.decode()
    assert page.count("checked") == 6
    assert page.count("disabled") == 2
    assert customer.muted == []


def test_what_is_switched_off_is_kept_and_switched_on_again(client, customer):
    client.force_login(customer)
    answer = client.post(PAGE, wanted_without("order-sms", "parcel-email"))
    assert answer.url == "/account/"
    customer.refresh_from_db()
    assert customer.muted == ["order-sms", "parcel-email"]
    client.post(PAGE, wanted_without())
    customer.refresh_from_db()
    assert customer.muted == []


def test_a_parcel_is_always_told_of_somehow(client, customer):
    client.force_login(customer)
    answer = client.post(PAGE, wanted_without("parcel-sms", "parcel-email"))
    assert answer.status_code == 200
    assert "хоча б одним способом" in answer.content.decode()
    customer.refresh_from_db()
    assert customer.muted == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(muted=["parcel-sms", "parcel-email"])


def test_necessary_letters_cannot_be_switched_off(client, customer):
    client.force_login(customer)
    client.post(PAGE, {"wanted": ["parcel-sms"]})
    customer.refresh_from_db()
    assert "order-email" not in customer.muted
    assert "money-email" not in customer.muted
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(muted=["order-email"])


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get(PAGE).url == f"/account/login/?next={PAGE}"


def test_only_what_is_wanted_is_written(customer):
    customer.muted = ["order-sms", "parcel-email"]
    customer.save()
    order = order_of(customer)
    notices.order_cancelled(order, note="")
    assert told(order, "order-cancelled") == ["email"]
    order = order_of(customer)
    Order.objects.filter(pk=order.pk).update(status="confirmed")
    order.refresh_from_db()
    shipment = ship_order(order, author=manager(), waybill_number="20450123456789")
    assert told(order, "order-shipped") == ["sms"]
    parcel_notices.arrived(shipment)
    assert told(order, "parcel-arrived") == ["sms"]


def test_money_always_comes_by_letter(customer):
    customer.muted = ["money-sms"]
    customer.save()
    order = order_of(customer)
    pay(order, "100.00")
    assert told(order, "payment-received") == ["email"]


def test_a_guest_hears_all_of_it():
    order = placed(own_offer(price=Decimal("150.00")))
    assert told(order, "order-placed") == ["email", "sms"]
    assert Message.objects.exclude(next_rung_at=None).count() == 1


def test_a_letter_alone_waits_for_no_sms(customer):
    customer.muted = ["order-sms"]
    customer.save()
    order = order_of(customer)
    notices.order_cancelled(order, note="")
    letter = Message.objects.get(key=f"order-cancelled:{order.pk}")
    assert (letter.channel, letter.takes_place_of, letter.next_rung_at) == ("email", None, None)


@pytest.mark.parametrize("subject", Subject)
def test_nothing_switched_off_means_all_is_wanted(subject):
    assert is_wanted([], subject, "sms")
    assert is_wanted([], subject, "email")
