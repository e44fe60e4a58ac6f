"""The whole way of a guest: from "which car?" to an SMS with a waybill, as a person would go it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e import steps


@pytest.mark.parametrize(
    ("width", "javascript"),
    [(1440, True), (360, True), (360, False)],
    ids=["desktop", "phone", "phone-without-javascript"],
)
def test_a_guest_finds_a_part_for_the_car_orders_it_and_is_told_when_it_leaves(
    live_shop, browser_page, screenshot, width, javascript
):
    page = browser_page(width, javascript=javascript)
    keep = screenshot if javascript else lambda page, name: None
    name = f"{'Олена' if javascript else 'Марія'}"
    email = f"guest-{width}-{int(javascript)}@example.com"

    page.goto(live_shop.url("/"))
    keep(page, "home")
    passes_axe(page, javascript)
    choose_octavia(page, keep)
    open_front_brake_pads(page, keep, javascript)
    add_first_part_that_fits(page, keep, javascript)
    check_out(page, keep, name=name, email=email, javascript=javascript)

    number = steps.number_on(page)
    expect(page.get_by_text("1.6 TDI").first).to_be_visible()
    keep(page, "order")
    passes_axe(page, javascript)

    letter = live_shop.wait_for(lambda message: number in message.text and not message.is_text_message)
    assert email in letter.receivers
    text = live_shop.wait_for(lambda message: number in message.text and message.is_text_message)
    assert steps.link_in(letter.text) == steps.link_in(text.text) == page.url
    page.goto(live_shop.url("/local/mailbox/"))
    expect(page.get_by_text(number).first).to_be_visible()
    keep(page, "mailbox")

    waybill = f"2045{number}"
    ship_as_staff(live_shop, browser_page, screenshot, number, waybill)
    second = live_shop.wait_for(lambda message: message.is_text_message and waybill in message.text)
    assert second.receivers == text.receivers
    page.goto(steps.link_in(letter.text))
    expect(page.get_by_text(waybill).first).to_be_visible()
    keep(page, "order-shipped")


def choose_octavia(page: Page, keep) -> None:
    """Names alone are not unique: the table tells engines apart by kW, years and code."""
    page.goto(page.url.rstrip("/") + "/cars/")
    keep(page, "cars")
    page.get_by_role("link", name="Skoda", exact=True).first.click()
    page.get_by_role("link", name=re.compile("^Octavia")).first.click()
    page.get_by_role("link", name=re.compile("III A7")).first.click()
    engine = page.get_by_role("row").filter(has_text="1.6 TDI").filter(has_text="77 кВт")
    expect(engine).to_have_count(1)
    expect(engine).to_contain_text("CLHA")
    expect(engine).to_contain_text("2012")
    keep(page, "engines")
    engine.get_by_role("button", name=re.compile("Обрати")).click()
    expect(page.get_by_role("banner")).to_contain_text("Octavia III A7")


def open_front_brake_pads(page: Page, keep, javascript: bool) -> None:
    page.goto(re.sub(r"(https?://[^/]+)/.*", r"\1/c/brake-pads-front/", page.url))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Колодки")
    expect(page.get_by_role("banner")).to_contain_text("Octavia III A7")
    keep(page, "category")
    passes_axe(page, javascript)


def add_first_part_that_fits(page: Page, keep, javascript: bool) -> None:
    row = page.locator("[data-part]").filter(has=page.locator(".fit--fits")).first
    row.get_by_role("link").first.click()
    expect(page.get_by_text("Підходить").first).to_be_visible()
    keep(page, "part")
    passes_axe(page, javascript)
    page.get_by_role("button", name=re.compile("кошик", re.IGNORECASE)).first.click()
    if javascript:
        expect(page.locator("#basket-count")).to_contain_text("1")
        page.goto(re.sub(r"(https?://[^/]+)/.*", r"\1/basket/", page.url))
    expect(page.get_by_role("heading", level=1)).to_have_text("Кошик")
    keep(page, "basket")
    passes_axe(page, javascript)


def check_out(page: Page, keep, *, name: str, email: str, javascript: bool) -> None:
    page.get_by_role("link", name=re.compile("Оформити|оформлення", re.IGNORECASE)).first.click()
    expect(page.get_by_label("Автомобіль")).to_have_value(re.compile("Octavia"))
    steps.fill_checkout(page, name=name, email=email, javascript=javascript)
    keep(page, "checkout")
    passes_axe(page, javascript)
    steps.order_with_obligation_to_pay(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Замовлення №")


def ship_as_staff(live_shop, browser_page, screenshot, number: str, waybill: str) -> None:
    page = browser_page(1440)
    steps.sign_in_as_staff(page, live_shop)
    screenshot(page, "admin-desk")
    steps.open_order_as_staff(page, live_shop, number)
    page.get_by_role("link", name="Підтвердити").click()
    page.get_by_role("button", name="Підтвердити").click()
    steps.act_as_staff(page, "Відправити", **{"Номер накладної": waybill})
    expect(page.get_by_text(waybill).first).to_be_visible()
    screenshot(page, "admin-order")


def passes_axe(page: Page, javascript: bool) -> None:
    """No rule of WCAG broken; axe itself is a script, so it looks only where scripts run."""
    if javascript:
        broken = Axe().run(page).response["violations"]
        assert not broken, [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in broken]
