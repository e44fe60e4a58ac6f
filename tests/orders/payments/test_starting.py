"""Leaving for a provider's page and coming back: what the browser carries, what is asked, what is handed over."""

import base64
import json
import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import httpx
import pytest
from django.utils import timezone

from orders.errors import NothingToPay, PaymentWayClosed
from orders.models import Hold, Order, Payment, PaymentKind, PaymentRule, PaymentStatus, Status
from orders.payments.requesting import to_pay_now
from orders.payments.starting import choose_invoice, return_address, start_payment
from orders.placement import place_order
from shop.messaging.models import Message
from shop.privacy.models import Disclosure
from tests.factories import OrderFactory, OrderLineFactory
from tests.orders.conftest import checkout_of
from tests.orders.payments.conftest import ask_for, begin, fresh

pytestmark = pytest.mark.django_db


def address(order, more=""):
    return f"/orders/{order.number}/{order.secret}/payment/{more}"


def told_amount(provider, payment):
    return provider.attempts[payment.reference].amount


def test_r6_the_provider_is_told_the_order_s_sum_to_the_kopeck(provider, rules):
    order = OrderFactory(
        payment_kind=provider.kind,
        goods_total=Decimal("1499.49"),
        total=Decimal("1574.49"),
        delivery_total=75,
        lines=[],
    )
    OrderLineFactory(order=order, quantity=3, price=Decimal("499.83"))
    payment = begin(order, provider.kind)
    assert payment.amount == order.total == Decimal("1574.49")
    assert told_amount(provider, payment) == "1574.49"


def test_a_second_click_is_the_same_attempt(provider, order):
    first, second = begin(order, provider.kind), begin(order, provider.kind)
    assert first == second
    assert order.payments.count() == 1
    assert list(provider.attempts) == [first.reference]


def test_a_request_made_at_placing_is_the_attempt(liqpay, order):
    asked = ask_for(order)
    assert begin(order, PaymentKind.LIQPAY) == asked


def test_another_way_ends_the_attempt_of_the_first(liqpay, monobank, order):
    first = begin(order, PaymentKind.LIQPAY)
    second = begin(order, PaymentKind.MONOBANK)
    assert fresh(first).status == PaymentStatus.CANCELLED
    assert (second.amount, second.reference) == (Decimal("150.00"), f"{order.number}-2")


def test_pieces_are_held_while_their_buyer_is_at_the_page(liqpay, basket, rules, offer_document):
    order = place_order(basket, checkout_of(basket, payment_kind=PaymentKind.LIQPAY), shown_total=Decimal("300.00"))
    Hold.objects.update(ends_at=timezone.now() + timedelta(minutes=5))
    payment = begin(order, PaymentKind.LIQPAY)
    assert Hold.objects.get().ends_at == payment.expires_at
    choose_invoice(order)
    assert Hold.objects.get().ends_at == order.placed_at + timedelta(hours=48)


def test_an_invoice_may_be_chosen_instead_and_left_again(liqpay, order):
    begin(order, PaymentKind.LIQPAY)
    invoice = choose_invoice(order)
    assert (invoice.kind, invoice.status) == (PaymentKind.INVOICE, PaymentStatus.DUE)
    assert choose_invoice(order) == invoice
    assert begin(order, PaymentKind.LIQPAY).reference == f"{order.number}-3"
    assert fresh(invoice).status == PaymentStatus.CANCELLED


@pytest.mark.parametrize("answer", ["too-many", "broken", "refused", "bad-key", "garbage", "slow"])
def test_a_page_that_did_not_open_says_so_and_the_next_click_tries_anew(monobank, order, answer):
    monobank.set_answer(answer)
    with pytest.raises(PaymentWayClosed):
        start_payment(order, kind=PaymentKind.MONOBANK)
    assert order.payments.get().status == PaymentStatus.FAILED
    payment = begin(order, PaymentKind.MONOBANK)
    assert payment.reference == f"{order.number}-2"


def test_a_provider_that_is_not_there_does_not_break_the_page(order, client, settings):
    settings.MONOBANK_URL = "http://127.0.0.1:1"
    answer = client.post(address(order), {"kind": "monobank"}, follow=True)
    assert answer.status_code == 200
    assert "Цей спосіб оплати зараз не працює" in answer.text


def test_a_page_of_a_foreign_host_is_not_followed(monobank, order, settings):
    settings.MONOBANK_PAGE_HOSTS = ["https://pay.mbnk.biz"]
    with pytest.raises(PaymentWayClosed):
        start_payment(order, kind=PaymentKind.MONOBANK)


def test_what_is_paid_or_cancelled_cannot_be_paid(liqpay, order):
    payment = begin(order, PaymentKind.LIQPAY)
    liqpay.press(payment.reference, "pay")
    with pytest.raises(NothingToPay):
        start_payment(order, kind=PaymentKind.LIQPAY)
    cancelled = OrderFactory(payment_kind=PaymentKind.LIQPAY, status=Status.CANCELLED)
    assert to_pay_now(cancelled) == 0
    with pytest.raises(NothingToPay):
        start_payment(cancelled, kind=PaymentKind.LIQPAY)
    assert not cancelled.payments.exists()


def test_who_paid_and_lost_the_notice_is_not_led_to_pay_again(liqpay, order):
    payment = begin(order, PaymentKind.LIQPAY)
    liqpay.set_notices("none")
    liqpay.press(payment.reference, "pay")
    with pytest.raises(NothingToPay):
        start_payment(order, kind=PaymentKind.LIQPAY)
    assert fresh(payment).status == PaymentStatus.PAID


def test_p6_the_form_s_amount_and_order_cannot_be_changed(liqpay, wayforpay, order):
    page = start_payment(order, kind=PaymentKind.LIQPAY)
    form = dict(page.fields)
    message = json.loads(base64.b64decode(form["data"]))
    form["data"] = base64.b64encode(json.dumps(message | {"amount": 1}).encode()).decode()
    assert "Невірний підпис" in httpx.post(page.address, data=form).text
    assert not liqpay.attempts
    page = start_payment(order, kind=PaymentKind.WAYFORPAY)
    form = {name: "1.00" if name in ("amount", "productPrice[]") else value for name, value in page.fields}
    assert "Невірний підпис" in httpx.post(page.address, data=form).text
    assert not wayforpay.attempts


def test_p6_the_shop_s_own_form_names_a_way_and_nothing_else(liqpay, order, client):
    client.post(address(order), {"kind": "liqpay", "amount": "1", "order": "2", "reference": "3"})
    assert order.payments.get().amount == Decimal("150.00")


@pytest.mark.parametrize("claim", [{"transactionStatus": "Approved"}, {"status": "success", "amount": "150.00"}])
def test_r5_the_return_page_grants_nothing(provider, order, client, claim):
    payment = begin(order, provider.kind)
    back = urlsplit(return_address(payment)).path
    assert "Чекаємо на підтвердження" in client.get(back, claim).text
    answer = client.post(back, claim)
    assert (answer.status_code, answer["Location"]) == (303, return_address(payment))
    assert fresh(payment).status == PaymentStatus.PENDING
    assert fresh(payment).received == 0


def test_r5_coming_back_asks_the_provider(provider, order, client):
    payment = begin(order, provider.kind)
    provider.set_notices("none")
    provider.press(payment.reference, "pay")
    assert "Оплату отримано" in client.get(urlsplit(return_address(payment)).path).text
    assert fresh(payment).status == PaymentStatus.PAID


@pytest.mark.parametrize("answer", ["too-many", "broken", "bad-key", "garbage", "slow"])
def test_a_provider_that_cannot_be_asked_leaves_the_attempt_as_it_is(provider, order, client, answer):
    payment = begin(order, provider.kind)
    provider.set_notices("none")
    provider.press(payment.reference, "pay")
    provider.set_answer(answer)
    assert "Чекаємо на підтвердження" in client.get(urlsplit(return_address(payment)).path).text
    assert fresh(payment).status == PaymentStatus.PENDING


def test_the_return_address_opens_nothing_of_the_order(liqpay, order, client):
    payment = begin(order, PaymentKind.LIQPAY)
    page = client.get(urlsplit(return_address(payment)).path).text
    assert order.secret not in page
    for value in (order.surname, order.email, order.address):
        assert value not in page
    assert client.get(f"/paid/{payment.reference}/{'x' * 24}/").status_code == 404
    assert client.get(f"/paid/{order.number}-9/{return_address(payment).split('/')[-2]}/").status_code == 404


def test_who_began_in_this_browser_comes_back_to_the_order_s_own_page(liqpay, order, client):
    client.post(address(order), {"kind": "liqpay"})
    back = client.get(urlsplit(return_address(order.payments.get())).path)
    assert (back.status_code, back["Location"]) == (302, address(order))


def test_p1_no_card_field_and_no_foreign_script_stands_on_our_pages(provider, order, client):
    for answer in (client.get(address(order)), client.post(address(order), {"kind": provider.kind})):
        page = answer.content.decode() if answer.status_code == 200 else ""
        assert not re.search(r"<iframe|autocomplete=\"cc-|cvv|cvc|name=\"(card|pan)", page, re.IGNORECASE)
        assert not re.search(r"<script[^>]+src=\"(?!/)", page)


def test_forms_may_lead_to_the_providers_and_nowhere_else(liqpay, order, client, settings):
    settings.MONOBANK_TOKEN = settings.WAYFORPAY_SECRET = ""
    policy = client.get(address(order))["Content-Security-Policy"]
    assert f"form-action 'self' {settings.LIQPAY_URL};" in policy
    assert policy.count("http") == 1
    assert settings.LIQPAY_URL not in client.get(f"/orders/{order.number}/{order.secret}/cancellation/").get(
        "Content-Security-Policy", ""
    )


def test_what_is_handed_over_is_written_down_once(provider, order):
    begin(order, provider.kind)
    begin(order, provider.kind)
    row = Disclosure.objects.get()
    assert (row.purpose, row.fields) == ("payment", ["amount", "goods", "order_number"])
    assert (row.subject_kind, row.subject_id) == ("order", str(order.pk))


def test_the_e_mail_goes_along_only_when_the_provider_prints_the_receipt(monobank, order, settings):
    settings.FISCAL_RECEIPTS = {"monobank": "by-provider"}
    begin(order, PaymentKind.MONOBANK)
    assert "email" in Disclosure.objects.get().fields


def test_a_way_that_no_rule_allows_is_not_begun(liqpay, order, client):
    PaymentRule.objects.filter(kind="liqpay").update(max_total=Decimal("100.00"))
    answer = client.post(address(order), {"kind": "liqpay"}, follow=True)
    assert "Цей спосіб оплати зараз не працює" in answer.text
    assert not Payment.objects.exists()


def test_a_stranger_s_secret_is_not_found(order, client):
    for more in ("", "check/"):
        assert client.post(f"/orders/{order.number}/{'x' * 24}/payment/{more}").status_code == 404


def test_r6_the_sum_is_the_same_from_the_basket_to_the_gateway(liqpay, client, fields):
    page = client.get("/basket/").text.replace("\xa0", " ")
    answer = client.post("/checkout/", fields | {"payment_kind": "liqpay"})
    order = Order.objects.get()
    assert answer["Location"] == address(order)
    letter = Message.objects.get(key=f"order-placed:{order.pk}").text.replace("\xa0", " ")
    paying = client.get(address(order)).text.replace("\xa0", " ")
    payment = begin(order, PaymentKind.LIQPAY)
    assert payment.amount == order.total == sum(line.total for line in order.lines.all()) + order.delivery_total
    said = f"{order.total:.0f} ₴"
    assert said in page
    assert said in letter
    assert said in paying
    assert told_amount(liqpay, payment) == f"{order.total:.2f}"
