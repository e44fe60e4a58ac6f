"""Money back: never more than came, never twice, and never forgotten, whatever the provider answers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from orders.errors import NothingToPay, RefundTooLarge, WrongPaymentStatus
from orders.models import FiscalReceipt, OrderEvent, PaymentKind, Refund
from orders.payments.receiving import record_money
from orders.refund_sending import send_due_refunds, send_refund
from orders.refunding import mark_refund_done, request_refund
from shop.messaging.models import Message
from tests.orders.payments.conftest import begin, fresh

pytestmark = pytest.mark.django_db
Done = Refund.Status.DONE


@pytest.fixture
def payment(order, provider):
    payment = begin(order, provider.kind)
    provider.press(payment.reference, "pay")
    return fresh(payment)


def back(payment, amount="150.00"):
    [refund] = request_refund(payment.order, Decimal(amount), author=None, reason="Деталь не підійшла")
    return refund


def soon(refund):
    Refund.objects.filter(pk=refund.pk).update(try_at=timezone.now() - timedelta(seconds=1))


def refunds_at(provider, payment):
    return [Decimal(amount) for _name, amount, _state in provider.attempts[payment.reference].refunds]


def test_a_refund_goes_through_the_provider_and_the_customer_is_told(provider, payment):
    refund = back(payment)
    assert refund.status == Refund.Status.DUE
    send_due_refunds()
    done = fresh(refund)
    assert (done.status, done.try_at, done.needs_person_since) == (Done, None, None)
    assert refunds_at(provider, payment) == [Decimal("150.00")]
    assert OrderEvent.objects.filter(kind=OrderEvent.Kind.REFUNDED).count() == 1
    assert Message.objects.filter(key__startswith="refund-done").count() == 2
    assert fresh(payment).needs_person_since is None


def test_a_part_may_go_back_and_then_the_rest(provider, payment):
    first = back(payment, "50.00")
    send_due_refunds()
    second = back(payment, "100.00")
    send_due_refunds()
    assert (fresh(first).status, fresh(second).status) == (Done, Done)
    assert refunds_at(provider, payment) == [Decimal("50.00"), Decimal("100.00")]
    assert [first.reference, second.reference] == [f"{payment.reference}-r1", f"{payment.reference}-r2"]


def test_r11_refunds_never_exceed_what_came(provider, payment):
    back(payment, "100.00")
    with pytest.raises(RefundTooLarge), transaction.atomic():
        back(payment, "50.01")
    with pytest.raises(NothingToPay):
        request_refund(payment.order, Decimal(0), author=None, reason="x")
    assert Refund.objects.get().amount == Decimal("100.00")
    with pytest.raises(IntegrityError, match="refunds of payment"), transaction.atomic():
        Refund.objects.create(payment=payment, amount=Decimal("50.01"), reference="past-the-guard", reason="x")


def test_r11_a_refund_has_a_state_of_its_own(provider, payment):
    refund = back(payment)
    send_due_refunds()
    for status in Refund.Status:
        with pytest.raises(WrongPaymentStatus):
            refund.move_to(status)
    assert fresh(refund).status == Done
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_refund")


@pytest.mark.parametrize("answer", ["too-many", "bad-key"])
def test_what_was_surely_not_taken_is_tried_again(provider, payment, answer):
    refund = back(payment)
    provider.set_answer(answer)
    send_due_refunds()
    again = fresh(refund)
    assert (again.status, again.attempts) == (Refund.Status.DUE, 1)
    assert again.try_at > timezone.now()
    assert refunds_at(provider, payment) == []
    soon(refund)
    send_due_refunds()
    assert fresh(refund).status == Done
    assert refunds_at(provider, payment) == [Decimal("150.00")]


@pytest.mark.parametrize(("answer", "has_happened"), [("garbage", True), ("slow", True), ("broken", False)])
def test_a_lost_answer_is_looked_up_and_never_repeated_blindly(provider, payment, answer, has_happened):
    refund = back(payment)
    provider.set_answer(answer)
    send_due_refunds()
    assert fresh(refund).status == Refund.Status.SENDING
    assert len(refunds_at(provider, payment)) == has_happened
    send_due_refunds()  # not before its time
    assert fresh(refund).status == Refund.Status.SENDING
    for _look in range(2):
        soon(refund)
        send_due_refunds()
    assert fresh(refund).status == Done
    assert refunds_at(provider, payment) == [Decimal("150.00")]


def test_a_refund_that_the_provider_refuses_goes_to_a_person(provider, payment):
    refund = back(payment)
    provider.set_answer("refused")
    send_due_refunds()
    refused = fresh(refund)
    assert (refused.status, refused.try_at) == (Refund.Status.FAILED, None)
    assert "відмовила" in refused.needs_person_reason
    assert not Message.objects.filter(key__startswith="refund-done").exists()
    assert back(payment).amount == Decimal("150.00")  # it may be asked for again


def test_a_refund_that_waits_for_the_shop_s_money_is_done_when_it_has_gone(provider, payment):
    refund = back(payment)
    provider.set_answer("pending")
    send_due_refunds()
    assert fresh(refund).status == Refund.Status.SENDING
    attempt = provider.attempts[payment.reference]
    name, amount, _state = attempt.refunds[0]
    soon(refund)
    if provider.kind != PaymentKind.LIQPAY:
        send_due_refunds()
        assert fresh(refund).status == Refund.Status.SENDING
    attempt.refunds[0] = (name, amount, "done")
    soon(refund)
    send_due_refunds()
    assert fresh(refund).status == Done


def test_a_worker_killed_in_the_middle_sends_nothing_twice(provider, payment, monkeypatch):
    refund = back(payment)

    def killed(*_args):
        raise SystemExit

    monkeypatch.setattr("orders.refund_sending._write_down", killed)
    with pytest.raises(SystemExit):
        send_refund(refund.pk)
    monkeypatch.undo()
    assert refunds_at(provider, payment) == [Decimal("150.00")]
    soon(refund)
    send_due_refunds()
    assert fresh(refund).status == Done
    assert refunds_at(provider, payment) == [Decimal("150.00")]


def test_an_unclear_part_is_not_guessed(wayforpay, order):
    payment = begin(order, PaymentKind.WAYFORPAY)
    wayforpay.press(payment.reference, "pay")
    refund = back(payment, "50.00")
    wayforpay.set_answer("garbage")
    send_due_refunds()
    soon(refund)
    send_due_refunds()
    waiting = fresh(refund)
    assert (waiting.status, waiting.try_at) == (Refund.Status.SENDING, None)
    assert "перевірте в кабінеті" in waiting.needs_person_reason
    assert refunds_at(wayforpay, payment) == [Decimal("50.00")]


def test_a_refund_spreads_over_payments_the_newest_first(liqpay, order, manager):
    card = begin(order, PaymentKind.LIQPAY)
    liqpay.press(card.reference, "pay")
    record_money(order, Decimal("40.00"), kind=PaymentKind.INVOICE, author=manager, note="")
    refunds = request_refund(order, Decimal("100.00"), author=manager, reason="x")
    assert [(refund.payment.kind, refund.amount) for refund in refunds] == [
        (PaymentKind.INVOICE, Decimal("40.00")),
        (PaymentKind.LIQPAY, Decimal("60.00")),
    ]
    send_due_refunds()
    assert [fresh(refund).status for refund in refunds] == [Refund.Status.DUE, Done]
    mark_refund_done(refunds[0], author=manager, note="переказ")
    assert fresh(refunds[0]).status == Done
    with pytest.raises(WrongPaymentStatus):
        mark_refund_done(refunds[0], author=manager, note="ще раз")


def test_the_money_s_own_notice_of_its_return_is_no_news(provider, payment):
    back(payment)
    send_due_refunds()
    provider.tell(provider.attempts[payment.reference])
    assert fresh(payment).needs_person_since is None


def test_u12_a_refund_knows_whether_a_receipt_is_due(provider, payment):
    back(payment)
    send_due_refunds()
    assert FiscalReceipt.objects.get(refund__isnull=False).status == FiscalReceipt.Status.NOT_DUE
