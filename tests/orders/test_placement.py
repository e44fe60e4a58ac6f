import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from orders import notices, placement
from orders.errors import (
    BasketChanged,
    BasketEmpty,
    OfferChanged,
    OrderChanged,
    OutOfStock,
    PriceChanged,
    TermsChanged,
)
from orders.models import DeliveryKind, Hold, Order, OrderEvent, Payment, PaymentKind, Status
from orders.placement import place_order
from shop.messaging.models import Channel, Message
from shop.offers.models import Offer, PriceList, StockItem
from shop.privacy.models import Consent
from tests.factories import (
    BasketFactory,
    BasketLineFactory,
    CarrierFactory,
    CustomerFactory,
    FitmentFactory,
    LegalDocumentFactory,
    ModificationFactory,
    OfferFactory,
    PickupPointFactory,
    SettlementFactory,
    own_offer,
)
from tests.orders.conftest import checkout_of

TOTAL = Decimal("300.00")


def nothing_is_saved(basket, *, lines):
    return (
        not Order.objects.exists()
        and not Hold.objects.exists()
        and not Message.objects.exists()
        and not Consent.objects.exists()
        and not StockItem.objects.exclude(reserved=0).exists()
        and basket.lines.count() == lines
    )


def test_placing_freezes_the_lines_and_holds_the_pieces(basket, checkout, offer_document):
    line = basket.lines.get()
    order = place_order(basket, checkout, shown_total=TOTAL)
    order.refresh_from_db()
    assert (order.status, order.goods_total, order.delivery_total, order.total) == (Status.PLACED, TOTAL, 0, TOTAL)
    assert len(order.number) == 10
    assert order.number.isdecimal()
    assert order.offer_document == offer_document
    assert order.receiver_name() == "Шевченко Олена Іванівна"
    assert order.address == (
        f"{order.settlement.name_uk} (Київська область), {order.pickup_point.name_uk}, вул. Прикладна, 1"
    )
    sold = order.lines.get()
    assert (sold.name, sold.article_number, sold.quantity, sold.price, sold.total, sold.warranty_months) == (
        line.part.name_uk,
        line.part.article_number,
        2,
        Decimal("150.00"),
        TOTAL,
        12,
    )
    hold = Hold.objects.get()
    assert (hold.line, hold.pieces, hold.state, hold.ends_at) == (sold, 2, Hold.State.OPEN, None)
    assert StockItem.objects.get().reserved == 2
    assert order.events.get().kind == OrderEvent.Kind.PLACED


def test_later_changes_of_part_and_offer_leave_the_line_as_it_was_sold(basket, checkout):
    order = place_order(basket, checkout, shown_total=TOTAL)
    part = order.lines.get().part
    part.name_uk, part.warranty_months = "Інша назва", 0
    part.save()
    Offer.objects.update(price=Decimal("999.00"))
    sold = order.lines.get()
    assert (sold.name, sold.price, sold.warranty_months) == ("Колодки гальмівні передні", Decimal("150.00"), 12)


def test_the_basket_starts_over_under_a_new_key(basket, checkout):
    key = basket.placement_key
    place_order(basket, checkout, shown_total=TOTAL)
    basket.refresh_from_db()
    assert basket.placement_key != key
    assert not basket.lines.exists()


def test_a_mail_and_an_sms_are_written_with_the_order(basket, checkout):
    order = place_order(basket, checkout, shown_total=TOTAL)
    mail, sms = order.messages.order_by("channel")
    assert (mail.channel, mail.receiver, mail.key) == (Channel.EMAIL, "olena@example.com", f"order-placed:{order.pk}")
    assert (sms.channel, sms.receiver) == (Channel.SMS, "+380671234567")
    assert order.secret not in mail.text + mail.html + sms.text


def test_the_accepted_offer_is_recorded(basket, checkout, offer_document):
    LegalDocumentFactory(version=2, valid_from=timezone.localdate() + timedelta(days=1))
    order = place_order(basket, checkout, shown_total=TOTAL)
    consent = Consent.objects.get()
    assert (consent.kind, consent.is_given, consent.document) == (Consent.Kind.OFFER, True, offer_document)
    assert (consent.subject_kind, consent.subject_id) == ("order", str(order.pk))


def test_the_newest_offer_in_force_is_the_accepted_one(basket, checkout):
    newer = LegalDocumentFactory(version=2)
    assert place_order(basket, checkout, shown_total=TOTAL).offer_document == newer


def test_pieces_of_an_invoice_are_held_for_48_hours(basket, checkout):
    with time_machine.travel(datetime(2026, 11, 20, 10, 0, tzinfo=UTC), tick=False):
        place_order(basket, replace(checkout, payment_kind=PaymentKind.INVOICE), shown_total=TOTAL)
    assert Hold.objects.get().ends_at == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", [PaymentKind.LIQPAY, PaymentKind.MONOBANK, PaymentKind.WAYFORPAY])
def test_pieces_wait_half_an_hour_for_a_buyer_at_a_payment_page(basket, checkout, kind):
    with time_machine.travel(datetime(2026, 11, 20, 10, 0, tzinfo=UTC), tick=False):
        place_order(basket, replace(checkout, payment_kind=kind), shown_total=TOTAL)
    assert Hold.objects.get().ends_at == datetime(2026, 11, 20, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize("kind", [PaymentKind.LIQPAY, PaymentKind.INVOICE])
def test_what_is_paid_beforehand_is_asked_for_with_the_order(basket, checkout, kind):
    order = place_order(basket, replace(checkout, payment_kind=kind), shown_total=TOTAL)
    payment = Payment.objects.get()
    assert (payment.order, payment.kind, payment.amount, payment.purpose) == (order, kind, TOTAL, "order")
    assert payment.reference == f"{order.number}-1"


def test_paid_on_delivery_asks_for_nothing_but_the_prepayment(basket, checkout):
    place_order(basket, checkout, shown_total=TOTAL)
    assert not Payment.objects.exists()
    other = BasketFactory()
    BasketLineFactory(basket=other)
    data = replace(checkout_of(other), prepayment=Decimal("45.00"))
    order = place_order(other, data, shown_total=Decimal("150.00"))
    payment = Payment.objects.get()
    assert (payment.order, payment.amount, payment.purpose) == (order, Decimal("45.00"), "prepayment")
    assert order.prepayment == Decimal("45.00")


def test_delivery_that_is_paid_to_us_is_part_of_the_sum(basket, checkout):
    data = replace(checkout, delivery_total=Decimal("80.50"), payment_kind=PaymentKind.INVOICE)
    with pytest.raises(BasketChanged):
        place_order(basket, data, shown_total=TOTAL)
    assert nothing_is_saved(basket, lines=1)
    order = place_order(basket, data, shown_total=Decimal("380.50"))
    order.refresh_from_db()
    assert (order.goods_total, order.delivery_total, order.total) == (TOTAL, Decimal("80.50"), Decimal("380.50"))
    assert Payment.objects.get().amount == Decimal("380.50")


def test_a_parcel_to_a_door_has_a_street_and_no_point(basket, checkout):
    town = SettlementFactory(name_uk="Львів", oblast_uk="Львівська область")
    door = {
        "delivery_kind": DeliveryKind.NOVA_POSHTA_DOOR,
        "pickup_point": None,
        "settlement": town,
        "carrier": CarrierFactory(),
        "street": "вул. Зелена",
        "house": "12-А",
    }
    order = place_order(basket, replace(checkout, **door, flat="7"), shown_total=TOTAL)
    order.refresh_from_db()
    assert (order.settlement, order.pickup_point, order.street, order.house, order.flat) == (
        town,
        None,
        "вул. Зелена",
        "12-А",
        "7",
    )
    assert order.address == "Львів (Львівська область), вул. Зелена, 12-А, кв. 7"
    assert replace(checkout, **door).address() == "Львів (Львівська область), вул. Зелена, 12-А"


def test_the_account_the_fit_check_and_the_manager_are_kept(basket, checkout):
    customer, manager = CustomerFactory(), CustomerFactory(staff=True)
    data = replace(checkout, customer_id=customer.pk, wants_fit_check=True, vin="WVWZZZ3CZ8P000001")
    order = place_order(basket, data, shown_total=TOTAL, placed_by=manager)
    order.refresh_from_db()
    assert (order.customer, order.wants_fit_check, order.placed_by) == (customer, True, manager)
    assert order.events.get().author == manager


def test_the_answer_whether_it_fits_is_frozen_with_the_line(basket):
    line = basket.lines.get()
    car = ModificationFactory()
    FitmentFactory(part=line.part, modification=car)
    basket.lines.update(modification=car)
    order = place_order(basket, checkout_of(basket), shown_total=TOTAL)
    assert order.lines.get().fit == "fits"


def test_a_newer_offer_than_the_shown_one_is_shown_first(basket, checkout):
    LegalDocumentFactory(version=2)
    with pytest.raises(OfferChanged) as refusal:
        place_order(basket, replace(checkout, offer_version=1), shown_total=TOTAL)
    assert "версія 2" in str(refusal.value)
    assert nothing_is_saved(basket, lines=1)
    assert place_order(basket, replace(checkout, offer_version=2), shown_total=TOTAL).offer_document.version == 2


def test_other_terms_than_the_shown_ones_are_refused_before_anything_is_written(basket, checkout):
    def check(data, lines):
        assert ([line.line.quantity for line in lines], data) == ([2], checkout)
        raise TermsChanged

    with pytest.raises(TermsChanged):
        place_order(basket, checkout, shown_total=TOTAL, check=check)
    assert nothing_is_saved(basket, lines=1)


def test_the_second_press_is_not_checked_again(basket, checkout):
    def check(_data, _lines):
        raise TermsChanged

    order = place_order(basket, checkout, shown_total=TOTAL)
    assert place_order(basket, checkout, shown_total=TOTAL, check=check) == order


def _elsewhere(checkout):
    return {"pickup_point": PickupPointFactory(settlement=checkout.pickup_point.settlement)}


@pytest.mark.parametrize(
    "other",
    [
        {"wants_fit_check": True},
        {"prepayment": Decimal("10.00")},
        {"delivery_total": Decimal("0.01")},
        {"offer_version": 1},
        {"street": "вул. Зелена"},
        {"house": "1"},
        {"flat": "1"},
        {"payment_kind": PaymentKind.INVOICE},
        {"delivery_kind": DeliveryKind.PICKUP},
        _elsewhere,
    ],
)
def test_the_hash_tells_every_choice_from_every_other(basket, checkout, other):
    changes = other(checkout) if callable(other) else other
    first = place_order(basket, checkout, shown_total=TOTAL)
    with pytest.raises(OrderChanged):
        place_order(basket, replace(checkout, **changes), shown_total=TOTAL)
    assert replace(checkout, language="en", customer_id=1).content_hash(TOTAL) == first.content_hash


def test_same_checkout_sent_twice_makes_one_order(basket, checkout):
    first = place_order(basket, checkout, shown_total=TOTAL)
    assert place_order(basket, checkout, shown_total=TOTAL) == first
    assert Order.objects.get() == first
    assert Message.objects.count() == 2
    assert StockItem.objects.get().reserved == 2


def test_same_key_with_other_content_is_refused(basket, checkout):
    first = place_order(basket, checkout, shown_total=TOTAL)
    with pytest.raises(OrderChanged) as refusal:
        place_order(basket, replace(checkout, surname="Бондар"), shown_total=TOTAL)
    assert refusal.value.order == first
    assert first.number in str(refusal.value)
    assert Order.objects.get().surname == "Шевченко"


def test_a_key_nobody_gave_out_is_refused(basket, checkout):
    with pytest.raises(OrderChanged) as refusal:
        place_order(basket, replace(checkout, key=uuid.uuid4()), shown_total=TOTAL)
    assert refusal.value.order is None
    assert nothing_is_saved(basket, lines=1)


def test_an_empty_basket_is_refused(offer_document):
    basket = BasketFactory()
    with pytest.raises(BasketEmpty):
        place_order(basket, checkout_of(basket), shown_total=Decimal(0))
    assert not Order.objects.exists()


def test_r15_a_changed_price_is_refused_with_old_and_new(basket, checkout):
    Offer.objects.update(price=Decimal("160.50"))
    with pytest.raises(PriceChanged) as refusal:
        place_order(basket, checkout, shown_total=TOTAL)
    (change,) = refusal.value.changes
    assert (change.old, change.new) == (Decimal("150.00"), Decimal("160.50"))
    assert (refusal.value.shown_total, refusal.value.total) == (TOTAL, Decimal("321.00"))
    assert nothing_is_saved(basket, lines=1)


def test_a_lower_price_is_agreed_to_as_well(basket, checkout):
    Offer.objects.update(price=Decimal("140.00"))
    with pytest.raises(PriceChanged):
        place_order(basket, checkout, shown_total=TOTAL)


def test_a_basket_changed_in_another_tab_is_refused(basket, checkout):
    basket.lines.update(quantity=3)
    with pytest.raises(BasketChanged):
        place_order(basket, checkout, shown_total=TOTAL)
    assert nothing_is_saved(basket, lines=1)


@pytest.mark.parametrize("quantity", [1, 2, 4])
def test_another_part_for_the_same_sum_is_refused(basket, checkout, quantity):
    basket.lines.all().delete()
    BasketLineFactory(basket=basket, offer=own_offer(price=TOTAL / quantity), quantity=quantity)
    with pytest.raises(BasketChanged):
        place_order(basket, checkout, shown_total=TOTAL)
    assert nothing_is_saved(basket, lines=1)


def test_the_same_part_for_another_car_is_refused(basket, checkout):
    basket.lines.update(modification=ModificationFactory())
    with pytest.raises(BasketChanged):
        place_order(basket, checkout, shown_total=TOTAL)


def test_a_line_taken_out_and_put_in_again_is_the_same_line(basket, checkout):
    basket.lines.all().delete()
    basket.add(Offer.objects.get(), quantity=2, car=None)
    assert place_order(basket, checkout, shown_total=TOTAL).total == TOTAL


def test_a_sum_that_was_never_shown_is_refused(basket, checkout):
    with pytest.raises(BasketChanged):
        place_order(basket, checkout, shown_total=Decimal("1.00"))
    assert nothing_is_saved(basket, lines=1)


@pytest.mark.parametrize(("on_hand", "left"), [(1, 1), (0, 0)])
def test_too_few_own_pieces_are_refused_with_how_many_are_left(basket, checkout, on_hand, left):
    StockItem.objects.update(on_hand=on_hand)
    with pytest.raises(OutOfStock) as refusal:
        place_order(basket, checkout, shown_total=TOTAL)
    (short,) = refusal.value.lines
    assert short.free_pieces == left
    assert nothing_is_saved(basket, lines=1)


def test_promised_pieces_cannot_be_sold_again(basket, checkout):
    StockItem.objects.update(reserved=4)
    with pytest.raises(OutOfStock) as refusal:
        place_order(basket, checkout, shown_total=TOTAL)
    assert [line.free_pieces for line in refusal.value.lines] == [1]
    assert StockItem.objects.get().reserved == 4


def test_the_same_part_for_two_cars_counts_against_one_shelf(basket):
    line = basket.lines.get()
    offer = Offer.objects.get()
    BasketLineFactory(basket=basket, offer=offer, modification=ModificationFactory(), quantity=4)
    with pytest.raises(OutOfStock) as refusal:
        place_order(basket, checkout_of(basket), shown_total=Decimal("900.00"))
    assert [(short.line.pk != line.pk, short.free_pieces) for short in refusal.value.lines] == [(True, 3)]
    basket.lines.exclude(pk=line.pk).update(quantity=3)
    place_order(basket, checkout_of(basket), shown_total=Decimal("750.00"))
    assert StockItem.objects.get().reserved == 5


def test_supplier_pieces_are_checked_against_the_list_and_not_held(offer_document):
    basket = BasketFactory()
    BasketLineFactory(basket=basket, offer=OfferFactory(pieces=2), quantity=3)
    with pytest.raises(OutOfStock):
        place_order(basket, checkout_of(basket), shown_total=Decimal("450.00"))
    Offer.objects.update(pieces=3)
    place_order(basket, checkout_of(basket), shown_total=Decimal("450.00"))
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    "gone",
    [
        lambda line: PriceList.objects.update(fresh_until=timezone.now()),
        lambda line: type(line.warehouse).objects.update(is_active=False),
        lambda line: type(line.part).objects.update(is_active=False),
    ],
)
def test_r16_what_is_no_longer_offered_cannot_be_ordered(basket, checkout, gone):
    gone(basket.lines.get())
    with pytest.raises(OutOfStock) as refusal:
        place_order(basket, checkout, shown_total=TOTAL)
    assert refusal.value.lines[0].is_gone
    assert nothing_is_saved(basket, lines=1)


def test_an_english_order_is_frozen_in_english(basket, checkout):
    part = basket.lines.get().part
    part.name_en = "Front brake pads"
    part.save()
    order = place_order(basket, replace(checkout, language="en"), shown_total=TOTAL)
    assert order.lines.get().name == "Front brake pads"
    assert order.page_address().startswith("http://testserver/en/orders/")


def test_a_number_that_is_taken_is_drawn_again(basket, checkout, monkeypatch):
    draws = iter(["1111111111", "1111111111", "2222222222"])
    monkeypatch.setattr(placement, "new_number", lambda: next(draws))
    place_order(basket, checkout, shown_total=TOTAL)
    other = BasketFactory()
    BasketLineFactory(basket=other)
    order = place_order(other, checkout_of(other), shown_total=Decimal("150.00"))
    assert order.number == "2222222222"
    assert Order.objects.count() == 2


def test_a_failure_after_the_messages_leaves_no_message_behind(basket, checkout, monkeypatch, mailoutbox):
    """Messages are rows of the same transaction; written outside it, this order's mail would go out."""

    def break_down(*_args):
        raise RuntimeError("power cut")

    told = notices.order_placed
    monkeypatch.setattr(notices, "order_placed", lambda *args: (told(*args), break_down()))
    with pytest.raises(RuntimeError, match="power cut"):
        place_order(basket, checkout, shown_total=TOTAL)
    assert nothing_is_saved(basket, lines=1)
    assert not mailoutbox


def test_nothing_is_woken_before_the_commit(basket, checkout, django_capture_on_commit_callbacks, monkeypatch):
    woken = []
    monkeypatch.setattr("shop.messaging.outbox._publish", lambda *args: woken.append(args))
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        place_order(basket, checkout, shown_total=TOTAL)
        assert woken == []
    for callback in callbacks:
        callback()
    assert woken == [("orders", "email", "sms")]


@pytest.mark.parametrize("count", [1, 8])
def test_more_lines_cost_one_reservation_each_and_nothing_else(offer_document, django_assert_max_num_queries, count):
    basket = BasketFactory()
    for _number in range(count):
        BasketLineFactory(basket=basket, ours=True)
    checkout = checkout_of(basket)
    with django_assert_max_num_queries(17 + count):
        place_order(basket, checkout, shown_total=Decimal("150.00") * count)
