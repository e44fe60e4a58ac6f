"""Orders entered for a customer: placed like any other, once, by a named person."""

import uuid
from decimal import Decimal

import pytest

from orders.errors import BasketEmpty, OutOfStock, WrongSum
from orders.holds import wrongly_reserved
from orders.models import Basket, Enquiry, Order, OrderEvent, PaymentKind
from orders.staff_orders import WantedLine, enter_order
from shop.messaging.models import Message
from shop.offers.models import StockItem
from tests.factories import BasketFactory, LegalDocumentFactory, OfferFactory, own_offer
from tests.orders.buying import manager
from tests.orders.conftest import checkout_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def checkout(db):
    LegalDocumentFactory()
    data = checkout_of(BasketFactory(), key=uuid.uuid4(), delivery_total=Decimal("80.00"))
    Basket.objects.all().delete()
    return data


def test_the_order_is_placed_by_its_author_who_answers_for_it(checkout):
    author = manager()
    order = enter_order(checkout, [WantedLine(own_offer(), 2), WantedLine(OfferFactory(), 1)], author=author)
    order.refresh_from_db()
    assert (order.placed_by, order.responsible) == (author, author)
    assert (order.goods_total, order.delivery_total, order.total) == (
        Decimal("450.00"),
        Decimal("80.00"),
        Decimal("530.00"),
    )
    assert order.events.get(kind=OrderEvent.Kind.PLACED).author == author
    assert StockItem.objects.get().reserved == 2
    assert order.messages.count() == 2
    assert not Basket.objects.exists()


def test_a_second_press_gives_the_same_order(checkout):
    lines = [WantedLine(own_offer(), 2)]
    first = enter_order(checkout, lines, author=manager())
    assert enter_order(checkout, lines, author=manager()) == first
    assert Order.objects.count() == 1
    assert StockItem.objects.get().reserved == 2


def test_more_than_there_is_is_refused_and_leaves_nothing(checkout):
    with pytest.raises(OutOfStock):
        enter_order(checkout, [WantedLine(own_offer(pieces=1), 2)], author=manager())
    assert not Order.objects.exists()
    assert not Basket.objects.exists()
    assert not Message.objects.exists()
    assert wrongly_reserved() == []


def test_an_order_without_lines_and_a_prepayment_above_the_sum_are_refused(checkout):
    from dataclasses import replace

    with pytest.raises(BasketEmpty):
        enter_order(checkout, [], author=manager())
    more = replace(checkout, prepayment=Decimal("230.01"), payment_kind=PaymentKind.ON_DELIVERY)
    with pytest.raises(WrongSum):
        enter_order(more, [WantedLine(own_offer(), 1)], author=manager())
    assert not Order.objects.exists()


def test_an_enquiry_is_answered_by_its_order(checkout):
    enquiry = Enquiry.objects.create(question="Замовлення в один дотик", phone="+380671234567")
    author = manager()
    order = enter_order(checkout, [WantedLine(own_offer(), 1)], author=author, enquiry=enquiry)
    enquiry.refresh_from_db()
    assert (enquiry.order, enquiry.answered_by, enquiry.needs_person_since) == (order, author, None)
    assert order.number in enquiry.answer
