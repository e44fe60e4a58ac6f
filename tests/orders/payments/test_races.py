"""Several at once, with real transactions; each was seen to fail without its guard."""

from decimal import Decimal

import pytest

from orders.models import OrderEvent, PaymentKind, PaymentStatus, Refund
from orders.payments.polling import ask_now
from orders.payments.provider import ProviderState, State
from orders.payments.receiving import apply_state
from orders.payments.starting import start_payment
from orders.refund_sending import send_refund
from orders.refunding import request_refund
from shop.messaging.models import Message
from tests.orders.payments.conftest import begin, fresh, in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def assert_paid_once(payment):
    assert (fresh(payment).status, fresh(payment).received) == (PaymentStatus.PAID, Decimal("150.00"))
    assert OrderEvent.objects.filter(kind=OrderEvent.Kind.PAID).count() == 1
    assert Message.objects.filter(key__startswith="payment-received").count() == 2


def test_r2_two_notices_at_once_change_the_order_once(liqpay, order):
    payment = begin(order, PaymentKind.LIQPAY)
    word = ProviderState(payment.reference, State.PAID, amount=payment.amount)
    outcomes = in_threads(*[lambda: apply_state(payment.pk, word)] * 6)
    assert sorted(map(str, outcomes)) == ["applied"] + ["repeated"] * 5
    assert_paid_once(payment)


def test_a_notice_and_an_answer_at_once_change_the_order_once(provider, order):
    payment = begin(order, provider.kind)
    attempt = provider.attempts[payment.reference]
    attempt.change("paid")
    results = in_threads(
        lambda: provider.tell(attempt),
        lambda: ask_now(payment),
        lambda: provider.tell(attempt),
        lambda: ask_now(payment),
    )
    assert not [result for result in results if isinstance(result, Exception)]
    assert [posted.status for posted in provider.posted] == [200, 200]
    assert_paid_once(payment)


def test_a_double_click_makes_one_attempt_and_one_page(provider, order):
    pages = in_threads(*[lambda: start_payment(order, kind=provider.kind)] * 4)
    assert len({page.address for page in pages}) == 1
    assert order.payments.count() == 1
    assert provider.calls.count("invoice/create") <= 1


def test_r11_two_refunds_at_once_never_exceed_the_payment(liqpay, order):
    payment = begin(order, PaymentKind.LIQPAY)
    liqpay.press(payment.reference, "pay")

    def back():
        from django.db import transaction

        with transaction.atomic():
            return request_refund(order, Decimal("100.00"), author=None, reason="x")

    results = in_threads(back, back, back)
    assert sum(isinstance(result, list) for result in results) == 1
    assert Refund.objects.get().amount == Decimal("100.00")


def test_one_refund_taken_up_by_three_workers_is_sent_once(provider, order):
    payment = begin(order, provider.kind)
    provider.press(payment.reference, "pay")
    from django.db import transaction

    with transaction.atomic():
        [refund] = request_refund(order, Decimal("150.00"), author=None, reason="x")
    results = in_threads(*[lambda: send_refund(refund.pk)] * 3)
    assert results == [None] * 3
    assert fresh(refund).status == Refund.Status.DONE
    assert len(provider.attempts[payment.reference].refunds) == 1
