"""Customers with an account through the running shop: they register, order on delivery, sign in elsewhere, claim."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.conftest import LiveShop
from tests.e2e.test_order_journey import passes_axe

CODE = re.compile(r"\b\d{6}\b")
PASSWORD = "довга зелена гайка"


@pytest.mark.parametrize(
    ("width", "javascript", "phone"),
    [(1440, False, "050 111 22 33"), (360, True, "050 111 22 34")],
    ids=["desktop-without-javascript", "phone"],
)
def test_a_customer_registers_orders_on_delivery_and_finds_it_on_another_device(
    live_shop, browser_page, screenshot, width, javascript, phone
):
    page = browser_page(width, javascript=javascript)
    keep = screenshot
    email = f"customer-{width}-{int(javascript)}@example.com"
    steps.put_pads_into_the_basket(page, live_shop)

    page.get_by_role("link", name="Увійти").click()
    keep(page, "account-sign-in")
    passes_axe(page, javascript)
    page.get_by_role("link", name="Зареєструватися").click()
    first = register(page, live_shop, email=email, phone=phone, javascript=javascript, keep=keep)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Оксана")
    keep(page, "account-new")
    passes_axe(page, javascript)

    expect(page.locator("#basket-count")).to_contain_text("1")
    page.goto(live_shop.url("/checkout/"))
    expect(page.get_by_label("Прізвище")).to_have_value("Коваль")
    expect(page.get_by_label("Електронна пошта")).to_have_value(email)
    steps.choose_branch(page, javascript=javascript)
    page.get_by_role("radio", name=re.compile("^Під час отримання")).check()
    steps.order_with_obligation_to_pay(page)
    number = steps.number_on(page)
    expect(page.get_by_text("Усі замовлення в одному місці")).to_have_count(0)
    keep(page, "account-order")

    elsewhere = browser_page(width, javascript=javascript)
    elsewhere.goto(live_shop.url("/account/"))
    elsewhere.get_by_role("link", name="Увійти за кодом, без пароля").click()
    elsewhere.get_by_label("Пошта або телефон").fill(phone)
    keep(elsewhere, "account-ask-code")
    elsewhere.get_by_role("button", name="Надіслати код").click()
    keep(elsewhere, "account-code")
    passes_axe(elsewhere, javascript)
    elsewhere.get_by_label("Код").fill(code_by_sms(live_shop, phone, other_than=first))
    elsewhere.get_by_role("button", name="Увійти", exact=True).click()
    elsewhere.get_by_role("link", name=f"№ {number}").click()
    assert steps.number_on(elsewhere) == number
    elsewhere.goto(live_shop.url("/account/"))
    keep(elsewhere, "account")
    passes_axe(elsewhere, javascript)

    elsewhere.get_by_role("button", name="Вийти").click()
    expect(elsewhere.get_by_role("link", name="Увійти")).to_be_visible()
    page.goto(live_shop.url("/account/"))
    expect(page.get_by_role("link", name=f"№ {number}")).to_be_visible()


def test_a_guest_turns_an_order_into_an_account_in_one_step(live_shop, browser_page, screenshot):
    page = browser_page(360)
    email = "claims@example.com"
    numbers = []
    for _each in range(2):
        steps.put_pads_into_the_basket(page, live_shop)
        page.goto(live_shop.url("/checkout/"))
        steps.fill_checkout(page, name="Ганна", email=email, phone="050 222 33 44")
        steps.order_with_obligation_to_pay(page)
        numbers.append(steps.number_on(page))
    expect(page.get_by_text("Усі замовлення в одному місці")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Код листом")).click()
    screenshot(page, "claim-code")
    passes_axe(page, javascript=True)
    page.get_by_label("Код").fill("000000")
    page.get_by_role("button", name="Підтвердити").click()
    expect(page.get_by_text("Код не той").first).to_be_visible()
    page.get_by_label("Код").fill(code_by_mail(live_shop, email))
    page.get_by_role("button", name="Підтвердити").click()
    for number in numbers:
        expect(page.get_by_role("link", name=f"№ {number}")).to_be_visible()
    screenshot(page, "claim-account")


def register(page: Page, shop: LiveShop, *, email: str, phone: str, javascript: bool, keep) -> str:
    """Names, contacts and password, then a code from the letter and one from the SMS, which is given back."""
    page.get_by_label("Прізвище").fill("Коваль")
    page.get_by_label("Ім’я").fill("Оксана")
    page.get_by_role("textbox", name="Телефон").fill(phone)
    page.get_by_label("Електронна пошта").fill(email)
    page.get_by_label("Пароль").fill(PASSWORD)
    keep(page, "account-register")
    passes_axe(page, javascript)
    page.get_by_role("button", name="Зареєструватися").click()
    page.get_by_label("Код").fill(code_by_mail(shop, email))
    keep(page, "account-mailbox-code")
    page.get_by_role("button", name="Підтвердити").click()
    code = code_by_sms(shop, phone)
    page.get_by_label("Код").fill(code)
    keep(page, "account-phone-code")
    passes_axe(page, javascript)
    page.get_by_role("button", name="Підтвердити").click()
    return code


def code_by_mail(shop: LiveShop, email: str) -> str:
    """In the newest letter with a code to ``email``; letters of orders have none."""
    letter = shop.wait_for(
        lambda message: not message.is_text_message and email in message.receivers and "Код діє" in message.text
    )
    return CODE.search(letter.text)[0]


def code_by_sms(shop: LiveShop, phone: str, *, other_than: str = "") -> str:
    """In the newest SMS with a code to ``phone``."""
    digits = f"38{phone.replace(' ', '')}"
    text = shop.wait_for(
        lambda message: (
            message.is_text_message
            and digits in message.receivers
            and "Нікому" in message.text
            and (not other_than or other_than not in message.text)
        )
    )
    return CODE.search(text.text)[0]
