import uuid
from datetime import date
from decimal import Decimal

import pytest

from orders.completion import complete_order
from orders.confirmation import confirm_order
from orders.fit_checking import check_fit_done
from orders.models import (
    Basket,
    Order,
    OrderEvent,
    OrderNote,
    OrderRevision,
    Shipment,
    ShipmentLine,
    Status,
)
from orders.placement import place_order
from orders.shipping import ship_order
from shop.messaging import outbox
from shop.offers.models import Offer
from shop.privacy.subjects import Subject
from tests.factories import CustomerFactory, OrderFactory, OrderLineFactory, own_offer
from tests.orders.buying import manager, placed

# order, its lines, parts' brands and categories, versions, events, parcels, carriers, their lines, talk; money; told
QUERIES = 15


@pytest.fixture
def order(basket, checkout):
    return place_order(basket, checkout, shown_total=Decimal("300.00"))


def text(response):
    return response.content.decode()


def address(order, number=None, secret=None):
    return f"/orders/{number or order.number}/{secret or order.secret}/"


def test_the_page_shows_the_order_to_whoever_has_its_secret(client, order):
    response = client.get(address(order))
    assert response.status_code == 200
    for said in ("Дякуємо, ми отримали замовлення", "300\u00a0₴", "Шевченко Олена Іванівна", order.address):
        assert said in text(response)


def test_the_page_is_kept_nowhere(client, order):
    response = client.get(address(order))
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "same-origin"
    assert order.secret not in text(response).split("<main")[0].split("</head>")[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "1234567890"},
        {"secret": "A" * 24},
        {"secret": "ключ"},
        {"number": "%00"},
        {"number": "٢٠٤٥٠١٢٣٤٥"},
        {"secret": "%00"},
    ],
)
@pytest.mark.parametrize("suffix", ["", "cancellation/", "repetition/", "conversation/"])
def test_r12_a_wrong_number_and_a_wrong_secret_are_the_same_not_found(client, order, wrong, suffix):
    assert client.get(address(order, **wrong) + suffix).status_code == 404
    assert client.post(address(order, **wrong) + suffix).status_code in {404, 405}
    order.refresh_from_db()
    assert order.status == Status.PLACED


def test_a_secret_opens_its_own_order_only(client, order):
    other = OrderFactory()
    assert client.get(address(order, secret=other.secret)).status_code == 404


def test_raising_the_version_closes_links_already_sent(client, order):
    old = address(order)
    Order.objects.update(access_version=2)
    assert client.get(old).status_code == 404


def test_an_invoice_shows_the_requisites_until_it_is_over(client, db):
    order = OrderFactory(invoice=True)
    page = text(client.get(address(order)))
    assert "UA22 3052 9900 0002 6001 2345 6789 0" in page
    assert f"Оплата за замовлення № {order.number}" in page
    Order.objects.update(status=Status.CANCELLED)
    assert "UA22 3052" not in text(client.get(address(order)))


def test_a_parcel_on_its_way_shows_its_number(client, order):
    manager = CustomerFactory(staff=True)
    confirm_order(order, author=manager)
    ship_order(order, author=manager, waybill_number="20450123456789")
    page = text(client.get(address(order)))
    assert "https://novaposhta.ua/tracking/20450123456789" in page
    assert "cancellation/" not in page


def test_cancelling_is_asked_first_and_done_by_post(client, order):
    question = client.get(address(order) + "cancellation/")
    assert "Так, скасувати" in text(question)
    order.refresh_from_db()
    assert order.status == Status.PLACED
    response = client.post(address(order) + "cancellation/", follow=True)
    assert "Замовлення скасовано" in text(response)
    order.refresh_from_db()
    assert order.status == Status.CANCELLED


def test_cancelling_too_late_says_so_and_changes_nothing(client, db):
    order = OrderFactory(shipped=True)
    response = client.post(address(order) + "cancellation/", follow=True)
    assert "замовлення вже має стан «відправлено»" in text(response)
    order.refresh_from_db()
    assert order.status == Status.SHIPPED
    assert client.get(address(order) + "cancellation/").status_code == 302


def test_what_the_customer_typed_is_escaped(client, db):
    order = OrderFactory(comment="<script>alert(1)</script>", car="<img src=x>")
    page = text(client.get(address(order)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<img src=x>" not in page


def test_cancelling_with_a_packed_parcel_says_so_and_offers_nothing(client, db):
    order = placed(own_offer(), quantity=2)
    author = manager()
    confirm_order(order, author=author)
    line = order.lines.get()
    ship_order(order, author=author, waybill_number="20450123456789", pieces={line.pk: 1})
    assert "cancellation/" not in text(client.get(address(order)))
    response = client.post(address(order) + "cancellation/", follow=True)
    assert response.status_code == 200
    order.refresh_from_db()
    assert order.status == Status.CONFIRMED


def test_a_completed_order_has_arrived_and_is_paid_whatever_its_carrier_said(client, order):
    author = manager()
    confirm_order(order, author=author)
    ship_order(order, author=author, waybill_number="20450123456789")
    page = text(client.get(address(order)))
    assert "Готуємо до відправлення" in page
    assert "Під час отримання сплатите 300" in page
    complete_order(order, author=author)
    page = text(client.get(address(order)))
    assert "Готуємо до відправлення" not in page
    assert "сплатите" not in page
    assert "Під час отримання сплачено 300" in page


def test_the_stations_say_when_and_what_is_promised(client, db):
    order = OrderFactory(lines=[])
    OrderLineFactory(order=order, price=order.goods_total, ready_on=date(2031, 3, 5))
    page = text(client.get(address(order)))
    assert "очікуємо 5 березня" in page
    assert 'aria-current="step"' in page


def test_ordering_again_fills_the_basket_once(client, order):
    for _press in range(2):
        response = client.post(address(order) + "repetition/")
        assert response.status_code == 302
    assert response.url == "/basket/"
    (line,) = Basket.objects.get(pk=client.session["basket"]).lines.all()
    assert line.quantity == 2
    assert "1 позиція з того замовлення" in text(client.get("/basket/"))


def test_ordering_again_names_what_is_sold_no_more(client, order):
    Offer.objects.all().delete()
    response = client.post(address(order) + "repetition/", follow=True)
    assert response.redirect_chain[-1][0] == address(order)
    assert "Зараз немає в продажу" in text(response)


def test_ordering_again_is_a_post(client, order):
    assert client.get(address(order) + "repetition/").url == address(order)
    assert not Basket.objects.exclude(lines=None).exists()


def test_a_fit_check_that_is_awaited_is_said_until_it_is_done(client, db):
    order = OrderFactory(wants_fit_check=True)
    assert "Перед відправленням звіримо деталі" in text(client.get(address(order)))
    check_fit_done(order, author=manager(), note="секрет майстра")
    page = text(client.get(address(order)))
    assert "Перед відправленням звіримо" not in page
    assert "Сумісність за VIN перевірено" in page
    assert "секрет майстра" not in page


def test_reasons_that_staff_noted_for_themselves_stay_with_staff(client, db):
    order = OrderFactory()
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.SHIPPED, author=manager(), note="довіряємо, без оплати")
    assert "довіряємо" not in text(client.get(address(order)))


def _much(order, count):
    author = manager()
    messages = [
        outbox.new_mail(
            order.email,
            key=f"order-note:{order.pk}:{number}",
            subject="Тема",
            text="Текст",
            html="<p>Текст</p>",
            language="uk",
            subject_of=Subject("order", str(order.pk)),
        )
        for number in range(count)
    ]
    outbox.write(messages)
    order.link_messages(messages)
    for number in range(count):
        line = OrderLineFactory(order=order)
        OrderNote.objects.create(order=order, text="Так", key=uuid.uuid4(), author=author if number % 2 else None)
        OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.NOTE)
        parcel = Shipment.objects.create(order=order, carrier=order.carrier, waybill_number=f"204500000000{number:02}")
        ShipmentLine.objects.create(shipment=parcel, line=line, pieces=1)
        revision = OrderRevision.objects.create(
            order=order,
            number=number + 2,
            author=author,
            reason="Так треба",
            goods_before=order.goods_total,
            delivery_before=0,
            discount_before=0,
            total_before=order.total,
            total_after=order.total,
        )
        OrderLineFactory(order=order, added_in=revision, removed_in=revision)


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_costs_the_same_for_one_of_each_and_twenty(client, db, django_assert_num_queries, count):
    order = OrderFactory(lines=[], goods_total=Decimal("150.00") * count)
    _much(order, count)
    client.get(address(order))
    with django_assert_num_queries(QUERIES):
        page = text(client.get(address(order)))
    assert page.count('order__parcel"') == page.count('order__change"') == count
