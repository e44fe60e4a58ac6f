"""Finding the part as people search: on the wrong keyboard, with look-alike letters, by a list, for one car."""

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def page(browser_page):
    """A phone without JavaScript; with it, tests/storefront/test_search_browser.py goes the same ways."""
    return browser_page(360, javascript=False)


def search(page: Page, live_shop, text: str) -> None:
    page.goto(live_shop.url("/"))
    page.get_by_role("banner").locator("[name=q]").fill(text)
    page.get_by_role("banner").get_by_role("button", name="Шукати").click()


def some_part(live_shop, sql: str = "true") -> tuple[str, str, str]:
    """Brand, address key and article number of a part that can be bought; ``sql`` narrows it down."""
    with live_shop.connect() as connection:
        return connection.execute(
            "SELECT brand.slug, part.article_key, part.article_number FROM catalog_part part "
            "JOIN catalog_brand brand ON brand.id = part.brand_id "
            "JOIN offers_partshelf shelf ON shelf.part_id = part.id "
            f"WHERE part.is_active AND shelf.lead_days IS NOT NULL AND {sql} ORDER BY part.id LIMIT 1"
        ).fetchone()


def test_words_typed_on_the_other_keyboard_find_the_category(live_shop, page):
    search(page, live_shop, "ufkmvsdys rjkjlrb")

    expect(page.get_by_text("Шукаємо: гальмівні колодки")).to_be_visible()
    expect(page.locator('[data-category="brake-pads-front"]').first).to_be_visible()


def test_a_number_with_look_alike_letters_finds_its_part(live_shop, page):
    brand, key, number = some_part(live_shop, "part.article_number ~ '[ABCEHKMOPTX]' AND length(part.article_key) > 6")
    cyrillic = str.maketrans("ABCEHKMOPTX", "АВСЕНКМОРТХ")
    search(page, live_shop, number.translate(cyrillic).lower())

    expect(page.locator(f'[data-part="{brand}/{key}"]').first).to_be_visible()


def test_a_pasted_list_is_reviewed_and_goes_into_the_basket(live_shop, page):
    number = some_part(
        live_shop, "EXISTS (SELECT 1 FROM offers_offer offer WHERE offer.part_id = part.id AND offer.pieces > 3)"
    )[2]
    page.goto(live_shop.url("/search/list/"))
    page.locator("textarea").fill(f"{number} x2\nНЕМАЄТАКОГО-123 1")
    page.locator("main form").get_by_role("button").first.click()

    expect(page.get_by_text("НЕМАЄТАКОГО-123").first).to_be_visible()
    page.get_by_role("button", name=re.compile("кошик", re.IGNORECASE)).last.click()
    page.goto(live_shop.url("/basket/"))
    expect(page.get_by_text(number).first).to_be_visible()


def test_a_part_that_fits_under_a_condition_says_which(live_shop, page):
    with live_shop.connect() as connection:
        car, brand, key = connection.execute(
            "SELECT fitment.modification_id, brand.slug, part.article_key FROM catalog_fitment fitment "
            "JOIN catalog_fitmentcondition condition ON condition.id = fitment.condition_id "
            "JOIN catalog_part part ON part.id = fitment.part_id JOIN catalog_brand brand ON brand.id = part.brand_id "
            "WHERE condition.rules ? 'brake_system' AND NOT EXISTS (SELECT FROM catalog_fitment plain "
            "WHERE plain.part_id = part.id AND plain.modification_id = fitment.modification_id "
            "AND plain.condition_id IS NULL) "
            "ORDER BY fitment.id LIMIT 1"
        ).fetchone()
        place = connection.execute(
            "SELECT make.slug, model.slug, generation.slug, car.slug FROM vehicles_modification car "
            "JOIN vehicles_generation generation ON generation.id = car.generation_id "
            "JOIN vehicles_vehiclemodel model ON model.id = generation.model_id "
            "JOIN vehicles_vehiclemake make ON make.id = model.make_id WHERE car.id = %s",
            (car,),
        ).fetchone()
    page.goto(live_shop.url(f"/cars/{'/'.join(place)}/"))
    page.get_by_role("button", name="Обрати це авто").click()
    page.goto(live_shop.url(f"/p/{brand}/{key}/"))

    expect(page.locator(".fit--check").first).to_contain_text("гальмівна система")
