"""What people do in more than one journey: fill the checkout, pay on the provider's page, open an order as staff."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveShop

NUMBER = re.compile(r"\d{10}")


def put_pads_into_the_basket(page: Page, shop: LiveShop) -> None:
    """The first brake pads that our own shelf has, whatever the car."""
    page.goto(shop.url("/c/brake-pads-front/"))
    page.locator("[data-part]").first.get_by_role("link").first.click()
    page.get_by_role("button", name=re.compile("кошик", re.IGNORECASE)).first.click()
    expect(page.locator("#basket-count")).to_contain_text("1")


def fill_checkout(page: Page, *, name: str, email: str, phone: str = "067 123 45 67", javascript: bool = True) -> None:
    """Town, branch and person; delivery and payment stay as the page proposes them."""
    page.get_by_label("Прізвище").fill("Шевченко")
    page.get_by_label("Ім’я").fill(name)
    page.get_by_label("По батькові").fill("Іванівна")
    page.get_by_role("textbox", name="Телефон").fill(phone)
    page.get_by_label("Електронна пошта").fill(email)
    choose_branch(page, javascript=javascript)


def choose_branch(page: Page, *, javascript: bool = True) -> None:
    page.get_by_label("Місто").fill("Київ")
    if not javascript:
        page.get_by_role("button", name="Показати відділення").click()
    points = page.get_by_role("combobox", name="Відділення або поштомат")
    expect(points).to_be_visible()
    points.select_option(index=1)


def order_with_obligation_to_pay(page: Page) -> None:
    page.get_by_role("button", name=re.compile("зобов’язанням оплатити")).last.click()


def number_on(page: Page) -> str:
    """Of the order whose page is open."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(NUMBER)
    return NUMBER.search(heading.inner_text())[0]


def pay_by_liqpay(page: Page) -> None:
    """From our payment page to the provider's and back."""
    page.get_by_role("button", name="Карткою через LiqPay").click()
    page.get_by_role("button", name=re.compile("^Сплатити")).click()
    expect(page.get_by_text("Це імітація")).to_be_visible()
    page.get_by_role("button", name="Сплатити", exact=True).click()


def sign_in_as_staff(page: Page, shop: LiveShop) -> None:
    page.goto(shop.url("/admin/"))
    page.locator("input[name=username]").fill(shop.staff_email)
    page.locator("input[name=password]").fill(shop.staff_password)
    page.locator("input[name=password]").press("Enter")
    page.get_by_role("heading", name="Що потребує уваги").wait_for()


def open_order_as_staff(page: Page, shop: LiveShop, number: str) -> None:
    page.goto(shop.url(f"/admin/orders/order/?q={number}"))
    expect(page.get_by_role("heading", name=f"Замовлення № {number}")).to_be_visible()


def act_as_staff(page: Page, act: str, **fields: str) -> None:
    """Press an act on the order's page; ``fields`` are typed by the labels given as names."""
    sheet = page.locator("details", has=page.locator("summary", has_text=re.compile(f"^\\s*{act}\\s*$")))
    sheet.locator("summary").click()
    for label, value in fields.items():
        sheet.get_by_label(label).fill(value)
    sheet.get_by_role("button", name=act).click()


def link_in(text: str) -> str:
    """The order's page in a letter or SMS."""
    return re.search(r"https?://\S+/orders/\d{10}/[\w-]+/", text)[0]
