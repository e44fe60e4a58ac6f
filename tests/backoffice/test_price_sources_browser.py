"""The pages of sources in Chromium: only the fields of the chosen kind, narrow and wide, without a complaint."""

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.offers.models import PriceListSource
from tests.backoffice.test_browser import sign_in
from tests.factories import PriceListFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1440, 360])
def test_a_source_is_told_with_the_fields_of_its_kind(browser_page, live_server, width, screenshot):
    price_list = PriceListFactory(name="Опт")
    page = browser_page(width)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, live_server)

    page.goto(live_server.url + reverse("admin:offers_pricelist_change", args=[price_list.pk]))
    page.get_by_role("link", name="Отримувати файли автоматично").click()
    own = {"folder": ["file_pattern"], "url": ["url", "login", "password"], "mail": ["file_pattern", "sender"]}
    for kind, names in own.items():
        page.select_option("select[name=kind]", kind)
        for name in {"file_pattern", "url", "login", "password", "sender"}:
            page.locator(f"input[name={name}]").wait_for(state="visible" if name in names else "hidden")
    page.select_option("select[name=kind]", "url")
    page.fill("input[name=url]", "https://acme.example/prices/price.csv")
    page.fill("input[name=login]", "acme")
    page.fill("input[name=password]", "secret")
    assert overflow(page) == 0
    screenshot(page, "source-new")
    page.get_by_role("button", name="Зберегти і продовжити редагування").click()

    page.get_by_role("button", name="Перевірити зараз").wait_for()
    assert page.input_value("input[name=password]") == ""
    source = PriceListSource.objects.get()
    assert (source.price_list, source.password) == (price_list, "secret")
    PriceListSource.objects.update(last_problem="web_page", failures=3, last_checked_at=timezone.now())
    page.reload()
    page.get_by_text("Замість файлу надійшла вебсторінка").first.wait_for()
    page.get_by_text("не вдається").wait_for()
    assert overflow(page) == 0
    screenshot(page, "source")

    page.goto(live_server.url + reverse("admin:offers_pricelistsource_changelist"))
    assert overflow(page) == 0
    screenshot(page, "sources")
    assert complaints == []


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
