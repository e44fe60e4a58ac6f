"""What a provider posts, however it posts it: each provider against its fake, over HTTP."""

from decimal import Decimal

import pytest

from orders.models import OrderEvent, Payment, PaymentStatus
from orders.payments import notices_in
from shop.messaging.models import Message, WebhookEvent
from tests.orders.payments.conftest import begin, fresh

pytestmark = pytest.mark.django_db
Outcome = WebhookEvent.Outcome


@pytest.fixture
def payment(order, provider):
    return begin(order, provider.kind)


def outcomes():
    return list(WebhookEvent.objects.order_by("pk").values_list("outcome", flat=True))


def assert_paid_once(payment):
    paid = fresh(payment)
    assert (paid.status, paid.received, paid.ask_at) == (PaymentStatus.PAID, Decimal("150.00"), None)
    assert OrderEvent.objects.filter(kind=OrderEvent.Kind.PAID).count() == 1
    assert Message.objects.filter(key__startswith="payment-received").count() == 2


def test_a_paid_attempt_is_paid_and_the_customer_is_told(provider, payment):
    provider.press(payment.reference, "pay")
    assert_paid_once(payment)
    assert outcomes() == [Outcome.APPLIED]
    assert fresh(payment).needs_person_since is None


def test_r2_the_same_notice_five_times_changes_the_order_once_and_is_answered_200_each_time(provider, payment):
    provider.set_notices("five-times")
    provider.press(payment.reference, "pay")
    assert [posted.status for posted in provider.posted] == [200] * 5
    assert_paid_once(payment)
    assert all(outcome in (Outcome.APPLIED, Outcome.REPEATED) for outcome in outcomes())
    assert sum(WebhookEvent.objects.values_list("deliveries", flat=True)) == 5


@pytest.mark.parametrize(
    ("notices", "problem", "status"),
    [
        ("wrong-signature", "wrong-signature", 400),
        ("other-amount", "wrong-amount", 200),
        ("other-currency", "wrong-currency", 200),
        ("unknown-order", "unknown-order", 200),
    ],
)
def test_r3_a_notice_that_cannot_be_true_changes_nothing_and_is_shown_to_a_person(
    provider, payment, notices, problem, status
):
    provider.set_notices(notices)
    provider.press(payment.reference, "pay")
    assert [posted.status for posted in provider.posted] == [status]
    event = WebhookEvent.objects.get()
    assert (event.outcome, event.problem) == (Outcome.REFUSED, problem)
    assert event.needs_person_since
    assert event.needs_person_reason
    same = fresh(payment)
    assert (same.status, same.received) == (PaymentStatus.PENDING, Decimal(0))
    assert not OrderEvent.objects.exists()


def test_r3_a_notice_older_than_its_attempt_is_refused(provider, payment):
    attempt = provider.attempts[payment.reference]
    attempt.created_at -= 7200
    attempt.changed_at -= 7200
    attempt.status = "paid"
    provider.tell(attempt)
    event = WebhookEvent.objects.get()
    assert (event.outcome, event.problem) == (Outcome.REFUSED, "old-stamp")
    assert event.needs_person_since
    assert fresh(payment).status == PaymentStatus.PENDING


def test_r4_a_notice_before_the_buyer_is_back_is_all_that_is_needed(provider, payment, client):
    provider.press(payment.reference, "pay")
    calls = len(provider.calls)
    from orders.payments.starting import return_address

    answer = client.get(return_address(payment))
    assert "Оплату отримано" in answer.text
    assert len(provider.calls) == calls  # nobody had to be asked


def test_a_word_in_progress_that_comes_after_the_money_is_stale(provider, payment):
    provider.set_notices("reordered")
    provider.press(payment.reference, "pay")
    assert_paid_once(payment)
    assert Outcome.STALE in outcomes()
    assert [posted.status for posted in provider.posted] == [200, 200]


def test_money_that_comes_after_a_refusal_is_taken(provider, payment):
    provider.set_notices("late-success")
    provider.press(payment.reference, "pay")
    assert outcomes() == [Outcome.APPLIED, Outcome.APPLIED]
    assert_paid_once(payment)


def test_a_refusal_ends_the_attempt_without_money(provider, payment):
    provider.press(payment.reference, "decline")
    failed = fresh(payment)
    assert (failed.status, failed.received, failed.ask_at) == (PaymentStatus.FAILED, Decimal(0), None)
    assert not Message.objects.filter(key__startswith="payment-received").exists()


def test_a_notice_that_nobody_could_apply_is_applied_by_the_timetable(provider, payment, monkeypatch):
    monkeypatch.setattr("orders.views.hook.notices_in.handle", lambda event: event)
    provider.press(payment.reference, "pay")
    assert fresh(payment).status == PaymentStatus.PENDING
    monkeypatch.undo()
    WebhookEvent.objects.update(received_at="2020-01-01T00:00Z")
    assert notices_in.handle_waiting() == 1
    assert_paid_once(payment)
    assert notices_in.handle_waiting() == 0


CARD_TRACES = ("414943", "444403", "41****8217", "8217", "cardToken", "card_token", "DEMO", "maskedPan", "203.0")


def test_p2_nothing_of_a_card_stays_in_the_database(provider, payment):
    provider.set_notices("other-amount")
    provider.press(payment.reference, "pay")
    provider.tell(provider.attempts[payment.reference])
    for event in WebhookEvent.objects.all():
        for trace in (
            "414943",
            "444403",
            "41****8217",
            "8217",
            "cardToken",
            "card_token",
            "DEMO",
            "maskedPan",
            "203.0",
        ):
            assert trace not in event.body
        assert event.signature == ""
    assert fresh(payment).status == PaymentStatus.PAID


def test_a_way_without_its_keys_has_no_address_for_notices(provider, payment, settings, client):
    settings.LIQPAY_PRIVATE_KEY = settings.MONOBANK_TOKEN = settings.WAYFORPAY_SECRET = ""
    assert client.post(f"/hooks/{provider.kind}/", b"{}", content_type="application/json").status_code == 404
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"\xff\x00", b"data=%%%&signature=x", b"data=e30=&signature=x" * 9]
)
def test_rubbish_is_refused_and_kept_short(provider, settings, rules, client, body):
    answer = client.post(f"/hooks/{provider.kind}/", body, content_type="application/json")
    assert answer.status_code == 400
    assert WebhookEvent.objects.get().outcome == Outcome.REFUSED
    assert not Payment.objects.exists()


def test_too_much_rubbish_is_not_even_kept(liqpay, settings, client, db):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"refused-notice": {"address": 2}}
    statuses = [client.post("/hooks/liqpay/", f"data={n}", content_type="text/plain").status_code for n in range(4)]
    assert statuses == [400, 400, 429, 429]
    assert WebhookEvent.objects.count() == 2


def test_get_and_a_huge_body_are_refused(client, db):
    assert client.get("/hooks/liqpay/").status_code == 405
    assert client.post("/hooks/liqpay/", b"x" * 70_000, content_type="text/plain").status_code == 413
    assert client.post("/hooks/nobody/", b"x", content_type="text/plain").status_code == 404
    assert not WebhookEvent.objects.exists()
