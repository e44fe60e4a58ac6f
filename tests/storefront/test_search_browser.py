"""The search in Chromium: wrong layout, look-alike letters, suggestions by keyboard, a pasted list, a question."""

import re

import pytest
from playwright.sync_api import expect

from orders.models import BasketLine, Enquiry
from shop.catalog.models import BrandAlias
from shop.catalog.numbers import brand_key
from shop.lib.version import bump_catalogue_version
from shop.offers.shelf import refresh_shelf
from tests.factories import BrandFactory, CategoryFactory, PartFactory, own_offer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def part():
    brand = BrandFactory(slug="trw", name="TRW")
    BrandAlias.objects.create(brand=brand, name="TRW", key=brand_key("TRW"))
    category = CategoryFactory(slug="brake-pads", name_uk="Гальмівні колодки", synonyms=["колодки"])
    part = PartFactory(brand=brand, category=category, article_number="PMK 768", name_uk="Колодки гальмівні передні")
    own_offer(part=part, pieces=9)
    refresh_shelf()
    bump_catalogue_version()
    return part


def search_for(page, text):
    page.locator("#header-query").fill(text)
    page.locator("#header-query").press("Enter")
    page.wait_for_url(re.compile("/search/"))


@pytest.mark.parametrize(("width", "javascript"), [(360, False), (360, True), (1440, True)])
def test_layout_and_look_alikes_do_not_matter(live_server, browser_page, screenshot, part, width, javascript):
    page = browser_page(width, javascript=javascript)
    page.goto(f"{live_server.url}/")
    search_for(page, "ufkmvsdys rjkjlrb")
    expect(page.locator("[data-category=brake-pads]").first).to_be_visible()
    expect(page.get_by_text("Шукаємо: гальмівні колодки")).to_be_visible()
    screenshot(page, "search-layout")
    search_for(page, "РМК-768")
    expect(page.locator("[data-part='trw/PMK768']")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1440])
def test_suggestions_are_walked_by_keyboard(live_server, browser_page, screenshot, part, width):
    page = browser_page(width)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/")
    field = page.get_by_role("combobox", name="Номер запчастини або назва")
    field.press_sequentially("колод", delay=30)
    row = page.get_by_role("option", name="Гальмівні колодки")
    expect(row).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    screenshot(page, "search-hints", full_page=False)
    field.press("ArrowDown")
    expect(row).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(row).to_be_hidden()
    assert field.input_value() == "колод"
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url(re.compile(r"/(c/brake-pads|search)/"))
    assert complaints == []


@pytest.mark.parametrize(("width", "javascript"), [(360, False), (1440, True)])
def test_a_pasted_list_goes_into_the_basket(live_server, browser_page, screenshot, part, width, javascript):
    page = browser_page(width, javascript=javascript)
    page.goto(f"{live_server.url}/search/list/")
    page.get_by_label("Номери з кількістю").fill("PMK768 x2\nZZ 99999 - 1 шт")
    page.get_by_role("button", name="Перевірити список").click()
    expect(page.get_by_text("не знаємо такого номера")).to_be_visible()
    screenshot(page, "number-list")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Усе обране в кошик").click()
    page.wait_for_url(re.compile("/basket/"))
    assert [(line.part, line.quantity) for line in BasketLine.objects.all()] == [(part, 2)]


@pytest.mark.parametrize(("width", "javascript"), [(360, False), (1440, True)])
def test_nothing_found_becomes_a_question(live_server, browser_page, screenshot, part, width, javascript):
    page = browser_page(width, javascript=javascript)
    page.goto(f"{live_server.url}/")
    search_for(page, "хрупамзик буркотун")
    expect(page.get_by_label("Що шукаєте")).to_have_value("хрупамзик буркотун")
    page.get_by_label("Ім’я").fill("Олена")
    page.get_by_label("Телефон").fill("067 123 45 67")
    screenshot(page, "search-nothing")
    page.get_by_role("button", name="Надіслати запит").click()
    expect(page.get_by_role("heading", name="Запит надіслано")).to_be_visible()
    assert Enquiry.objects.get().phone == "+380671234567"
