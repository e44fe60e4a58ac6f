"""Cancelling until the first parcel: pieces are free, nothing is expected any more, what was paid goes back."""

from decimal import Decimal

import pytest

from orders.cancellation import cancel_order
from orders.confirmation import confirm_order
from orders.errors import PartlyShipped, WrongStatus
from orders.models import Order, OrderEvent, Payment, PaymentKind, PaymentStatus, Refund, Status
from orders.payments.requesting import request_payment
from orders.shipping import ship_order
from shop.offers.models import StockItem
from tests.factories import own_offer
from tests.orders.buying import manager, pay, placed

pytestmark = pytest.mark.django_db


def test_a_customer_cancels_a_paid_order_and_gets_the_money_back():
    order = placed(own_offer(), payment_kind=PaymentKind.INVOICE)
    pay(order, "300.00")
    cancel_order(order)
    refund = Refund.objects.get()
    assert (refund.amount, refund.status, refund.author) == (Decimal("300.00"), Refund.Status.DUE, None)
    assert StockItem.objects.get().reserved == 0
    for message in order.messages.filter(key__contains="order-cancelled"):
        assert "300 ₴" in message.text.replace("\xa0", " ")


def test_open_payments_of_a_cancelled_order_are_cancelled():
    order = placed(own_offer(), payment_kind=PaymentKind.INVOICE)
    request_payment(order, order.total, kind=PaymentKind.INVOICE)
    cancel_order(order)
    assert {payment.status for payment in Payment.objects.all()} == {PaymentStatus.CANCELLED}
    assert not Refund.objects.exists()


def test_a_second_cancelling_gives_nothing_back_twice():
    order = placed(own_offer(), payment_kind=PaymentKind.INVOICE)
    pay(order, "300.00")
    cancel_order(order)
    with pytest.raises(WrongStatus):
        cancel_order(Order.objects.get())
    assert Refund.objects.get().amount == Decimal("300.00")


def test_an_order_that_left_in_part_is_not_cancelled():
    order = placed(own_offer())
    author = manager()
    confirm_order(order, author=author)
    ship_order(order, author=author, waybill_number="20450123456789", pieces={order.lines.get().pk: 1})
    with pytest.raises(PartlyShipped):
        cancel_order(order)
    assert Order.objects.get().status == Status.CONFIRMED
    assert StockItem.objects.get().reserved == 1
    assert not OrderEvent.objects.filter(kind=OrderEvent.Kind.CANCELLED).exists()
