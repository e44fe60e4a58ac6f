"""What no code path can save, whichever one comes."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from orders.models import Order, OrderEvent, OrderLine
from tests.factories import OrderFactory, OrderLineFactory, SettlementFactory


def save_now(change):
    """Make the change and check the deferred rules, as at a commit."""
    with transaction.atomic():
        change()
        connection.check_constraints()


def test_lines_that_do_not_add_up_are_refused(db):
    order = OrderFactory(goods_total=Decimal("150.00"))
    for change in (
        lambda: OrderLineFactory(order=order),
        lambda: OrderLine.objects.filter(order=order).update(quantity=2),
        lambda: OrderLine.objects.filter(order=order).delete(),
        lambda: Order.objects.update(goods_total=1, total=1),
    ):
        with pytest.raises(IntegrityError, match="do not add up"):
            save_now(change)


def test_a_total_that_is_not_its_parts_is_refused(db):
    order = OrderFactory()
    with pytest.raises(IntegrityError, match="order_total_adds_up"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(delivery_total=10)


def test_a_point_of_another_town_is_refused(db):
    order = OrderFactory()
    elsewhere = SettlementFactory()
    with pytest.raises(IntegrityError, match="order_point_of_carrier_in_settlement"):
        save_now(lambda: Order.objects.filter(pk=order.pk).update(settlement=elsewhere))


def test_history_is_never_edited(db):
    event = OrderEvent.objects.create(order=OrderFactory(), kind=OrderEvent.Kind.PLACED)
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        OrderEvent.objects.filter(pk=event.pk).update(note="інше")
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        OrderEvent.objects.filter(pk=event.pk).delete()
