"""Papers of an order: the same data to the kopeck, who may fetch which, and nothing typed is ever run."""

import re
from dataclasses import asdict
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from orders.cancellation import cancel_order
from orders.confirmation import confirm_order
from orders.editing import OrderEdit, edit_order
from orders.models import PaymentKind
from orders.papers import available_papers, picking_lists
from orders.papers.data import delivery_note_data, invoice_data, picking_data
from orders.papers.rendering import render
from orders.shipping import ship_order
from shop.catalog.models import Part
from shop.lib.money import format_money
from tests.factories import OfferFactory, own_offer
from tests.orders.buying import manager, pay, placed

pytestmark = pytest.mark.django_db
WAYBILL, SECOND = "20450123456789", "20450123456790"


def text_of(template, data):
    """What stands on all pages, as somebody would copy it from the PDF; blanks are one space."""
    pages = PdfReader(BytesIO(render(template, data))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def pages_of(template, data):
    return len(PdfReader(BytesIO(render(template, data))).pages)


def hryvnias(text):
    return Decimal(re.sub(r"[^\d,−]", "", text).replace("−", "-").replace(",", "."))


def address(order, kind):
    return reverse("orders:order_paper", args=[order.number, order.secret, kind])


def kinds(links):
    return [link.kind for link in links]


def test_an_invoice_says_the_order_s_sums_to_the_kopeck():
    order = placed(
        own_offer(price=Decimal("33.33")),
        own_offer(price=Decimal("0.07")),
        quantity=3,
        payment_kind=PaymentKind.INVOICE,
    )
    author = manager()
    edit_order(
        order,
        OrderEdit(delivery_total=Decimal("60.10"), discount_total=Decimal("5.05")),
        author=author,
        reason="знижка",
        seen_revision=1,
    )
    order.refresh_from_db()
    data = invoice_data(order)
    rows = sum(hryvnias(row.total) for row in data.rows)
    assert (rows, rows + Decimal("60.10") - Decimal("5.05")) == (order.goods_total, order.total)
    assert data.sums == [
        ("Товари", format_money(Decimal("100.20"))),
        ("Доставка", format_money(Decimal("60.10"))),
        ("Знижка", f"−{format_money(Decimal('5.05'))}"),
        ("Разом", format_money(Decimal("155.25"))),
    ]
    assert data.in_words == "Сто п’ятдесят п’ять гривень 25 копійок"
    text = text_of("invoice", data)
    assert all(each in text for each in (order.number, "ФОП Коваленко", "155,25", data.in_words, "33,33", "99,99"))
    assert "<svg" in data.qr
    assert data.until


def test_an_invoice_asks_for_what_is_not_paid_yet():
    order = placed(own_offer(price=Decimal("150.00")), payment_kind=PaymentKind.INVOICE)
    pay(order, "100.00")
    data = invoice_data(order)
    assert data.sums[-2:] == [("Отримано", format_money(Decimal(100))), ("До сплати", format_money(Decimal(200)))]
    assert data.in_words == "Двісті гривень 00 копійок"


def test_a_paid_invoice_asks_for_nothing():
    order = placed(own_offer(price=Decimal("150.00")), payment_kind=PaymentKind.INVOICE)
    pay(order, "300.00")
    data = invoice_data(order)
    assert (data.sums[-1], data.qr) == (("До сплати", format_money(Decimal(0))), "")


def test_delivery_notes_of_two_parcels_come_to_the_order_s_total():
    order = placed(own_offer(price=Decimal("33.33")), quantity=3)
    author = manager()
    edit_order(order, OrderEdit(delivery_total=Decimal("60.10")), author=author, reason="далеко", seen_revision=1)
    confirm_order(order, author=author)
    line = order.lines.current().get()
    first = ship_order(order, author=author, waybill_number=WAYBILL, pieces={line.pk: 1})
    second = ship_order(order, author=author, waybill_number=SECOND)
    order.refresh_from_db()
    notes = [delivery_note_data(order, parcel) for parcel in (first, second)]
    assert [note.sums[-1][1] for note in notes] == [format_money(Decimal("33.33")), format_money(Decimal("126.76"))]
    assert sum(hryvnias(note.sums[-1][1]) for note in notes) == order.total == Decimal("160.09")
    assert [note.number for note in notes] == [f"{order.number}-1", f"{order.number}-2"]
    text = text_of("delivery-note", notes[1])
    assert all(each in text for each in (SECOND, "Відвантажив", "66,66", "Сто двадцять шість гривень 76 копійок"))


def test_a_picking_list_holds_what_has_not_left_and_nobody_s_name():
    order = placed(own_offer(), OfferFactory(), quantity=2, wants_fit_check=True)
    data = picking_data([order], printed="23.11.2026 10:00")
    text = text_of("picking-list", data)
    for line in order.lines.all():
        assert line.article_number in text
    assert order.number in text
    assert "від постачальника" in text
    assert "перевірити сумісність за VIN" in text
    for private in (order.surname, order.given_name, str(order.phone)[-9:], order.email, "150"):
        assert private not in text


def test_what_people_typed_is_text_on_paper_and_never_run():
    hostile = '#sys.inputs #image("/etc/hosts") {{ 7*7 }} ]]'
    offer = own_offer()
    Part.objects.filter(pk=offer.part_id).update(name_uk=hostile)
    offer.part.refresh_from_db()
    order = placed(offer, surname='#read("/etc/passwd")', given_name="$x$ *b* \\ <a>")
    text = text_of("invoice", invoice_data(order))
    assert '#read("/etc/passwd")' in text
    assert hostile in text
    assert "root:" not in text


def test_a_long_order_goes_on_over_pages():
    order = placed(own_offer())
    line = order.lines.get()
    data = invoice_data(order)
    long = [asdict(row) | {"number": nth, "name": line.name * 5} for nth, row in enumerate(data.rows * 200, 1)]
    assert pages_of("invoice", data) == 1
    assert pages_of("invoice", type(data)(**(asdict(data) | {"rows": long}))) > 5


def test_the_customer_fetches_the_invoice_and_later_the_notes(client):
    order = placed(own_offer(), payment_kind=PaymentKind.INVOICE)
    assert kinds(available_papers(order)) == ["invoice"]
    answer = client.get(address(order, "invoice"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == f'inline; filename="invoice-{order.number}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert address(order, "invoice") in client.get(order.get_absolute_url()).content.decode()
    pay(order, order.total)
    confirm_order(order, author=manager())
    ship_order(order, author=manager(), waybill_number=WAYBILL)
    order.refresh_from_db()
    assert kinds(available_papers(order)) == ["invoice", "delivery-note-1"]
    assert client.get(address(order, "delivery-note-1")).content.startswith(b"%PDF-")


@pytest.mark.parametrize("kind", ["picking-list", "delivery-note-1", "delivery-note-99", "passwd", "invoice"])
def test_a_paper_that_the_customer_does_not_have_is_not_found(client, kind):
    order = placed(own_offer())
    assert client.get(address(order, kind)).status_code == 404


def test_a_cancelled_order_has_no_invoice(client):
    order = placed(own_offer(), payment_kind=PaymentKind.INVOICE)
    cancel_order(order)
    assert available_papers(order) == []
    assert client.get(address(order, "invoice")).status_code == 404


def test_picking_lists_ask_the_database_three_times_an_order_at_the_most(django_assert_max_num_queries):
    orders = [placed(own_offer(), own_offer()) for _order in range(4)]
    with django_assert_max_num_queries(8):
        picking_lists(orders)
