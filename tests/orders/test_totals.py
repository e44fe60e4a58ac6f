"""One sum everywhere: basket, order, letter, page; exact to the kopeck."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Order
from orders.overview import BasketOverview
from orders.placement import place_order
from shop.lib.money import format_money
from shop.messaging.models import Channel
from tests.factories import BasketFactory, BasketLineFactory, LegalDocumentFactory, OfferFactory, PickupPointFactory
from tests.orders.conftest import checkout_of

prices = st.decimals(min_value="0.01", max_value="99999.99", places=2)
lines = st.lists(st.tuples(prices, st.integers(min_value=1, max_value=99)), min_size=1, max_size=5)


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sold=lines, language=st.sampled_from(["uk", "en"]))
def test_basket_order_letter_and_page_show_one_sum(sold, language):
    LegalDocumentFactory()
    basket = BasketFactory()
    for price, quantity in sold:
        BasketLineFactory(basket=basket, offer=OfferFactory(price=price, pieces=99), quantity=quantity)
    expected = sum((price * quantity for price, quantity in sold), Decimal(0))
    assert BasketOverview.of(basket).total == expected
    checkout = checkout_of(basket, pickup_point=PickupPointFactory(), language=language)
    order = Order.objects.get(pk=place_order(basket, checkout, shown_total=expected).pk)
    connection.check_constraints()
    assert order.goods_total + order.delivery_total - order.discount_total == order.total == expected
    assert sum(line.total for line in order.lines.all()) == expected
    with override(language):
        shown = format_money(expected)
        address = order.get_absolute_url()
    letter = order.messages.get(channel=Channel.EMAIL)
    sms = order.messages.get(channel=Channel.SMS)
    assert shown.replace("\u00a0", " ") in letter.subject
    for text in (letter.text, letter.html.replace("&nbsp;", "\u00a0"), sms.text.replace(" ", "\u00a0")):
        assert shown in text or shown.replace("\u00a0", " ") in text
    assert shown in Client().get(address).content.decode()
