"""Ordering again puts what is still offered into the basket, at today's prices."""

from decimal import Decimal

import pytest

from orders.editing import OrderEdit, edit_order
from orders.repeating import order_again
from shop.offers.models import Offer, StockItem
from tests.factories import BasketFactory, OfferFactory, own_offer
from tests.orders.buying import manager, placed

pytestmark = pytest.mark.django_db


def content(basket):
    return [(line.part_id, line.warehouse_id, line.quantity, line.price_seen) for line in basket.lines.all()]


def test_lines_go_in_at_today_s_price_and_a_second_press_adds_nothing():
    offer = own_offer()
    order, basket = placed(offer), BasketFactory()
    Offer.objects.update(price=Decimal("170.00"))
    expected = [(offer.part_id, offer.warehouse_id, 2, Decimal("170.00"))]
    for _press in range(2):
        repeated = order_again(order, basket)
        assert (repeated.put_in, repeated.gone) == (list(order.lines.all()), [])
        assert content(basket) == expected


def test_a_part_that_another_place_offers_comes_from_there():
    offer = own_offer()
    order, basket = placed(offer), BasketFactory()
    StockItem.objects.update(on_hand=2)
    dear = OfferFactory(part=offer.part, price=Decimal("200.00"))
    cheap = OfferFactory(part=offer.part, price=Decimal("180.00"))
    order_again(order, basket)
    assert content(basket) == [(offer.part_id, cheap.warehouse_id, 2, Decimal("180.00"))]
    assert dear.warehouse_id != cheap.warehouse_id


def test_what_nobody_offers_is_named():
    order, basket = placed(OfferFactory(), own_offer()), BasketFactory()
    gone, there = order.lines.all()
    Offer.objects.filter(part=gone.part_id).delete()
    repeated = order_again(order, basket)
    assert (repeated.put_in, repeated.gone) == ([there], [gone])
    assert [line.part_id for line in basket.lines.all()] == [there.part_id]


def test_what_an_edit_took_out_is_not_ordered_again():
    order, basket = placed(own_offer(), own_offer()), BasketFactory()
    first, second = order.lines.all()
    edit_order(order, OrderEdit(taken_out=frozenset({first.pk})), author=manager(), reason="ні", seen_revision=1)
    assert order_again(order, basket).put_in == [second]
