"""Tax receipts: each payment knows whether one is due, and keeps its number and link."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders import fiscal
from orders.models import FiscalReceipt, PaymentKind
from orders.payments.receiving import record_money
from orders.refund_sending import send_due_refunds
from orders.refunding import request_refund
from shop.privacy.models import Disclosure
from tests.factories import OrderFactory, OrderLineFactory
from tests.orders.payments.conftest import begin, fresh

pytestmark = pytest.mark.django_db
Status = FiscalReceipt.Status


@pytest.fixture(autouse=True)
def new_register(monkeypatch):
    """No token of another test's register."""
    monkeypatch.setattr("orders.fiscal._REGISTER", fiscal.Checkbox())
    monkeypatch.setattr("orders.fiscal._POLL_SECONDS", 0.01)
    monkeypatch.setattr("orders.payments.checkbox._POLL_SECONDS", 0.01)


@pytest.fixture
def payment(checkbox, liqpay, order):
    payment = begin(order, PaymentKind.LIQPAY)
    liqpay.press(payment.reference, "pay")
    return fresh(payment)


def soon():
    FiscalReceipt.objects.exclude(try_at=None).update(try_at=timezone.now() - timedelta(seconds=1))


def test_u12_a_payment_s_receipt_has_its_number_and_link(checkbox, payment):
    assert payment.receipt.status == Status.DUE
    fiscal.issue_due_receipts()
    receipt = FiscalReceipt.objects.get()
    assert (receipt.status, receipt.try_at) == (Status.DONE, None)
    assert receipt.fiscal_code.startswith("TEST-")
    assert receipt.url == f"https://check.checkbox.ua/{receipt.receipt_id}"
    [printed] = checkbox.receipts.values()
    assert printed["payments"] == [{"type": "CASHLESS", "value": 15000, "label": "Інтернет еквайринг"}]
    assert printed["delivery"] == {"emails": ["olena@example.com"]}
    assert printed["goods"][0]["quantity"] == 1000
    row = Disclosure.objects.get(receiver="Checkbox")
    assert row.fields == ["amount", "email", "goods"]


def test_u12_the_customer_finds_the_receipt_on_the_payment_page(payment, order, client):
    fiscal.issue_due_receipts()
    page = client.get(f"/orders/{order.number}/{order.secret}/payment/").text
    assert FiscalReceipt.objects.get().url in page


def test_u12_whose_work_a_receipt_is_is_set_by_way_of_paying(checkbox, monobank, order, manager):
    payment = begin(order, PaymentKind.MONOBANK)
    monobank.press(payment.reference, "pay")
    by_transfer = record_money(OrderFactory(), Decimal("150.00"), kind=PaymentKind.INVOICE, author=manager, note="")
    assert (payment.receipt.status, by_transfer.receipt.status) == (Status.BY_PROVIDER, Status.NOT_DUE)
    assert fiscal.issue_due_receipts() == 0
    assert not checkbox.receipts


def test_a_receipt_is_printed_once_however_often_it_is_tried(checkbox, payment):
    fiscal.issue_due_receipts()
    fiscal.issue_due_receipts()
    FiscalReceipt.objects.update(status=Status.SENDING, try_at=timezone.now())
    fiscal.issue_due_receipts()
    assert checkbox.calls.count("POST receipts") == 1
    assert len(checkbox.receipts) == 1


@pytest.mark.parametrize("answer", ["too-many", "broken", "garbage", "slow"])
def test_a_register_that_stumbles_prints_one_receipt_in_the_end(checkbox, payment, answer):
    checkbox.slow_seconds = 1.5
    checkbox.set_answer(answer)
    fiscal.issue_due_receipts()
    soon()
    fiscal.issue_due_receipts()
    assert FiscalReceipt.objects.get().status == Status.DONE
    assert len(checkbox.receipts) == 1


def test_a_refused_receipt_goes_to_a_person_who_may_try_again(checkbox, payment):
    checkbox.set_answer("refused")
    fiscal.issue_due_receipts()
    waiting = FiscalReceipt.objects.get()
    assert "відмовила" in waiting.needs_person_reason
    assert fiscal.try_again(waiting)
    fiscal.issue_due_receipts()
    assert FiscalReceipt.objects.get().status == Status.DONE
    assert not fiscal.try_again(waiting)


def test_a_cashier_who_was_signed_out_signs_in_again(checkbox, payment):
    checkbox.is_open = True
    fiscal._REGISTER.open_shift()
    checkbox.sign_everybody_out()
    fiscal.issue_due_receipts()
    assert FiscalReceipt.objects.get().status == Status.DONE
    assert checkbox.calls.count("POST cashier") == 2


def test_a_receipt_that_is_long_in_coming_is_shown_to_a_person(checkbox, payment, settings):
    settings.CHECKBOX_URL = "http://127.0.0.1:1"
    FiscalReceipt.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    fiscal.issue_due_receipts()
    receipt = FiscalReceipt.objects.get()
    assert (receipt.status, "10 хвилин" in receipt.needs_person_reason) == (Status.SENDING, True)


def test_a_return_names_its_sale_and_waits_for_it(checkbox, liqpay, payment, order):
    request_refund(order, Decimal("150.00"), author=None, reason="x")
    send_due_refunds()
    sale, back = FiscalReceipt.objects.get(payment__isnull=False), FiscalReceipt.objects.get(refund__isnull=False)
    FiscalReceipt.objects.filter(pk=sale.pk).update(try_at=timezone.now() + timedelta(hours=1))
    fiscal.issue_due_receipts()
    assert not checkbox.receipts
    soon()
    fiscal.issue_due_receipts()
    soon()
    fiscal.issue_due_receipts()
    printed = checkbox.receipts[str(back.receipt_id)]
    assert (printed["related_receipt_id"], printed["goods"][0]["is_return"]) == (str(sale.receipt_id), True)
    assert fresh(back).status == Status.DONE


def test_r6_the_receipt_lists_the_order_s_lines_to_the_kopeck(checkbox, liqpay, rules):
    order = OrderFactory(
        payment_kind=PaymentKind.LIQPAY,
        goods_total=Decimal("749.25"),
        delivery_total=Decimal("70.00"),
        total=Decimal("819.25"),
        lines=[],
    )
    OrderLineFactory(order=order, quantity=3, price=Decimal("249.75"))
    payment = begin(order, PaymentKind.LIQPAY)
    liqpay.press(payment.reference, "pay")
    fiscal.issue_due_receipts()
    [printed] = checkbox.receipts.values()
    rows = [(row["good"]["price"], row["quantity"]) for row in printed["goods"]]
    assert rows == [(24975, 3000), (7000, 1000)]
    assert printed["payments"][0]["value"] == 81925


def test_the_shift_is_closed_at_the_end_of_the_day(checkbox, payment):
    fiscal.issue_due_receipts()
    assert checkbox.is_open
    fiscal.close_shift()
    assert not checkbox.is_open
    fiscal.close_shift()
