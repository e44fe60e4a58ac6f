"""Many at once, on real PostgreSQL connections. Each test names the guard without which it fails."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection

from orders.cancellation import cancel_order
from orders.confirmation import confirm_order
from orders.editing import LineChange, NewLine, OrderEdit, edit_order
from orders.errors import OutOfStock, WrongStatus
from orders.holds import wrongly_reserved
from orders.models import Hold, Order, Status
from orders.placement import place_order
from orders.shipping import ship_order
from shop.messaging.models import Message
from shop.offers.models import StockItem
from tests.factories import (
    BasketFactory,
    BasketLineFactory,
    CustomerFactory,
    LegalDocumentFactory,
    PickupPointFactory,
    own_offer,
)
from tests.orders.conftest import checkout_of

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 20
PRICE = Decimal("150.00")


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    """Waking workers is not what is raced for."""
    monkeypatch.setattr("shop.messaging.outbox._publish", lambda *args: None)


def at_once(*acts):
    """Run the acts on threads that start together; gives what each returned or raised."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=30)
            return act()
        except Exception as error:  # the test looks at every outcome
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def buyer_of(*offers, point):
    """A basket with one piece of each offer, in that order, and what would place it."""
    basket = BasketFactory()
    for offer in offers:
        BasketLineFactory(basket=basket, offer=offer)
    checkout = checkout_of(basket, pickup_point=point)
    return lambda: place_order(basket, checkout, shown_total=PRICE * len(offers))


def test_r13_the_last_piece_goes_to_one_of_twenty_buyers():
    """Without ``on_hand >= reserved + count`` in ``StockItem.reserve`` buyers who read one free piece before the first
    of them writes run into the check constraint, an error page instead of "sold out"; without that too, they hold
    the same piece.
    """
    LegalDocumentFactory()
    offer = own_offer(pieces=1)
    point = PickupPointFactory()
    outcomes = at_once(*(buyer_of(offer, point=point) for _buyer in range(BUYERS)))
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Order)]
    assert [type(outcome) for outcome in refused] == [OutOfStock] * (BUYERS - 1)
    assert Order.objects.count() == 1
    assert Hold.objects.get().line.order == Order.objects.get()
    assert (StockItem.objects.get().on_hand, StockItem.objects.get().reserved) == (1, 1)
    assert Message.objects.count() == 2


def test_r1_two_clicks_at_the_same_moment_make_one_order():
    """Without ``select_for_update`` on the basket's row both clicks read the old key, and the second one breaks on
    the unique placement key instead of finding the order of the first.
    """
    LegalDocumentFactory()
    click = buyer_of(own_offer(pieces=5), point=PickupPointFactory())
    outcomes = at_once(*[click] * 4)
    assert outcomes == [Order.objects.get()] * 4
    assert StockItem.objects.get().reserved == 1
    assert Message.objects.count() == 2


def test_baskets_in_opposite_order_do_not_deadlock():
    """Without ``sorted`` in ``StockItem.reserve`` each of two orders waits for the row that the other has locked, and
    PostgreSQL kills one of them.
    """
    LegalDocumentFactory()
    one, two = own_offer(pieces=100), own_offer(pieces=100)
    point = PickupPointFactory()
    buyers = [buyer_of(*pair, point=point) for _pair in range(8) for pair in ((one, two), (two, one))]
    outcomes = at_once(*buyers)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Order)] == []
    assert set(StockItem.objects.values_list("reserved", flat=True)) == {16}


def test_two_managers_cancelling_at_the_same_moment_free_the_pieces_once():
    """Without the old states in the UPDATE of ``move_to`` both go through: two events, and a cancelled order can be
    confirmed with its pieces gone.
    """
    LegalDocumentFactory()
    buyer_of(own_offer(pieces=5), point=PickupPointFactory())()
    manager = CustomerFactory(staff=True)
    order = Order.objects.get()
    again = Order.objects.get()
    outcomes = at_once(lambda: cancel_order(order, author=manager), lambda: cancel_order(again, author=manager))
    assert [type(outcome) for outcome in outcomes if outcome] == [WrongStatus]
    assert Order.objects.get().status == Status.CANCELLED
    assert StockItem.objects.get().reserved == 0
    with pytest.raises(WrongStatus):
        confirm_order(Order.objects.get(), author=manager)


def test_a_crowd_of_buyers_and_cancellers_leaves_every_count_right():
    LegalDocumentFactory()
    offers = [own_offer(pieces=3) for _offer in range(3)]
    point = PickupPointFactory()
    at_once(*(buyer_of(*offers[turn % 3 :], *offers[: turn % 3], point=point) for turn in range(8)))
    assert Order.objects.count() == 3
    orders = list(Order.objects.all())
    late = [buyer_of(*reversed(offers), point=point) for _buyer in range(4)]
    at_once(*late, *(lambda order=order: cancel_order(order) for order in orders))
    assert wrongly_reserved() == []
    held = Order.objects.exclude(status=Status.CANCELLED).count()
    assert set(StockItem.objects.values_list("reserved", flat=True)) == {held}


def test_two_managers_editing_at_the_same_moment_make_one_version():
    """Without ``select_for_update`` on the order in ``edit_order`` both read the first version, and the second breaks
    on the unique number of the revision instead of hearing that somebody was faster.
    """
    LegalDocumentFactory()
    buyer_of(own_offer(pieces=5), point=PickupPointFactory())()
    order = Order.objects.get()
    author = CustomerFactory(staff=True)
    line = order.lines.get()

    def edit(quantity):
        change = OrderEdit(changed=(LineChange(line.pk, quantity=quantity),))
        return edit_order(Order.objects.get(), change, author=author, reason="двоє", seen_revision=1)

    outcomes = at_once(lambda: edit(2), lambda: edit(3))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["EditConflict", "OrderRevision"]
    assert wrongly_reserved() == []


def test_two_parcels_at_the_same_moment_hold_no_more_than_was_ordered():
    """Without ``select_for_update`` on the order in ``ship_order`` both see every piece still to be sent; the trigger
    of the database then breaks the second.
    """
    LegalDocumentFactory()
    buyer_of(own_offer(pieces=5), point=PickupPointFactory())()
    author = CustomerFactory(staff=True)
    confirm_order(Order.objects.get(), author=author)
    outcomes = at_once(*[lambda: ship_order(Order.objects.get(), author=author)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Shipment", "WrongStatus"]
    assert StockItem.objects.get().on_hand == 4


def test_a_number_written_on_two_parcels_at_the_same_moment_stays_on_one():
    """Without ``except IntegrityError`` around the row the second manager sees a broken page."""
    LegalDocumentFactory()
    point = PickupPointFactory()
    orders = [buyer_of(own_offer(), point=point)() for _order in range(4)]
    author = CustomerFactory(staff=True)
    for order in orders:
        confirm_order(order, author=author)
    acts = [partial(ship_order, order, author=author, waybill_number="20450123456789") for order in orders]
    outcomes = at_once(*acts)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Shipment"] + ["WaybillTaken"] * 3
    assert Order.objects.filter(status=Status.SHIPPED).count() == 1


def test_edits_that_swap_the_same_parts_do_not_deadlock():
    """Without the common lock in ``move_holds`` one edit frees A and waits for B, the other the reverse."""
    LegalDocumentFactory()
    offers = own_offer(pieces=50), own_offer(pieces=50)
    point = PickupPointFactory()
    for offer in [*offers] * 4:
        buyer_of(offer, point=point)()
    author = CustomerFactory(staff=True)

    def swap(order):
        line = order.lines.get()
        other = next(offer for offer in offers if offer.part_id != line.part_id)
        new = NewLine(other.part_id, other.warehouse_id, 1, replaces=line.pk)
        return edit_order(order, OrderEdit(added=(new,)), author=author, reason="обмін", seen_revision=1)

    outcomes = at_once(*(lambda order=order: swap(order) for order in Order.objects.all()))
    assert {type(outcome).__name__ for outcome in outcomes} == {"OrderRevision"}
    assert wrongly_reserved() == []
    assert set(StockItem.objects.values_list("reserved", flat=True)) == {4}
