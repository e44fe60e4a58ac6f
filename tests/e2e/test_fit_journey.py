"""Does it fit, and who says so: what a buyer with a chosen car sees, and what happens to a part that does not fit."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_order_journey import choose_octavia, passes_axe

REFUSED = """
SELECT brand.slug, part.article_key FROM catalog_fitcheck AS fit_check
JOIN catalog_part AS part ON part.id = fit_check.part_id JOIN catalog_brand AS brand ON brand.id = part.brand_id
JOIN catalog_category AS category ON category.id = part.category_id
JOIN vehicles_modification AS car ON car.id = fit_check.modification_id
WHERE NOT fits AND category.slug = 'brake-pads-front' AND car.code = 'skoda-octavia-iii-a7-1-6-tdi-77kw'
"""


@pytest.mark.parametrize(("width", "javascript"), [(1440, True), (360, False)], ids=["desktop", "phone-no-javascript"])
def test_a_part_that_staff_refused_is_added_only_by_somebody_who_means_it(
    live_shop, browser_page, screenshot, width, javascript
):
    page = browser_page(width, javascript=javascript)
    keep = screenshot if javascript else lambda page, name: None
    page.goto(live_shop.url("/"))
    choose_octavia(page, keep)

    page.goto(live_shop.url("/c/brake-pads-front/"))
    condition = page.locator(".fit--check .fit__detail").first
    expect(condition).to_contain_text("гальм")

    with live_shop.connect() as connection:
        brand, number = connection.execute(REFUSED).fetchone()
    page.goto(live_shop.url(f"/p/{brand}/{number}/"))
    expect(page.locator(".fit--does-not-fit").first).to_be_visible()
    expect(page.get_by_text("Перевірено").first).to_be_visible()
    page.get_by_role("button", name="У кошик", exact=True).first.click()
    question = page.get_by_role("dialog") if javascript else page.locator("main")
    expect(question).to_contain_text("ця деталь не підходить")
    keep(page, "asking")
    passes_axe(page, javascript)
    question.get_by_role("button", name="усе одно додати").click()
    if javascript:
        expect(page.locator("#basket-count")).to_contain_text("1")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.goto(live_shop.url("/basket/"))
    expect(page.locator(".fit--does-not-fit")).to_contain_text("не підходить до цього авто")
    expect(page.get_by_text("Вам також знадобиться")).to_be_visible()
