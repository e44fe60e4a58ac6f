"""Staff edits of a placed order: the old version stays, sums and pieces move together, money follows."""

import re
from decimal import Decimal

import pytest
from django.db import connection, transaction

from orders.confirmation import confirm_order
from orders.editing import LineChange, NewLine, OrderEdit, edit_order
from orders.errors import (
    EditConflict,
    LineGone,
    LineShipped,
    NothingChanged,
    NothingLeft,
    NotOffered,
    WrongQuantity,
    WrongStatus,
    WrongSum,
)
from orders.holds import wrongly_reserved
from orders.models import Hold, Order, OrderEvent, OrderLine, OrderRevision, Payment, PaymentKind, Refund, Status
from orders.shipping import ship_order
from shop.messaging.models import Channel, Message
from shop.offers.models import Offer, StockItem
from tests.factories import OfferFactory, OrderFactory, own_offer
from tests.orders.buying import manager, pay, placed, told

pytestmark = pytest.mark.django_db
REASON = "домовилися телефоном"


def edit(order, author=None, seen=None, **changes):
    order.refresh_from_db()
    edited = edit_order(
        order,
        OrderEdit(**changes),
        author=author or manager(),
        reason=REASON,
        seen_revision=order.revision if seen is None else seen,
    )
    connection.check_constraints()
    return edited


def more_of(line, quantity, price=None):
    return {"changed": (LineChange(line.pk, quantity=quantity, price=price),)}


def new(offer, quantity=1, **fields):
    return {"added": (NewLine(offer.part_id, offer.warehouse_id, quantity, **fields),)}


def sums(order):
    order.refresh_from_db()
    return order.goods_total, order.delivery_total, order.discount_total, order.total


def reserved(offer):
    return StockItem.objects.get(part=offer.part_id).reserved


def test_r10_an_edit_keeps_the_old_version_its_author_and_the_reason():
    order = placed(own_offer())
    line = order.lines.get()
    author = manager()
    revision = edit(order, author, **more_of(line, 3))
    assert (revision.number, revision.author, revision.reason) == (2, author, REASON)
    assert (revision.total_before, revision.total_after) == (Decimal("300.00"), Decimal("450.00"))
    old = OrderLine.objects.get(pk=line.pk)
    assert (old.quantity, old.price, old.removed_in) == (2, Decimal("150.00"), revision)
    added = order.lines.current().get()
    assert (added.quantity, added.added_in, added.replaces) == (3, revision, old)
    event = order.events.last()
    assert (event.kind, event.author) == (OrderEvent.Kind.EDITED, author)
    assert REASON in event.note


def test_r10_what_costs_more_is_asked_for_and_what_costs_less_goes_back():
    order = placed(own_offer(), payment_kind=PaymentKind.INVOICE)
    pay(order, "300.00")
    edit(order, **more_of(order.lines.get(), 3))
    asked = Payment.objects.open().get()
    assert (asked.amount, asked.purpose, asked.kind) == (
        Decimal("150.00"),
        Payment.Purpose.SURCHARGE,
        PaymentKind.INVOICE,
    )
    edit(order, **more_of(order.lines.current().get(), 1))
    assert not Payment.objects.open().exists()
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (Decimal("150.00"), REASON)


def test_what_is_not_paid_yet_is_asked_for_anew_with_the_new_sum():
    order = placed(own_offer(), payment_kind=PaymentKind.INVOICE)
    edit(order, **more_of(order.lines.get(), 1))
    assert [payment.amount for payment in Payment.objects.open()] == [Decimal("150.00")]


def test_what_is_paid_on_delivery_is_asked_for_then():
    order = placed(own_offer())
    edit(order, **more_of(order.lines.get(), 3))
    assert not Payment.objects.exists()


def test_the_customer_reads_the_old_and_the_new_sum():
    order = placed(own_offer())
    edit(order, **more_of(order.lines.get(), 3))
    assert told(order, "order-changed") == [Channel.EMAIL, Channel.SMS]
    for message in order.messages.filter(key__contains="order-changed"):
        text = message.text.replace("\xa0", " ")
        assert "300 ₴" in text
        assert "450 ₴" in text
    edit(order, **more_of(order.lines.current().get(), 1))
    assert len(told(order, "order-changed")) == 4


def test_pieces_of_a_line_taken_out_are_free_and_those_of_a_new_one_held():
    one, two = own_offer(), own_offer(price=Decimal("80.00"))
    order = placed(one)
    edit(order, taken_out=frozenset({order.lines.get().pk}), **new(two, 3))
    assert (reserved(one), reserved(two)) == (0, 3)
    assert sums(order) == (Decimal("240.00"), Decimal(0), Decimal(0), Decimal("240.00"))
    assert wrongly_reserved() == []


def test_new_holds_end_when_the_others_do():
    order = placed(own_offer(), own_offer(), payment_kind=PaymentKind.INVOICE)
    ends = set(Hold.objects.open().values_list("ends_at", flat=True))
    edit(order, **more_of(order.lines.first(), 3))
    assert set(Hold.objects.open().values_list("ends_at", flat=True)) == ends


def test_a_substitute_comes_in_place_of_the_line_for_the_same_car():
    order = placed(own_offer())
    line = order.lines.get()
    other = OfferFactory(price=Decimal("99.90"))
    edit(order, **new(other, 2, replaces=line.pk))
    added = order.lines.current().get()
    assert (added.part_id, added.price, added.replaces_id) == (other.part_id, Decimal("99.90"), line.pk)
    assert sums(order)[3] == Decimal("199.80")
    assert not Hold.objects.open().exists()


def test_price_delivery_and_discount_change_the_sum():
    order = placed(own_offer())
    edit(order, delivery_total=Decimal("80.00"), discount_total=Decimal("30.50"))
    assert sums(order) == (Decimal("300.00"), Decimal("80.00"), Decimal("30.50"), Decimal("349.50"))
    edit(order, **more_of(order.lines.get(), 2, Decimal("140.00")))
    assert sums(order) == (Decimal("280.00"), Decimal("80.00"), Decimal("30.50"), Decimal("329.50"))


def test_r7_a_changed_line_keeps_what_was_agreed_to():
    order = placed(own_offer())
    line = order.lines.get()
    line.part.name_uk, line.part.warranty_months = "Інша назва", 1
    line.part.save()
    edit(order, **more_of(line, 3))
    added = order.lines.current().get()
    for name in ("name", "brand_name", "article_number", "warranty_months", "ready_on", "car", "return_days", "fit"):
        assert getattr(added, name) == getattr(line, name)


def refusals(order):
    line = order.lines.get()
    gone = OfferFactory()
    Offer.objects.filter(pk=gone.pk).delete()
    short = OfferFactory(pieces=1)
    return {
        "nothing": (NothingChanged, {}),
        "the same": (NothingChanged, more_of(line, 2, Decimal("150.00"))),
        "no line left": (NothingLeft, {"taken_out": frozenset({line.pk})}),
        "a strange line": (LineGone, {"taken_out": frozenset({line.pk + 1000})}),
        "more than there is": (NotOffered, more_of(line, 6)),
        "an offer that has gone": (NotOffered, new(gone)),
        "more than the supplier has": (NotOffered, new(short, 2)),
        "no piece": (WrongQuantity, more_of(line, 0)),
        "too many pieces": (WrongQuantity, more_of(line, 100)),
        "a price below nothing": (WrongSum, more_of(line, 2, Decimal("-1"))),
        "parts of a kopeck": (WrongSum, more_of(line, 2, Decimal("1.005"))),
        "a discount above everything": (WrongSum, {"discount_total": Decimal("300.01")}),
    }


@pytest.mark.parametrize(
    "case",
    [
        "nothing",
        "the same",
        "no line left",
        "a strange line",
        "more than there is",
        "an offer that has gone",
        "more than the supplier has",
        "no piece",
        "too many pieces",
        "a price below nothing",
        "parts of a kopeck",
        "a discount above everything",
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(case):
    order = placed(own_offer())
    before = sums(order), Message.objects.count(), OrderEvent.objects.count()
    error, changes = refusals(order)[case]
    with pytest.raises(error) as refused, transaction.atomic():
        edit(order, **changes)
    assert str(refused.value)
    assert (sums(order), Message.objects.count(), OrderEvent.objects.count()) == before
    assert order.lines.current().count() == 1
    assert not OrderRevision.objects.exists()
    assert StockItem.objects.get().reserved == 2


def test_two_managers_do_not_overwrite_each_other():
    order = placed(own_offer())
    line = order.lines.get()
    edit(order, seen=1, **more_of(line, 3))
    with pytest.raises(EditConflict):
        edit(order, seen=1, delivery_total=Decimal("50.00"))
    assert OrderRevision.objects.count() == 1


@pytest.mark.parametrize("status", [Status.SHIPPED, Status.COMPLETED, Status.CANCELLED])
def test_an_order_that_is_over_is_not_edited(status):
    order = OrderFactory(status=status)
    with pytest.raises(WrongStatus):
        edit(order, delivery_total=Decimal("50.00"))
    assert sums(order)[1] == 0


def test_pieces_that_have_left_stay_in_the_order():
    order = placed(own_offer(), quantity=4)
    author = manager()
    confirm_order(order, author=author)
    line = order.lines.get()
    ship_order(order, author=author, waybill_number="20450123456789", pieces={line.pk: 3})
    for changes in ({"taken_out": frozenset({line.pk})}, more_of(line, 2)):
        with pytest.raises((LineShipped, NothingLeft)):
            edit(order, **changes)
    edit(order, **more_of(line, 3))
    order.refresh_from_db()
    assert order.status == Status.SHIPPED
    assert order.shipments.get().lines.get().line == order.lines.current().get()
    item = StockItem.objects.get()
    assert (item.on_hand, item.reserved) == (2, 0)
    assert Order.objects.get().events.last().kind == OrderEvent.Kind.SHIPPED


def test_the_customer_s_page_shows_what_is_in_the_order_now(client):
    gone, stays = own_offer(), own_offer()
    order = placed(gone, stays)
    first = order.lines.first()
    edit(order, taken_out=frozenset({first.pk}))
    page = client.get(order.get_absolute_url()).content.decode()
    assert stays.part.article_number in page
    assert first.article_number in page
    assert first.article_number not in re.sub(r"<del.*?</del>", "", page, flags=re.DOTALL)
