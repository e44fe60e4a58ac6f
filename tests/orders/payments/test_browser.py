"""Paying in a browser: there, back, and again after a refusal; with and without scripts."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from orders.models import PaymentKind, PaymentStatus, Refund
from orders.payments import notices_in
from orders.payments.provider import Notice
from orders.payments.receiving import record_money
from orders.refund_sending import send_due_refunds
from orders.refunding import request_refund
from shop.local.providers.paying import send_over_http
from tests.backoffice.test_browser import sign_in
from tests.orders.payments.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = pytest.mark.parametrize(("width", "javascript"), [(1440, True), (360, False)], ids=["desktop", "phone-no-js"])


@pytest.fixture
def open_payment(live_server, settings, order, browser_page):
    """The order's payment page in a browser whose complaints are kept."""
    settings.PUBLIC_URL = live_server.url

    def open_page(width, javascript):
        page = browser_page(width, javascript=javascript)
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{live_server.url}/orders/{order.number}/{order.secret}/payment/")
        return page

    return open_page


def go_and_press(page, provider, button):
    """Through our page and the provider's, and back to ours."""
    names = {"liqpay": "LiqPay", "monobank": "monobank", "wayforpay": "WayForPay"}
    page.get_by_role("button", name=names[provider.kind]).click()
    if provider.kind != PaymentKind.MONOBANK:
        page.get_by_role("button", name="Сплатити 150").click()
    expect(page.get_by_text("Це імітація")).to_be_visible()
    page.get_by_role("button", name=button, exact=True).click()
    if provider.kind == PaymentKind.WAYFORPAY:
        page.get_by_role("button", name="Повернутися до магазину").click()


@WIDTHS
def test_a_buyer_pays_after_a_refusal(provider, order, open_payment, screenshot, width, javascript):
    provider.send = send_over_http
    page = open_payment(width, javascript)
    expect(page.get_by_text("До сплати 150")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    screenshot(page, f"payment-{provider.kind}")
    go_and_press(page, provider, "Банк відмовляє")
    expect(page.get_by_text("не пройшла, гроші не списано")).to_be_visible()
    screenshot(page, f"payment-refused-{provider.kind}")
    go_and_press(page, provider, "Сплатити")
    expect(page.get_by_text("Сплачено 150")).to_be_visible()
    screenshot(page, f"payment-paid-{provider.kind}")
    assert page.complaints == []
    assert [payment.status for payment in order.payments.all()] == [PaymentStatus.FAILED, PaymentStatus.PAID]
    assert [posted.status for posted in provider.posted] == [200, 200]


def test_who_comes_back_before_the_notice_sees_it_come(liqpay, order, open_payment):
    liqpay.kind = PaymentKind.LIQPAY
    liqpay.send = send_over_http
    page = open_payment(1440, True)
    go_and_press(page, liqpay, "Закрити, нічого не сплативши")
    expect(page.get_by_text("підтвердження ще немає")).to_be_visible()
    liqpay.press(order.payments.get().reference, "pay")  # in another window
    expect(page.get_by_text("Сплачено 150")).to_be_visible(timeout=15_000)
    assert page.complaints == []


@WIDTHS
def test_an_invoice_shows_its_qr_and_requisites(liqpay, order, open_payment, screenshot, width, javascript):
    page = open_payment(width, javascript)
    page.get_by_role("button", name="за рахунком").click()
    expect(page.get_by_role("img", name="QR-код")).to_be_visible()
    expect(page.get_by_text(f"Оплата за замовлення № {order.number}")).to_be_visible()
    expect(page.get_by_text("Чекаємо на ваш переказ")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    screenshot(page, "payment-invoice")
    assert page.complaints == []


def test_the_money_goes_back_to_the_card(liqpay, order, open_payment):
    liqpay.kind = PaymentKind.LIQPAY
    liqpay.send = send_over_http
    page = open_payment(1440, True)
    go_and_press(page, liqpay, "Сплатити")
    expect(page.get_by_text("Сплачено 150")).to_be_visible()
    with transaction.atomic():
        [refund] = request_refund(order, Decimal("150.00"), author=None, reason="x")
    send_due_refunds()
    assert fresh(refund).status == Refund.Status.DONE
    page.reload()
    expect(page.get_by_text("повернуто").first).to_be_visible()


@pytest.mark.parametrize("width", [1440, 360])
def test_staff_s_pages_keep_to_their_policy_and_their_width(
    liqpay, order, manager, live_server, browser_page, screenshot, width
):
    with transaction.atomic():
        payment = record_money(order, Decimal("170.00"), kind=PaymentKind.INVOICE, author=manager, note="виписка")
        [refund] = request_refund(order, Decimal("20.00"), author=manager, reason="зайве")
        event = notices_in.handle(notices_in.store("liqpay", Notice(b"data=e30=&signature=x")))
    page = browser_page(width)
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sign_in(page, live_server)
    for name, address in {
        "payments": reverse("admin:orders_payment_changelist"),
        "payment": reverse("admin:orders_payment_change", args=[payment.pk]),
        "give-back": reverse("admin:orders_payment_give_back", args=[payment.pk]),
        "refund": reverse("admin:orders_refund_change", args=[refund.pk]),
        "notice": reverse("admin:messaging_webhookevent_change", args=[event.pk]),
        "rules": reverse("admin:orders_paymentrule_changelist"),
        "rule": reverse("admin:orders_paymentrule_add"),
        "desk": reverse("admin:index"),
    }.items():
        assert page.goto(live_server.url + address).status == 200
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        screenshot(page, f"admin-money-{name}")
    assert complaints == []
