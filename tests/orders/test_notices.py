import html
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from orders import notices
from orders.models import Order, OrderRevision, PaymentKind, Shipment
from orders.placement import place_order
from shop.lib.money import format_money
from shop.messaging.leases import TRIES
from shop.messaging.models import Channel, Message
from shop.messaging.placeholders import fill, unseal
from shop.messaging.sending import send_due
from tests.factories import OrderFactory

# One SMS of Cyrillic letters that goes out in parts has room for 67 in each.
TWO_PARTS = 134


@pytest.fixture
def order(basket, checkout):
    return place_order(basket, checkout, shown_total=Decimal("300.00"))


def test_the_placing_letter_says_what_the_law_asks_for(order):
    letter = order.messages.get(channel=Channel.EMAIL)
    line = order.lines.get()
    assert letter.subject == f"Замовлення № {order.number} прийнято: 300 ₴"
    for text in (letter.text, html.unescape(letter.html)):
        for said in (
            line.name,
            line.article_number,
            format_money(line.total),
            "гарантія 12 міс.",
            order.address,
            "ФОП Коваленко Олена Іванівна",
            "1234567899",
            "14 днів",
            "Держпродспоживслужба",
            "Скасувати замовлення",
            "[[order-page]]",
        ):
            assert said in text


def test_an_invoice_letter_carries_the_requisites(basket, checkout):
    order = place_order(basket, replace(checkout, payment_kind=PaymentKind.INVOICE), shown_total=Decimal("300.00"))
    letter = order.messages.get(channel=Channel.EMAIL)
    for text in (letter.text, letter.html):
        assert "UA223052990000026001234567890" in text
        assert f"Оплата за замовлення № {order.number}" in text


def test_hostile_names_are_escaped_in_html_and_plain_in_text(basket, checkout):
    order = place_order(basket, replace(checkout, surname="<b>О'Ніл</b>"), shown_total=Decimal("300.00"))
    letter = order.messages.get(channel=Channel.EMAIL)
    assert "&lt;b&gt;О" in letter.html
    assert "<b>О'Ніл</b>" in letter.text


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("tell", ["order_placed", "order_shipped", "order_ready", "order_cancelled", "order_changed"])
def test_an_sms_fits_into_two_parts_and_advertises_nothing(settings, language, tell, db):
    settings.PUBLIC_URL = "https://avtodetali.com.ua"
    order = OrderFactory(language=language, goods_total=Decimal("123456.78"))
    parcel = Shipment.objects.create(
        order=order, carrier=order.carrier, waybill_number="20450123456789", cash_on_delivery=order.total
    )
    revision = OrderRevision(number=2, reason="", total_before=Decimal("112345.67"), total_after=order.total)
    more = {
        "order_placed": [list(order.lines.all())],
        "order_changed": [revision],
    }.get(tell, [])
    named = {
        "order_shipped": {"shipment": parcel},
        "order_ready": {"shipment": parcel},
        "order_cancelled": {"note": "", "refunded": order.total},
    }.get(tell, {})
    getattr(notices, tell)(order, *more, **named)
    sms = order.messages.get(channel=Channel.SMS)
    assert len(fill(sms.text, unseal(sms.sealed))) <= TWO_PARTS
    assert order.number in sms.text
    assert not re.search("знижк|акці|sale|discount", sms.text.casefold())


def test_the_secret_link_is_sealed_and_opens_the_page_in_the_order_s_language(db):
    order = OrderFactory(language="en")
    notices.order_placed(order, list(order.lines.all()))
    sms = order.messages.get(channel=Channel.SMS)
    assert unseal(sms.sealed) == {"order-page": f"http://testserver/en/orders/{order.number}/{order.secret}/"}


def test_telling_twice_writes_once(order):
    notices.order_placed(order, list(order.lines.all()))
    assert order.messages.count() == 2


def test_completion_goes_by_mail_alone(order):
    notices.order_completed(order)
    assert [message.channel for message in order.messages.filter(key__contains="completed")] == [Channel.EMAIL]


def test_r24_with_the_sms_gateway_down_the_order_stands_and_its_text_ends_on_the_list_for_people(order):
    assert Order.objects.get() == order
    waited, text = [], Message.objects.get(channel="sms")
    while text.status == Message.Status.WAITING:
        now = timezone.now()
        Message.objects.update(available_at=now)
        assert send_due("orders", "sms") == 0, "nobody answers at the address of the tests' gateway"
        text.refresh_from_db()
        waited.append((text.available_at - now).total_seconds())
    assert text.status == Message.Status.NEEDS_PERSON
    assert (text.attempts, text.needs_person_reason, text.handing_over_since) == (TRIES, "ConnectError", None)
    pauses = waited[:-1]
    assert pauses[0] < 6
    assert pauses[8] > 600
    assert max(pauses) < 3602
    assert text.needs_person_since is not None
