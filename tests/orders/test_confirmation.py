"""Confirming looks at the suppliers' promises again; staff decide about those that do not hold."""

from decimal import Decimal

import pytest

from orders.confirmation import confirm_order
from orders.errors import PromisesBroken
from orders.models import Order, Status
from orders.promises import broken_promises, promises_seen
from shop.messaging.models import Message
from shop.offers.models import Offer
from tests.factories import OfferFactory
from tests.orders.buying import manager, placed

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    """Two pieces of a supplier's five at 150 ₴."""
    return placed(OfferFactory())


def test_a_promise_that_holds_is_confirmed(order):
    Offer.objects.update(price=Decimal("149.00"), pieces=2)
    confirm_order(order, author=manager())
    assert Order.objects.get().status == Status.CONFIRMED


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"price": Decimal("151.00")}, "ціна зросла, 150 ₴ → 151 ₴"),
        ({"pieces": 1}, "лишилося 1 шт."),
        ({"pieces": 0}, "більше не пропонують"),
        (None, "більше не пропонують"),
    ],
)
def test_r15_what_changed_at_the_supplier_is_shown_to_staff_who_decide(order, change, said):
    if change:
        Offer.objects.update(**change)
    else:
        Offer.objects.all().delete()
    told = Message.objects.count()
    with pytest.raises(PromisesBroken) as refused:
        confirm_order(order, author=manager())
    assert said in str(refused.value).replace("\xa0", " ")
    assert (Order.objects.get().status, Message.objects.count()) == (Status.PLACED, told)
    confirm_order(order, author=manager(), seen=promises_seen(refused.value.broken))
    assert Order.objects.get().status == Status.CONFIRMED
    assert said in order.events.last().note.replace("\xa0", " ")


def test_a_decision_counts_for_what_was_seen(order):
    Offer.objects.update(price=Decimal("151.00"))
    seen = promises_seen(broken_promises(order))
    Offer.objects.update(price=Decimal("190.00"))
    with pytest.raises(PromisesBroken):
        confirm_order(order, author=manager(), seen=seen)
    assert Order.objects.get().status == Status.PLACED
