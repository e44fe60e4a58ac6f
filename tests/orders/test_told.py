"""What the customer's page says was told."""

import pytest

from orders import notices
from orders.told import told
from shop.messaging.models import Message
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", Message.Status.values)
def test_every_state_of_a_message_can_be_said(status):
    order = OrderFactory(confirmed=True)
    notices.order_confirmed(order)
    Message.objects.update(status=status, needs_person_since="2026-11-23T10:00:00Z", leased_until="2026-11-23T10:00Z")
    said = told(order)
    if status in ("in-reserve", "not-needed"):
        assert said == []
    else:
        (row,) = said
        assert row.state
        assert row.is_lost == (status in ("rejected", "undelivered", "needs-person"))
