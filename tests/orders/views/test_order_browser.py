"""The order's page in a browser, in every state that it can be in."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.cancellation import cancel_order
from orders.completion import complete_order
from orders.confirmation import confirm_order
from orders.editing import LineChange, NewLine, OrderEdit, edit_order
from orders.models import PaymentKind
from orders.notes import write_note
from orders.shipping import ship_order
from shop.delivery.states import ParcelState
from tests.factories import own_offer
from tests.orders.buying import manager, pay, placed

pytestmark = pytest.mark.django_db(transaction=True)


def offers(count=2):
    return [own_offer(price=Decimal("150.00")) for _each in range(count)]


def just_placed():
    return placed(*offers(), wants_fit_check=True, vin="TMBJG7NE5G0123456")


def awaiting_payment():
    return placed(*offers(), payment_kind=PaymentKind.INVOICE)


def part_paid():
    order = awaiting_payment()
    pay(order, "200.00")
    return order


def in_two_parcels():
    order = placed(*offers())
    author = manager()
    confirm_order(order, author=author)
    first, second = order.lines.all()
    here = ship_order(order, author=author, waybill_number="20450123456789", pieces={first.pk: 2})
    ship_order(order, author=author, waybill_number="20450123456790", pieces={second.pk: 2})
    here.move_to(
        ParcelState.READY,
        arrived_at=timezone.now(),
        storage_ends_on=timezone.localdate() + timedelta(days=7),
        state_text="Прибув у відділення",
    )
    return order


def changed():
    order = awaiting_payment()
    pay(order, "600.00")
    first, second = order.lines.all()
    other = own_offer(price=Decimal("210.00"))
    edit = OrderEdit(
        changed=(LineChange(first.pk, quantity=1),),
        added=(NewLine(other.part_id, other.warehouse_id, 2, replaces=second.pk),),
    )
    edit_order(order, edit, author=manager(), reason="Другої деталі немає, погодили заміну", seen_revision=1)
    write_note(order, "А чи підійде заміна?", key=uuid.uuid4())
    write_note(order, "Так, перевірили за VIN.", key=uuid.uuid4(), author=manager())
    return order


def cancelled():
    order = awaiting_payment()
    pay(order, "600.00")
    cancel_order(order)
    return order


def completed():
    order = placed(*offers())
    author = manager()
    confirm_order(order, author=author)
    ship_order(order, author=author, waybill_number="20450123456789")
    complete_order(order, author=author)
    return order


STATES = [just_placed, awaiting_payment, part_paid, in_two_parcels, changed, cancelled, completed]


@pytest.mark.parametrize("state", STATES)
def test_the_page_fits_a_phone_and_a_desk_in_every_state(live_server, browser_page, screenshot, state):
    order = state()
    troubles, asked = [], []
    for width in (360, 1440):
        page = browser_page(width, dark=state is in_two_parcels)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{live_server.url}{order.get_absolute_url()}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        screenshot(page, f"order-{state.__name__}")
    assert troubles == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_a_note_is_written_without_scripts_and_by_keyboard(live_server, browser_page):
    order = just_placed()
    page = browser_page(360, javascript=False)
    page.goto(f"{live_server.url}{order.get_absolute_url()}")
    page.get_by_label("Напишіть менеджеру").focus()
    page.keyboard.type("Коли буде?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Повідомлення в менеджера").wait_for()
    assert order.notes.get().text == "Коли буде?"
    assert page.locator("[data-copy]:visible").count() == 0


def test_a_parcels_number_is_copied(live_server, browser_page):
    order = in_two_parcels()
    page = browser_page(1440)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}{order.get_absolute_url()}")
    page.get_by_role("button", name="Скопіювати номер 20450123456789").click()
    page.get_by_text("Скопійовано").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "20450123456789"
