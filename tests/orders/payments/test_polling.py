"""A notice that never came: the provider is asked, less and less often, until it is clear."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Payment, PaymentKind, PaymentStatus
from orders.payments.polling import ask_due_payments, ask_now
from orders.payments.receiving import Outcome
from orders.payments.requesting import cancel_open_payments
from tests.orders.payments.conftest import ask_for, begin, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(order, provider):
    return begin(order, provider.kind)


def make_due(payment, **fields):
    Payment.objects.filter(pk=payment.pk).update(ask_at=timezone.now() - timedelta(seconds=1), **fields)


def test_nobody_is_asked_before_the_time(provider, payment):
    calls = len(provider.calls)
    assert ask_due_payments() == 0
    assert len(provider.calls) == calls


def test_a_lost_notice_is_made_up_for_by_asking(provider, payment):
    provider.set_notices("none")
    provider.press(payment.reference, "pay")
    make_due(payment)
    assert ask_due_payments() == 1
    paid = fresh(payment)
    assert (paid.status, paid.received, paid.ask_at) == (PaymentStatus.PAID, Decimal("150.00"), None)
    assert ask_due_payments() == 0


@pytest.mark.parametrize("answer", ["too-many", "broken", "garbage", "bad-key"])
def test_a_provider_that_cannot_answer_is_asked_again_later(provider, payment, answer):
    provider.set_notices("none")
    provider.press(payment.reference, "pay")
    make_due(payment)
    provider.set_answer(answer)
    ask_due_payments()
    waiting = fresh(payment)
    assert (waiting.status, waiting.asked_times) == (PaymentStatus.PENDING, 1)
    assert waiting.ask_at > timezone.now() + timedelta(minutes=1)
    make_due(payment)
    ask_due_payments()
    assert fresh(payment).status == PaymentStatus.PAID


def test_an_attempt_that_nobody_paid_ends_with_its_page(provider, payment):
    provider.attempts.clear()
    make_due(payment, expires_at=timezone.now() - timedelta(minutes=11))
    ask_due_payments()
    over = fresh(payment)
    assert (over.status, over.ask_at) == (PaymentStatus.EXPIRED, None)


def test_a_page_that_was_opened_and_left_ends_without_troubling_anybody(liqpay, monobank, order):
    for kind in (PaymentKind.LIQPAY, PaymentKind.MONOBANK):
        payment = begin(order, kind)
        make_due(payment, expires_at=timezone.now() - timedelta(minutes=11))
        ask_due_payments()
        over = fresh(payment)
        assert (over.status, over.ask_at, over.needs_person_since) == (PaymentStatus.EXPIRED, None, None)


def test_what_is_in_the_bank_s_hands_is_waited_for(provider, payment):
    provider.attempts[payment.reference].change("processing")
    make_due(payment, expires_at=timezone.now() - timedelta(minutes=11))
    ask_due_payments()
    assert fresh(payment).status == PaymentStatus.PENDING
    make_due(payment, expires_at=timezone.now() - timedelta(days=4))
    ask_due_payments()
    assert fresh(payment).ask_at is None
    assert "третю добу" in fresh(payment).needs_person_reason


def test_an_attempt_that_the_provider_calls_expired_is_over(provider, payment):
    provider.attempts[payment.reference].change("expired")
    make_due(payment)
    ask_due_payments()
    assert fresh(payment).status in (PaymentStatus.EXPIRED, PaymentStatus.FAILED)
    assert fresh(payment).ask_at is None


def test_a_cancelled_attempt_is_looked_at_once_more(provider, order, payment):
    cancel_open_payments(order)
    provider.set_notices("none")
    provider.press(payment.reference, "pay")
    make_due(payment)
    ask_due_payments()
    assert fresh(payment).status == PaymentStatus.PAID


def test_a_sum_that_does_not_fit_goes_to_a_person_and_is_not_asked_for_again(provider, payment):
    provider.attempts[payment.reference].amount = "1.00"
    provider.attempts[payment.reference].change("paid")
    assert ask_now(payment) == Outcome.REFUSED
    waiting = fresh(payment)
    assert (waiting.status, waiting.ask_at) == (PaymentStatus.PENDING, None)
    assert "Просили 150" in waiting.needs_person_reason


def test_pauses_grow(provider, payment):
    make_due(payment, asked_times=3)
    ask_due_payments()
    assert fresh(payment).ask_at - timezone.now() > timedelta(minutes=15)


def test_a_request_nobody_began_is_never_asked_about(provider, order):
    ask_for(order)
    assert ask_due_payments() == 0
