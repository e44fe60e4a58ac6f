"""Any sequence of legal acts leaves sums, money and pieces right; what is refused leaves no trace."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.cancellation import cancel_order
from orders.completion import complete_order
from orders.confirmation import confirm_order
from orders.editing import LineChange, NewLine, OrderEdit, edit_order
from orders.errors import OrdersError
from orders.holds import release_ended_holds, release_holds, wrongly_reserved
from orders.models import Order, OrderEvent, Payment, PaymentKind, Refund, ShipmentLine, Status
from orders.payments.receiving import record_money
from orders.refunding import cancel_refund, mark_refund_done, request_refund
from orders.shipping import ship_order, unpack_shipment
from shop.offers.models import StockItem, StockMovement
from tests.factories import OfferFactory, own_offer
from tests.orders.buying import manager, placed

pytestmark = pytest.mark.django_db

PIECES = 12
ACTS = [
    "confirm",
    "edit",
    "swap",
    "sums",
    "pay",
    "refund",
    "settle",
    "keep",
    "ship",
    "unpack",
    "cancel",
    "complete",
    "end",
]
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.integers(1, 4), st.integers(0, 40000)), max_size=14
)


class World:
    """One order, and what may be done to it; ``picks`` choose among lines, ``kopecks`` are sums."""

    def __init__(self, kind):
        self.author = manager()
        self.offers = [own_offer(pieces=PIECES), own_offer(pieces=PIECES, price=Decimal("80.50")), OfferFactory()]
        self.order = placed(*self.offers, payment_kind=kind)

    def step(self, act, pick, count, kopecks):
        self.order.refresh_from_db()
        getattr(self, act)(pick, count, Decimal(kopecks) / 100)

    def confirm(self, *_):
        confirm_order(self.order, author=self.author)

    def complete(self, *_):
        complete_order(self.order, author=self.author)

    def cancel(self, pick, *_):
        cancel_order(self.order, author=self.author if pick % 2 else None, note="не треба")

    def edit(self, pick, count, _money):
        self._edit(changed=(LineChange(self._line(pick).pk, quantity=count),))

    def swap(self, pick, count, money):
        offer = self.offers[count % len(self.offers)]
        new = NewLine(offer.part_id, offer.warehouse_id, count, replaces=self._line(pick).pk if pick % 2 else None)
        self._edit(added=(new,), discount_total=money)

    def sums(self, _pick, _count, money):
        self._edit(delivery_total=money)

    def _edit(self, **changes):
        edit = OrderEdit(**changes)
        edit_order(self.order, edit, author=self.author, reason="домовилися", seen_revision=self.order.revision)

    def pay(self, _pick, _count, money):
        record_money(self.order, money, kind=PaymentKind.INVOICE, author=self.author, note="виписка")

    def refund(self, _pick, _count, money):
        with transaction.atomic():
            request_refund(self.order, money, author=self.author, reason="повертаємо")

    def settle(self, *_):
        if refund := Refund.objects.open().first():
            mark_refund_done(refund, author=self.author, note="переказ")

    def keep(self, *_):
        if refund := Refund.objects.open().first():
            cancel_refund(refund, author=self.author, note="лишаємо")

    def ship(self, pick, count, _money):
        pieces = {self._line(pick).pk: count} if pick % 3 else None
        ship_order(self.order, author=self.author, pieces=pieces, despite="постійний клієнт" if pick % 2 else "")

    def unpack(self, pick, *_):
        parcels = list(self.order.shipments.all())
        if parcels:
            unpack_shipment(parcels[pick % len(parcels)], author=self.author, reason="переплутали")

    def end(self, *_):
        """A hold runs out, as the timetable finds it."""
        release_ended_holds()
        if self.order.status == Status.PLACED:
            release_holds(self.order)

    def _line(self, pick):
        lines = list(self.order.lines.current())
        return lines[pick % len(lines)]


def trace(order):
    """What a refused act must leave as it was."""
    order = Order.objects.get(pk=order.pk)
    return (
        order.status,
        order.revision,
        order.total,
        OrderEvent.objects.count(),
        sorted(Payment.objects.values_list("pk", "status", "received")),
        sorted(Refund.objects.values_list("pk", "status", "amount")),
        sorted(StockItem.objects.values_list("pk", "on_hand", "reserved")),
        sorted(ShipmentLine.objects.values_list("pk", "line", "pieces")),
    )


def check(order):
    connection.check_constraints()
    order = Order.objects.get(pk=order.pk)
    lines = order.lines.current()
    goods = lines.aggregate(sum=Sum("total"))["sum"] or Decimal(0)
    assert order.goods_total == goods
    assert order.total == goods + order.delivery_total - order.discount_total >= 0
    for payment in Payment.objects.all():
        assert payment.refunds.standing().amounts() <= payment.received
    assert Refund.objects.standing().amounts() <= Payment.objects.received()
    assert wrongly_reserved() == []
    assert not StockItem.objects.filter(reserved__gt=F("on_hand")).exists()
    for item in StockItem.objects.all():
        moved = StockMovement.objects.filter(stock_item=item).aggregate(sum=Sum("pieces"))["sum"] or 0
        assert item.on_hand == PIECES + moved
    for line in lines:
        sent = ShipmentLine.objects.filter(line=line).exclude(shipment__state="cancelled")
        assert (sent.aggregate(sum=Sum("pieces"))["sum"] or 0) <= line.quantity
    if order.status == Status.CANCELLED:
        assert not Payment.objects.open().exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, kind=st.sampled_from([PaymentKind.ON_DELIVERY, PaymentKind.INVOICE]))
def test_any_sequence_of_acts_keeps_sums_money_and_pieces(steps, kind):
    with transaction.atomic():
        world = World(kind)
        check(world.order)
        for act, pick, count, kopecks in steps:
            before = trace(world.order)
            try:
                with transaction.atomic():
                    world.step(act, pick, count, kopecks)
            except OrdersError:
                assert trace(world.order) == before
            check(world.order)
        transaction.set_rollback(True)
