"""P2: nothing of a card is kept, not even masked: every table and every log line is searched."""

import re

import pytest
from django.db import connection

from orders.models import PaymentStatus
from orders.payments.polling import ask_now
from orders.refund_sending import send_due_refunds
from orders.refunding import request_refund
from tests.orders.payments.conftest import begin, fresh

pytestmark = pytest.mark.django_db
TRACES = re.compile(r"414943|444403|\*{4}|8217|sender_card|cardPan|maskedPan|[cC]ard_?[tT]oken|DEMO4149|67XZtXdR4NpKU3")
CARD = re.compile(r"(?<![0-9a-f])[2-6][0-9]{15}(?![0-9a-f])")


def dump():
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row


def is_card(number):
    """The check digit of payment cards (Luhn)."""
    digits = [int(digit) for digit in number[::-1]]
    return sum(sum(divmod(digit * 2, 10)) if place % 2 else digit for place, digit in enumerate(digits)) % 10 == 0


def test_p2_a_dump_and_the_logs_hold_nothing_of_a_card(provider, order, caplog):
    payment = begin(order, provider.kind)
    for notices in ("other-amount", "wrong-signature"):
        provider.set_notices(notices)
        provider.press(payment.reference, "pay")
        provider.attempts[payment.reference].status = "created"
    provider.press(payment.reference, "decline")
    provider.press(payment.reference, "pay")
    ask_now(payment)
    request_refund(order, payment.amount, author=None, reason="x")
    send_due_refunds()
    assert fresh(payment).status == PaymentStatus.PAID
    assert len(provider.posted) == 4
    for table, row in dump():
        assert not TRACES.search(row), table
        assert not [number for number in CARD.findall(row) if is_card(number)], table
    assert not TRACES.search(caplog.text)
    assert not CARD.search(caplog.text)


def test_the_search_would_find_a_card():
    assert CARD.search("number 4111111111111111.")
    assert is_card("4111111111111111")
    assert TRACES.search('{"cardPan": "41****8217"}')
