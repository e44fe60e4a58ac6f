"""Money that comes in, whenever and however often: nothing is lost, and what is odd goes to a person."""

from decimal import Decimal

import pytest
from django.utils import timezone

from orders.cancellation import cancel_order
from orders.models import Hold, OrderEvent, Payment, PaymentKind, PaymentStatus, Refund, Status
from orders.payments.balance import order_balance
from orders.payments.provider import ProviderState, State
from orders.payments.receiving import Outcome, Refused, apply_state, record_money
from orders.payments.requesting import cancel_open_payments, request_payment, to_pay_now
from orders.placement import place_order
from orders.refunding import request_refund
from shop.messaging.models import Message
from shop.offers.models import StockItem
from tests.factories import OrderFactory
from tests.orders.conftest import checkout_of
from tests.orders.payments.conftest import ask_for, begin, fresh

pytestmark = pytest.mark.django_db
FULL = Decimal("150.00")


def paid(payment, **changes):
    return ProviderState(
        **{"reference": payment.reference, "status": State.PAID, "amount": payment.amount, "currency": "UAH"} | changes
    )


def test_an_equal_request_is_the_same_and_another_sum_is_another(order):
    first = request_payment(order, FULL, kind=PaymentKind.LIQPAY)
    assert request_payment(order, FULL, kind=PaymentKind.LIQPAY) == first
    other = request_payment(order, Decimal("20.00"), kind=PaymentKind.LIQPAY, purpose=Payment.Purpose.SURCHARGE)
    assert [first.reference, other.reference] == [f"{order.number}-1", f"{order.number}-2"]


def test_a_surcharge_is_told_of_with_the_secret_link(order):
    payment = request_payment(order, Decimal("20.00"), kind=PaymentKind.LIQPAY, purpose=Payment.Purpose.SURCHARGE)
    letter = Message.objects.get(key=f"payment-requested:{payment.pk}")
    assert letter.subject == f"Замовлення № {order.number}: до сплати 20 ₴"
    assert order.secret not in letter.text
    assert "[[order-page]]" in letter.text
    assert Message.objects.filter(key=f"payment-requested-sms:{payment.pk}").exists()


def test_placing_s_own_request_is_told_by_the_placing_letter(order):
    ask_for(order)
    assert not Message.objects.exists()


@pytest.mark.parametrize("was", ["expired", "cancelled", "failed"])
def test_r4_money_for_an_attempt_that_is_over_is_taken(order, was):
    payment = ask_for(order)
    Payment.objects.filter(pk=payment.pk).update(status=was)
    assert apply_state(payment.pk, paid(payment)) == Outcome.APPLIED
    assert (fresh(payment).status, fresh(payment).received) == (PaymentStatus.PAID, FULL)
    assert fresh(payment).needs_person_since is None


def test_r4_money_for_a_cancelled_order_is_recorded_and_offered_back(order, manager):
    payment = begin_row(order)
    cancel_order(order, author=manager)
    cancel_open_payments(order)
    assert apply_state(payment.pk, paid(payment)) == Outcome.APPLIED
    taken = fresh(payment)
    assert (taken.status, taken.received) == (PaymentStatus.PAID, FULL)
    assert "Замовлення скасовано" in taken.needs_person_reason
    assert order_balance(fresh(order)).surplus == FULL
    assert not Refund.objects.exists()  # a person decides


def begin_row(order):
    payment = ask_for(order)
    payment.move_to(PaymentStatus.PENDING, ask_at=timezone.now())
    return payment


def test_money_that_came_twice_is_kept_and_shown(order):
    first = begin_row(order)
    apply_state(first.pk, paid(first))
    second = Payment.objects.create(
        order=order, kind=PaymentKind.MONOBANK, amount=FULL, reference=f"{order.number}-7", status="cancelled"
    )
    apply_state(second.pk, paid(second))
    assert order.payments.received() == Decimal("300.00")
    assert fresh(second).needs_person_reason == "Надійшло на 150\xa0₴ більше, ніж треба: поверніть зайве."
    assert fresh(first).needs_person_since is None


def test_a_second_payment_under_one_reference_is_a_person_s_business(order):
    payment = begin_row(order)
    apply_state(payment.pk, paid(payment, provider_id="1"))
    with pytest.raises(Refused, match="other-payment"):
        apply_state(payment.pk, paid(payment, provider_id="2"))
    assert fresh(payment).received == FULL


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"amount": Decimal("149.99")}, "wrong-amount"),
        ({"amount": Decimal("150.01")}, "wrong-amount"),
        ({"amount": None}, "wrong-amount"),
        ({"currency": "USD"}, "wrong-currency"),
        ({"currency": ""}, "wrong-currency"),
        ({"happened_at": timezone.now() - timezone.timedelta(days=1)}, "old-stamp"),
    ],
)
def test_r3_a_word_that_does_not_fit_the_attempt_changes_nothing(order, change, problem):
    payment = begin_row(order)
    with pytest.raises(Refused, match=problem):
        apply_state(payment.pk, paid(payment, **change))
    assert (fresh(payment).status, fresh(payment).received) == (PaymentStatus.PENDING, 0)


def test_a_paid_attempt_stays_paid_whatever_comes(order):
    payment = begin_row(order)
    apply_state(payment.pk, paid(payment))
    for status in (State.PENDING, State.FAILED, State.EXPIRED, State.UNKNOWN):
        apply_state(payment.pk, paid(payment, status=status))
        assert (fresh(payment).status, fresh(payment).received) == (PaymentStatus.PAID, FULL)


def test_money_returned_in_the_provider_s_cabinet_is_a_person_s_business(order):
    payment = begin_row(order)
    apply_state(payment.pk, paid(payment))
    apply_state(payment.pk, paid(payment, status=State.RETURNED))
    assert "повернуто" in fresh(payment).needs_person_reason
    assert order_balance(order).received == FULL


@pytest.fixture
def held(basket, rules, offer_document):
    return place_order(basket, checkout_of(basket, payment_kind=PaymentKind.INVOICE), shown_total=Decimal("300.00"))


def test_paid_pieces_are_held_without_an_end(held, manager):
    Hold.objects.update(ends_at=timezone.now())
    record_money(held, Decimal("300.00"), kind=PaymentKind.INVOICE, author=manager, note="виписка")
    assert Hold.objects.get().ends_at is None


def test_money_after_the_hold_ended_takes_the_pieces_again(held, manager):
    release(held)
    record_money(held, Decimal("300.00"), kind=PaymentKind.INVOICE, author=manager, note="виписка")
    assert StockItem.objects.get().reserved == 2
    assert fresh(held).needs_person_since is None


def test_money_after_the_pieces_were_sold_is_kept_and_a_person_is_asked(held, manager):
    release(held)
    StockItem.objects.update(on_hand=1)
    payment = record_money(held, Decimal("300.00"), kind=PaymentKind.INVOICE, author=manager, note="виписка")
    assert fresh(payment).received == Decimal("300.00")
    assert "резерв" in fresh(held).needs_person_reason


def release(order):
    from orders.holds import release_holds

    release_holds(order)


def test_a_part_of_an_invoice_leaves_the_rest_to_be_paid(rules, manager):
    order = OrderFactory(payment_kind=PaymentKind.INVOICE)
    asked = ask_for(order)
    part = record_money(order, Decimal("100.00"), kind=PaymentKind.INVOICE, author=manager, note="виписка")
    assert part != asked
    assert to_pay_now(order) == Decimal("50.00")
    assert order_balance(order).due == Decimal("50.00")
    record_money(order, Decimal("50.00"), kind=PaymentKind.INVOICE, author=manager, note="виписка")
    assert to_pay_now(order) == 0
    assert not order.payments.open().exists()
    assert order.events.filter(kind=OrderEvent.Kind.PAID).count() == 2


def test_one_payment_that_covers_all_ends_the_other_requests(order, manager):
    asked = begin_row(order)
    record_money(order, FULL, kind=PaymentKind.INVOICE, author=manager, note="виписка")
    assert fresh(asked).status == PaymentStatus.CANCELLED
    assert fresh(asked).ask_at is not None  # somebody may be at its page: one look more


def test_the_balance_counts_what_is_on_its_way_back(order, manager):
    payment = record_money(order, Decimal("170.00"), kind=PaymentKind.INVOICE, author=manager, note="")
    assert payment.needs_person_reason or fresh(payment).needs_person_reason
    request_refund(order, Decimal("20.00"), author=manager, reason="зайве")
    balance = order_balance(order)
    assert (balance.received, balance.returned, balance.due, balance.surplus) == (
        Decimal("170.00"),
        Decimal("20.00"),
        0,
        0,
    )


def test_a_prepayment_is_all_that_is_asked_for_before_dispatch(rules):
    order = OrderFactory(payment_kind=PaymentKind.ON_DELIVERY, prepayment=Decimal("30.00"))
    assert to_pay_now(order) == Decimal("30.00")
    assert to_pay_now(OrderFactory(payment_kind=PaymentKind.ON_DELIVERY)) == 0
    cancelled = OrderFactory(payment_kind=PaymentKind.LIQPAY, status=Status.CANCELLED)
    assert order_balance(cancelled).due == 0


def test_a_prepayment_by_card_leaves_the_rest_for_the_delivery(liqpay, rules, client):
    order = OrderFactory(payment_kind=PaymentKind.ON_DELIVERY, prepayment=Decimal("30.00"))
    payment = begin(order, PaymentKind.LIQPAY)
    assert (payment.amount, payment.purpose) == (Decimal("30.00"), Payment.Purpose.PREPAYMENT)
    liqpay.press(payment.reference, "pay")
    page = client.get(f"/orders/{order.number}/{order.secret}/payment/").text.replace("\xa0", " ")
    assert "Передоплату отримали. Решту, 120 ₴, сплатите під час отримання." in page
