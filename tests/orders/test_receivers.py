"""A phone number that does not exist puts its order before a person."""

import pytest

from orders import notices
from orders.models import Order
from shop.messaging.errors import MessageRejected
from shop.messaging.leases import lease_due
from shop.messaging.models import Message, Suppression
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db
REASON = "Такого номера немає: SMS не доходять, перевізник теж не додзвониться."


def refuse_sms(closes):
    for lease in lease_due("orders", "sms"):
        assert lease.rejected(MessageRejected("305 INVALID_PHONE", closes=closes))


def test_a_number_that_does_not_exist_is_said_on_the_order_and_not_again(order_told):
    order = order_told()
    refuse_sms(Suppression.Reason.BAD_NUMBER)
    order.refresh_from_db()
    assert (order.needs_person_reason, order.needs_person_since is None) == (REASON, False)
    order.person_is_done()
    notices.order_cancelled(order, note="")
    Order.objects.filter(pk=order.pk).update(status="confirmed")
    refuse_sms(Suppression.Reason.BAD_NUMBER)
    order.refresh_from_db()
    assert order.needs_person_since is None


@pytest.fixture
def order_told():
    def tell(**traits):
        order = OrderFactory(confirmed=True, **traits)
        notices.order_placed(order, [])
        return order

    return tell


def test_a_stop_list_is_the_ladders_business_only(order_told):
    order = order_told()
    refuse_sms(Suppression.Reason.STOP_LIST)
    order.refresh_from_db()
    assert order.needs_person_since is None


def test_a_finished_order_is_left_alone(order_told):
    order = order_told()
    Order.objects.filter(pk=order.pk).update(status="completed")
    refuse_sms(Suppression.Reason.BAD_NUMBER)
    order.refresh_from_db()
    assert order.needs_person_since is None
    assert Message.objects.filter(channel="sms", status="rejected").count() == 1
