"""What staff see of money and what they do with it."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from orders.models import FiscalReceipt, Payment, PaymentKind, PaymentRule, PaymentStatus, Refund
from orders.payments.receiving import record_money
from orders.refunding import request_refund
from shop.backoffice.queues import waiting_for_person
from shop.backoffice.roles import Role
from shop.messaging.models import WebhookEvent
from tests.factories import CustomerFactory, OrderFactory
from tests.orders.payments.conftest import ask_for, begin, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    person = CustomerFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=Role.MANAGER))
    return person


@pytest.fixture
def desk(client, person):
    client.force_login(person)
    return client


def page(model, row, act="change"):
    return reverse(f"admin:{model}_{act}", args=[row.pk])


def invoice_order():
    return OrderFactory(payment_kind=PaymentKind.INVOICE)


def fill(rows, person):
    for _number in range(rows):
        order = invoice_order()
        payment = record_money(order, Decimal("160.00"), kind=PaymentKind.INVOICE, author=person, note="виписка")
        request_refund(order, Decimal("10.00"), author=person, reason="зайве")
        WebhookEvent.objects.create(key=f"k{payment.pk}", provider="liqpay", outcome="refused", body="{}")
        PaymentRule.objects.create(kind=PaymentKind.LIQPAY)


LISTS = ["orders_payment", "orders_refund", "orders_fiscalreceipt", "messaging_webhookevent", "orders_paymentrule"]


@pytest.mark.parametrize("model", LISTS)
def test_a_list_costs_the_same_for_one_row_and_for_twenty(desk, person, django_assert_num_queries, model):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fill(1, person)
    address = reverse(f"admin:{model}_changelist")
    desk.get(address)
    with CaptureQueriesContext(connection) as one:
        assert desk.get(address).status_code == 200
    fill(19, person)
    with django_assert_num_queries(len(one)):
        answer = desk.get(address)
    assert answer.status_code == 200


def test_every_row_has_a_page_and_opens(desk, person):
    fill(1, person)
    for model, row in {
        "orders_payment": Payment.objects.get(),
        "orders_refund": Refund.objects.get(),
        "orders_fiscalreceipt": FiscalReceipt.objects.get(),
        "messaging_webhookevent": WebhookEvent.objects.get(),
        "orders_paymentrule": PaymentRule.objects.get(),
    }.items():
        assert desk.get(page(model, row)).status_code == 200, model


def test_odd_money_stands_in_the_queue(desk, person):
    fill(1, person)
    WebhookEvent.objects.update(needs_person_since="2026-11-23T09:00Z", needs_person_reason="Підпис не збігається")
    FiscalReceipt.objects.update(needs_person_since="2026-11-23T09:00Z", needs_person_reason="Каса мовчить")
    kinds = {str(row.kind): row.reason for row in waiting_for_person(person)}
    assert set(kinds) == {"Платіж", "Повернення коштів", "Фіскальний чек", "Сповіщення платіжної системи"}
    assert "10 ₴ більше, ніж треба" in kinds["Платіж"].replace("\xa0", " ")
    assert desk.get(reverse("admin:index")).status_code == 200


def test_a_transfer_seen_on_the_account_is_recorded(desk):
    payment = ask_for(invoice_order())
    address = page("orders_payment", payment, "record")
    assert desk.get(address).status_code == 200
    assert fresh(payment).status == PaymentStatus.DUE
    wrong = desk.post(address, {"amount": "багато", "note": ""})
    assert (wrong.status_code, "багато" in wrong.text) == (200, True)
    desk.post(address, {"amount": "150.00", "note": "виписка 23.11, рядок 4"})
    paid = fresh(payment)
    assert (paid.status, paid.received, paid.note) == (PaymentStatus.PAID, Decimal("150.00"), "виписка 23.11, рядок 4")
    desk.post(address, {"amount": "150.00", "note": "ще раз"})
    assert payment.order.payments.received() == Decimal("150.00")


def test_a_refund_by_transfer_is_marked_as_done_by_hand(desk, person):
    payment = record_money(invoice_order(), Decimal("150.00"), kind=PaymentKind.INVOICE, author=person, note="")
    too_much = desk.post(page("orders_payment", payment, "give_back"), {"amount": "150.01", "reason": "x"}, follow=True)
    assert "не більше, ніж надійшло" in too_much.text
    assert not Refund.objects.exists()
    desk.post(page("orders_payment", payment, "give_back"), {"amount": "50.00", "reason": "Деталь не підійшла"})
    refund = Refund.objects.get()
    assert (refund.status, refund.author) == (Refund.Status.DUE, person)
    assert refund.needs_person_since
    desk.post(page("orders_refund", refund, "mark_done"), {"note": "переказ 12"})
    done = fresh(refund)
    assert (done.status, done.needs_person_since) == (Refund.Status.DONE, None)
    assert payment.order.messages.filter(key=f"refund-done:{refund.pk}").exists()


def test_a_refund_may_be_called_off_before_it_is_sent(desk, person):
    payment = record_money(invoice_order(), Decimal("150.00"), kind=PaymentKind.INVOICE, author=person, note="")
    [refund] = request_refund(payment.order, Decimal("50.00"), author=person, reason="x")
    desk.post(page("orders_refund", refund, "cancel"), {"note": "передумали"})
    assert fresh(refund).status == Refund.Status.CANCELLED
    assert not payment.order.messages.filter(key__startswith="refund-done").exists()


def test_the_provider_is_asked_from_the_desk(desk, liqpay, order):
    payment = begin(order, PaymentKind.LIQPAY)
    liqpay.set_notices("none")
    liqpay.press(payment.reference, "pay")
    answer = desk.post(page("orders_payment", payment, "ask"), follow=True)
    assert "Стан платежу: сплачено" in answer.text
    assert fresh(payment).status == PaymentStatus.PAID


def test_a_looked_into_row_leaves_the_queue_with_a_note(desk, person, order):
    payment = ask_for(order)
    payment.ask_a_person("Дивне")
    desk.post(page("orders_payment", payment, "settle"), {"note": "З’ясували з банком"})
    assert fresh(payment).needs_person_since is None
    assert order.events.get().note == "З’ясували з банком"


def test_acts_are_closed_to_those_without_the_right(client, order):
    warehouse = CustomerFactory(is_staff=True)
    warehouse.groups.add(Group.objects.get(name=Role.WAREHOUSE))
    client.force_login(warehouse)
    payment = ask_for(order)
    for act in ("ask", "record", "give_back", "settle"):
        answer = client.post(page("orders_payment", payment, act), {"amount": "150.00", "note": "x", "reason": "x"})
        assert answer.status_code in (403, 302)
    assert fresh(payment).status == PaymentStatus.DUE
