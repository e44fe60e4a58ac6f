"""The admin in Chromium: nothing against its content policy, nothing wider than the screen, no English word."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from orders.models import Status
from tests.factories import CustomerFactory, FitmentFactory, OeNumberFactory, StockItemFactory
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "dovhyi-parol-1"
# Names of things that are Latin in Ukrainian too, and data of the rows above.
LATIN = {
    "SMS",
    "VIN",
    "EAN",
    "IBAN",
    "HTML",
    "WMI",
    "Brand",
    "Make",
    "Model",
    "TDI",
    "III",
    "CLHA",
    "esc",
    "olena",
    "example",
}
LATIN |= {"com", "person", "mail", "pad", "UAH", "category", "UTC", "Google"}
LATIN |= {"LiqPay", "monobank", "WayForPay", "Checkbox", "Meest", "PDF"}
TEXTS = """() => {
  const words = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement
    if (!parent.closest("script, style, .material-symbols-outlined")) words.push(walker.currentNode.textContent)
  }
  for (const element of document.querySelectorAll("[title], [placeholder], [aria-label]"))
    for (const name of ["title", "placeholder", "aria-label"]) words.push(element.getAttribute(name) ?? "")
  return words.join("\\n")
}"""


def confirmed_order():
    """With its line in one transaction: the sums are compared when it ends."""
    with transaction.atomic():
        return OrderFactory(confirmed=True)


@pytest.fixture
def rows():
    order = confirmed_order()
    part = FitmentFactory(part=OeNumberFactory(number="5 698").part).part
    return {
        "desk": reverse("admin:index"),
        "orders": reverse("admin:orders_order_changelist"),
        "order": reverse("admin:orders_order_change", args=[order.pk]),
        "shipment": reverse("admin:orders_order_ship", args=[order.pk]),
        "parts": reverse("admin:catalog_part_changelist"),
        "part": reverse("admin:catalog_part_change", args=[part.pk]),
        "stock": reverse("admin:offers_stockitem_change", args=[StockItemFactory().pk]),
        "password": reverse("admin:password_change"),
    }


def sign_in(page, live_server):
    person = CustomerFactory(staff=True, email="olena@example.com")
    person.set_password(PASSWORD)
    person.save()
    page.goto(live_server.url + reverse("admin:index"))
    page.get_by_label("Електронна пошта").fill("olena@example.com")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Увійти").click()
    page.get_by_role("heading", name="Що потребує уваги").wait_for()


@pytest.mark.parametrize("width", [1440, 360])
def test_pages_keep_to_their_policy_their_width_and_their_language(browser_page, live_server, rows, width, screenshot):
    page = browser_page(width)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, live_server)
    for name, address in rows.items():
        assert page.goto(live_server.url + address).status == 200
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        foreign = set(re.findall(r"[A-Za-z]{3,}", page.evaluate(TEXTS))) - LATIN
        assert not foreign, name
        if name in ("desk", "order"):
            screenshot(page, f"admin-{name}")
    assert complaints == []


@pytest.mark.parametrize("width", [1440, 360])
def test_an_order_is_shipped_without_scripts(browser_page, live_server, width):
    order = confirmed_order()
    page = browser_page(width, javascript=False)
    sign_in(page, live_server)
    page.get_by_label("Знайти замовлення").fill(order.number)
    page.get_by_role("button", name="Знайти").click()
    act = page.locator("details", has=page.locator("summary", has_text="Відправити"))
    act.locator("summary").click()
    act.get_by_label("Номер накладної").fill("20450123456789")
    act.get_by_role("button", name="Відправити").click()
    page.get_by_text("Відправлено").first.wait_for()
    order.refresh_from_db()
    assert order.status == Status.SHIPPED
