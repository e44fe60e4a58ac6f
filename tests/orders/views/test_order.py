from decimal import Decimal

import pytest

from orders.confirmation import confirm_order
from orders.models import Order, Status
from orders.placement import place_order
from orders.shipping import ship_order
from tests.factories import CustomerFactory, OrderFactory, OrderLineFactory


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
@pytest.mark.parametrize("suffix", ["", "cancellation/"])
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


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_costs_the_same_for_one_line_and_twenty(client, db, django_assert_num_queries, count):
    order = OrderFactory(lines=[], goods_total=Decimal("150.00") * count)
    for _number in range(count):
        OrderLineFactory(order=order)
    # order, lines, parts, events, shipments, payments, refunds
    with django_assert_num_queries(9):
        client.get(address(order))
