"""Money through the running shop: paid by card, paid more after a change, given back after a cancellation."""

import re
from decimal import Decimal

from playwright.sync_api import expect

from tests.e2e import steps


def test_a_guest_pays_by_card_pays_for_a_change_and_gets_all_of_it_back(live_shop, browser_page, screenshot):
    page = browser_page(1440)
    email = "card@example.com"
    steps.put_pads_into_the_basket(page, live_shop)
    page.goto(live_shop.url("/checkout/"))
    steps.fill_checkout(page, name="Ірина", email=email)
    page.get_by_label("Карткою через LiqPay").check()
    steps.order_with_obligation_to_pay(page)
    number = steps.number_on(page)
    price = sum_in(page.get_by_text("До сплати").first.inner_text())
    steps.pay_by_liqpay(page)
    expect(page.get_by_text("Сплачено").first).to_be_visible(timeout=20_000)
    screenshot(page, "journey-paid")
    paid = letter(live_shop, number, "надійшли")
    assert email in paid.receivers
    order_page = steps.link_in(paid.text)

    staff = browser_page(1440)
    steps.sign_in_as_staff(staff, live_shop)
    steps.open_order_as_staff(staff, live_shop, number)
    staff.get_by_role("link", name="Змінити замовлення").click()
    staff.get_by_label("Кількість").first.fill("2")
    staff.get_by_label("Чому змінюємо").fill("Просили дві пари")
    staff.get_by_role("button", name="Зберегти нову версію").click()
    expect(staff.get_by_text("Ще до сплати")).to_be_visible()
    screenshot(staff, "journey-changed")
    assert steps.link_in(letter(live_shop, number, "Просили дві пари").text) == order_page

    page.goto(order_page)
    page.get_by_role("link", name=re.compile("^Сплатити")).first.click()
    assert sum_in(page.get_by_text("До сплати").first.inner_text()) == price
    steps.pay_by_liqpay(page)
    expect(page.get_by_text("Сплачено").first).to_be_visible(timeout=20_000)
    expect(page.get_by_text("До сплати")).to_have_count(0)

    page.goto(order_page)
    page.get_by_role("link", name=re.compile("Скасувати")).first.click()
    page.get_by_role("button", name="Так, скасувати").click()
    expect(page.get_by_text("скасовано", exact=False).first).to_be_visible()
    assert two_refunds(live_shop, number) == [price, price]
    page.goto(order_page)
    screenshot(page, "journey-refunded")
    steps.open_order_as_staff(staff, live_shop, number)
    expect(staff.get_by_text("скасовано", exact=False).first).to_be_visible()
    with live_shop.connect() as connection:
        row = connection.execute(
            "select sum(amount) from orders_refund r where status = 'done' and exists "
            "(select from orders_payment p join orders_order o on o.id = p.order_id "
            "where p.id = r.payment_id and o.number = %s)",
            [number],
        ).fetchone()
    assert row == (2 * price,)


def letter(live_shop, number: str, words: str):
    return live_shop.wait_for(
        lambda message: number in message.text and words in message.text and not message.is_text_message
    )


def sum_in(text: str) -> Decimal:
    """``До сплати 1 234,50 ₴`` as an amount."""
    digits = re.sub(r"[^\d,]", "", text.split("сплати")[-1])
    return Decimal(digits.replace(",", "."))


def two_refunds(live_shop, number: str) -> list[Decimal]:
    """The sums of two letters about money given back; the timetable looks each minute for refunds that are due."""
    found: dict[int, Decimal] = {}

    def is_second(message) -> bool:
        said = re.search(r"Ми повернули ([^.]*?)₴", message.text)
        if said and number in message.text and not message.is_text_message:
            found[message.number] = sum_in("сплати" + said[1])
        return len(found) == 2

    live_shop.wait_for(is_second, seconds=90)
    return list(found.values())
