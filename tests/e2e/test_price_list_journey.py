"""A supplier's file through the real shop: uploaded at the desk, read by a real worker, put in force, taken back."""

import re

import pytest
from playwright.sync_api import expect

ROWS = 1500


@pytest.fixture
def price_files(live_shop, tmp_path):
    """Two files of one supplier with parts of the shop: the second is dearer and half as long."""
    with live_shop.connect() as database:
        (name,) = database.execute(
            "SELECT supplier.name FROM offers_supplier supplier WHERE EXISTS"
            " (SELECT 1 FROM offers_warehouse WHERE supplier_id = supplier.id AND is_active) ORDER BY id LIMIT 1"
        ).fetchone()
        parts = database.execute(
            "SELECT brand.name, part.article_number, part.name_uk FROM catalog_part part"
            " JOIN catalog_brand brand ON brand.id = part.brand_id WHERE part.is_active ORDER BY part.id LIMIT %s",
            [ROWS],
        ).fetchall()
    files = []
    # Dearer than anybody else's, so that no other journey meets these offers.
    for number, (factor, count) in enumerate([(100, ROWS), (112, ROWS // 2)], start=1):
        rows = [
            f"{brand};{article};{words.replace(';', ',')};{(500 + place) * factor},00;5"
            for place, (brand, article, words) in enumerate(parts[:count])
        ]
        path = tmp_path / f"прайс-{number}.csv"
        path.write_text("\n".join(["Бренд;Артикул;Назва;Ціна;Кількість", *rows]), encoding="utf-8")
        files.append(path)
    return name, files


def test_a_price_list_is_taken_in_by_a_worker_and_taken_back(live_shop, browser_page, price_files, screenshot):
    supplier, (first, second) = price_files
    page = browser_page(1440)
    page.set_default_timeout(60_000)
    sign_in(live_shop, page)

    # A list of its own, and its first file.
    page.goto(live_shop.url("/admin/offers/pricelist/add/"))
    page.locator(".field-supplier .select2-selection").click()
    page.locator(".select2-results__option", has_text=supplier).first.click()
    page.get_by_label("Прайс").fill("Перевірка")
    page.get_by_role("button", name="Зберегти", exact=True).click()
    expect(page.get_by_text("Завантажте його перший файл.")).to_be_visible()
    upload(page, first)
    screenshot(page, "price-list-reading")
    in_force(page, screenshot, "price-list-first")
    assert offers_of(live_shop) == ROWS

    # The second pulls the brakes.
    page.goto(live_shop.url("/admin/offers/pricelist/"))
    page.get_by_role("link", name=supplier).last.click()
    page.get_by_role("link", name="Завантажити файл").first.click()
    upload(page, second)
    expect(page.get_by_text("Чому чекає")).to_be_visible(timeout=60_000)
    screenshot(page, "price-list-brakes")
    assert offers_of(live_shop) == ROWS
    in_force(page, screenshot, "price-list-second")
    assert offers_of(live_shop) == ROWS // 2

    # Back to what was.
    page.get_by_role("link", name=re.compile("Перевірка")).last.click()
    page.get_by_role("link", name="Повернути версію 1").click()
    expect(page.get_by_text(re.compile("Змінить пропозицій"))).to_be_visible()
    page.get_by_role("button", name="Повернути цю версію").click()
    expect(page.get_by_text(re.compile(r"Діє з \d"))).to_be_visible(timeout=60_000)
    assert offers_of(live_shop) == ROWS


def sign_in(live_shop, page):
    page.goto(live_shop.url("/admin/"))
    page.locator("input[name=username]").fill(live_shop.staff_email)
    page.locator("input[name=password]").fill(live_shop.staff_password)
    page.locator("input[name=password]").press("Enter")
    expect(page.get_by_role("heading", name="Що потребує уваги")).to_be_visible()


def upload(page, path):
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Завантажити").click()
    expect(page.get_by_role("heading", name="Файл", exact=True)).to_be_visible()


def in_force(page, screenshot, name):
    """Wait for the trial, release, wait until the shelf has it."""
    expect(page.get_by_role("heading", name="Що змінює цей файл")).to_be_visible(timeout=60_000)
    screenshot(page, name)
    page.get_by_role("link", name="Увімкнути").click()
    page.get_by_role("button", name="Увімкнути").click()
    expect(page.get_by_text(re.compile(r"Діє з \d"))).to_be_visible(timeout=60_000)


def offers_of(live_shop):
    with live_shop.connect() as database:
        return database.execute(
            "SELECT count(*) FROM offers_offer JOIN offers_pricelist list ON list.id = price_list_id"
            " WHERE list.name = 'Перевірка'"
        ).fetchone()[0]
