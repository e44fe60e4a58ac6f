"""What no code path can save, whichever one comes."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from orders.models import (
    Order,
    OrderEvent,
    OrderLine,
    OrderRevision,
    Payment,
    PaymentKind,
    PaymentStatus,
    Refund,
    paid_for,
)
from tests.factories import CustomerFactory, OrderFactory, OrderLineFactory, SettlementFactory


def save_now(change):
    """Make the change and check the deferred rules, as at a commit."""
    with transaction.atomic():
        change()
        connection.check_constraints()


def take_out(line):
    revision = OrderRevision.objects.create(
        order=line.order,
        number=2,
        author=CustomerFactory(is_staff=True),
        reason="немає на складі",
        goods_before=line.order.goods_total,
        delivery_before=0,
        discount_before=0,
        total_before=line.order.total,
        total_after=0,
    )
    OrderLine.objects.filter(pk=line.pk).update(removed_in=revision)


def paid(amount):
    """A payment of an order of its own that brought ``amount``."""
    return Payment.objects.create(
        order=OrderFactory(),
        kind=PaymentKind.LIQPAY,
        amount=amount,
        received=amount,
        status=PaymentStatus.PAID,
        paid_at=timezone.now(),
        reference=f"{OrderFactory().number}-1",
    )


def refund(payment, amount, **fields):
    return Refund.objects.create(
        payment=payment,
        amount=amount,
        reference=f"{payment.reference}-r{payment.refunds.count()}",
        reason="не підійшло",
        **fields,
    )


def test_lines_that_do_not_add_up_are_refused(db):
    order = OrderFactory(goods_total=Decimal("150.00"))
    for change in (
        lambda: OrderLineFactory(order=order),
        lambda: take_out(OrderLine.objects.get(order=order)),
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


def test_a_line_is_never_rewritten_and_leaves_only_by_an_edit(db):
    line = OrderFactory().lines.get()
    for change in ({"price": 1}, {"quantity": 2}, {"name": "Інша"}):
        with pytest.raises(IntegrityError, match="not rewritten"), transaction.atomic():
            OrderLine.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        OrderLine.objects.filter(pk=line.pk).delete()


def test_a_line_that_was_taken_out_stays_out(db):
    order = OrderFactory()
    line = order.lines.get()
    with transaction.atomic():
        take_out(line)
        Order.objects.filter(pk=order.pk).update(goods_total=0, total=0)
    assert not order.lines.current().exists()
    with pytest.raises(IntegrityError, match="not rewritten"), transaction.atomic():
        OrderLine.objects.filter(pk=line.pk).update(removed_in=None)


def test_r9_orders_payments_and_refunds_are_never_deleted(db):
    payment = paid(Decimal(100))
    refund(payment, Decimal(10))
    for rows in ("orders_refund", "orders_payment", "orders_order"):
        with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {rows}")


def test_r11_refunds_never_exceed_what_the_payment_brought(db):
    payment = paid(Decimal(100))
    refund(payment, Decimal(60))
    with pytest.raises(IntegrityError, match="exceed it"), transaction.atomic():
        refund(payment, Decimal("40.01"))
    refund(payment, Decimal(40))
    with pytest.raises(IntegrityError, match="exceed it"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(received=Decimal("99.99"))


def test_a_refund_that_failed_makes_room_for_another(db):
    payment = paid(Decimal(100))
    refund(payment, Decimal(100), status=Refund.Status.FAILED)
    second = refund(payment, Decimal(100))
    with pytest.raises(IntegrityError, match="exceed it"), transaction.atomic():
        Refund.objects.exclude(pk=second.pk).update(status=Refund.Status.DUE)


def test_a_revision_is_never_edited(db):
    order = OrderFactory()
    with transaction.atomic():
        take_out(order.lines.get())
        Order.objects.filter(pk=order.pk).update(goods_total=0, total=0)
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        OrderRevision.objects.update(reason="інша")


def test_what_is_paid_is_told_for_many_orders_in_two_queries(db, django_assert_num_queries):
    first, second = paid(Decimal(100)), paid(Decimal(50))
    refund(first, Decimal(30), status=Refund.Status.DONE, done_at=timezone.now())
    refund(first, Decimal(20), status=Refund.Status.CANCELLED)
    with django_assert_num_queries(2):
        sums = paid_for([first.order, second.order])
    assert sums == {first.order_id: Decimal(70), second.order_id: Decimal(50)}
