"""The account's pages in Chromium: nothing for axe to find, nothing that sticks out of a small phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone

from orders.stock_watching import Wish, watch
from shop.messaging.models import Channel
from tests.factories import CustomerFactory, LegalDocumentFactory, PartFactory

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "account": "/account/",
    "channels": "/account/channels/",
    "names": "/account/names/",
    "phone": "/account/phone/",
    "sign-out": "/account/logout/",
    "watch": "/watches/?part={part}",
    "watch-end": "/watches/1/AAAA/removal/",
}


@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_of_the_account_passes_axe(live_server, browser_page, screenshot, width):
    LegalDocumentFactory(kind="privacy")
    customer = CustomerFactory(phone="+380671234567", phone_proved_at=timezone.now())
    part = PartFactory()
    watch(Wish(part, Channel.EMAIL, customer.email, "uk", "orders:stock_watch"), customer=customer)
    client = Client()
    client.force_login(customer)
    page = browser_page(width)
    page.goto(f"{live_server.url}/account/login/")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    for name, address in PAGES.items():
        page.goto(f"{live_server.url}{address.format(part=part.pk)}")
        broken = Axe().run(page).response["violations"]
        assert not broken, (name, [(rule["id"], rule["nodes"][0]["html"]) for rule in broken])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        screenshot(page, f"own-{name}")
