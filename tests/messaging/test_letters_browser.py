"""Every letter opened in Chromium as on a small phone, light and dark: nothing sticks out, axe finds nothing."""

import re
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from accounts import notices as account_notices
from orders import notices, parcel_notices, payment_notices
from orders.continuing import Contact, send_link
from orders.editing import LineChange, OrderEdit, edit_order
from orders.models import PaymentKind, Refund
from orders.notes import write_note
from orders.stock_watching import Wish, tell_returned, watch
from shop.messaging.models import Channel, Message
from shop.messaging.placeholders import fill_html, unseal
from shop.offers.models import PartShelf
from tests.factories import BasketFactory, BasketLineFactory, LegalDocumentFactory, PartFactory, own_offer
from tests.orders.buying import manager, pay, placed
from tests.orders.parcels import packed

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# Pieces that letters are put together from.
PARTS = {"base", "button", "seller", "order_goods", "order_changed_goods", "order_payment", "order_terms"}


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    monkeypatch.setattr("shop.messaging.outbox._publish", lambda *args: None)


def write_all():
    """One letter of each kind, by the acts that write them."""
    order = placed(own_offer(price=Decimal("150.00")), payment_kind=PaymentKind.INVOICE)
    line = order.lines.get()
    change = OrderEdit(changed=(LineChange(line.pk, quantity=3, price=line.price),))
    edit_order(order, change, author=manager(), reason="Просили три", seen_revision=1)
    payment = pay(order, "450.00")
    order.refresh_from_db()
    notices.order_confirmed(order)
    notices.order_completed(order)
    notices.order_cancelled(order, note="Передумали", refunded=Decimal("100.00"))
    write_note(order, "Так, підійде.\nЧекаємо на вас.", key=uuid.uuid4(), author=manager())
    payment_notices.payment_requested(payment)
    payment_notices.refund_done(Refund.objects.create(payment=payment, amount=Decimal("50.00"), reason="решта"))
    parcel = packed(waybill_number="20450123456789")
    notices.order_shipped(parcel.order, shipment=parcel)
    notices.order_ready(parcel.order, shipment=parcel)
    for tell in ("arrived", "storage_ends", "not_handed_over", "returning", "renumbered"):
        getattr(parcel_notices, tell)(parcel)
    basket = BasketFactory()
    BasketLineFactory(basket=basket, ours=True)
    send_link(basket, Contact(email="olena@example.com"), language="uk")
    for template in account_notices.LETTERS.values():
        account_notices.letter(template, "olena@example.com", code="123456", language="uk")
    account_notices.letter("code_order", "olena@example.com", code="123456", language="uk")
    LegalDocumentFactory(kind="privacy")
    part = PartFactory()
    watch(Wish(part, Channel.EMAIL, "olena@example.com", "uk", "orders:stock_watch"), customer=None)
    PartShelf.objects.update_or_create(
        part=part,
        defaults={
            "category_id": part.category_id,
            "brand_id": part.brand_id,
            "price": Decimal("9999.99"),
            "lead_days": 1,
        },
    )
    tell_returned()


def test_every_letter_fits_a_small_phone_and_passes_axe(browser_page, screenshot):
    write_all()
    written = Message.objects.filter(channel=Channel.EMAIL).order_by("pk")
    letters = {re.sub(r"\d[\d\s.,]*", "", message.subject): message for message in written}
    kinds = {path.stem for path in Path(settings.BASE_DIR, "templates/emails").glob("*.html")} - PARTS
    assert len(letters) == len(kinds), sorted(letters)
    for dark in (False, True):
        page = browser_page(360, dark=dark)
        for number, message in enumerate(letters.values()):
            page.set_content(fill_html(message.html, unseal(message.sealed)))
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, message.subject
            broken = Axe().run(page, options=RULES).response["violations"]
            assert not broken, (message.subject, dark, [(rule["id"], rule["nodes"][0]["html"]) for rule in broken])
            if not dark:
                screenshot(page, f"letter-{number:02d}")
