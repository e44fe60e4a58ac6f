from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from orders.cancellation import cancel_order
from orders.confirmation import confirm_order
from orders.errors import StockGone
from orders.holds import check_reserved, release_ended_holds, wrongly_reserved
from orders.models import Hold, Order, PaymentKind, Status
from orders.placement import place_order
from shop.offers.models import StockItem
from tests.factories import CustomerFactory
from tests.orders.conftest import checkout_of

AFTER_TWO_DAYS = timedelta(hours=48, minutes=1)


@pytest.fixture
def unpaid(basket):
    """By invoice: two of five own pieces are held for 48 hours."""
    return place_order(basket, checkout_of(basket, payment_kind=PaymentKind.INVOICE), shown_total=Decimal("300.00"))


def reserved():
    return StockItem.objects.get().reserved


def test_r14_a_hold_ends_by_itself_and_asks_a_person(unpaid):
    assert release_ended_holds() == 0
    with time_machine.travel(timezone.now() + AFTER_TWO_DAYS):
        assert release_ended_holds() == 1
        assert release_ended_holds() == 0
    assert reserved() == 0
    assert Hold.objects.get().state == Hold.State.RELEASED
    unpaid.refresh_from_db()
    assert (unpaid.status, unpaid.needs_person_reason) == (Status.PLACED, "Рахунок не оплачено вчасно, резерв знято.")
    assert unpaid.events.last().note == "Термін резерву минув."


def test_an_order_paid_on_delivery_keeps_its_pieces(basket, checkout):
    place_order(basket, checkout, shown_total=Decimal("300.00"))
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert release_ended_holds() == 0
    assert reserved() == 2


def test_confirming_takes_the_end_off_a_hold(unpaid):
    confirm_order(unpaid, author=CustomerFactory(staff=True))
    with time_machine.travel(timezone.now() + AFTER_TWO_DAYS):
        assert release_ended_holds() == 0
    assert reserved() == 2


def test_confirming_after_the_end_promises_the_pieces_again(unpaid):
    with time_machine.travel(timezone.now() + AFTER_TWO_DAYS):
        release_ended_holds()
    confirm_order(unpaid, author=CustomerFactory(staff=True))
    assert reserved() == 2
    assert Hold.objects.open().count() == 1
    unpaid.refresh_from_db()
    assert unpaid.needs_person_since is None


def test_confirming_is_refused_when_the_pieces_went_to_others(unpaid):
    with time_machine.travel(timezone.now() + AFTER_TWO_DAYS):
        release_ended_holds()
    StockItem.objects.update(on_hand=1)
    with pytest.raises(StockGone):
        confirm_order(unpaid, author=CustomerFactory(staff=True))
    assert Order.objects.get().status == Status.PLACED
    assert reserved() == 0


def test_the_nightly_check_finds_a_count_that_is_not_the_sum_of_its_holds(unpaid):
    check_reserved()
    assert wrongly_reserved() == []
    StockItem.objects.update(reserved=4)
    assert wrongly_reserved() == [StockItem.objects.get()]
    check_reserved()
    unpaid.refresh_from_db()
    assert unpaid.needs_person_since


def test_promises_equal_counts_after_every_act(basket, checkout):
    order = place_order(basket, checkout, shown_total=Decimal("300.00"))
    assert wrongly_reserved() == []
    cancel_order(order)
    assert wrongly_reserved() == []
