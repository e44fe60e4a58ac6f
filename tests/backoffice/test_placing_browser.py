"""The desks of unknown names and articles without a kind in Chromium, narrow and wide, with scripts and without."""

import re

import pytest
from django.urls import reverse

from shop.catalog.models import BrandAlias, Part
from shop.offers.models import UnknownBrand, UnplacedPart
from tests.backoffice.test_browser import LATIN, TEXTS, sign_in
from tests.factories import BrandFactory, CategoryFactory, PriceListVersionFactory

pytestmark = pytest.mark.django_db(transaction=True)

BRANDS = "admin:offers_unknownbrand_changelist"
PARTS = "admin:offers_unplacedpart_changelist"


@pytest.fixture
def category():
    return CategoryFactory(name_uk="Фільтр масляний")


@pytest.fixture
def unknown():
    return UnknownBrand.objects.create(
        name="Кнехт/Мале Фільтрація", key="кнехтмалефільтрація", rows=1207, version=PriceListVersionFactory()
    )


@pytest.fixture
def articles(category):
    brand = BrandFactory(name="Мале")
    names = ["Фільтр масляний до двигуна 1.6", "Набір №5", "Набір прокладок повний верхній з сальниками клапанів"]
    return [
        UnplacedPart.objects.create(
            brand=brand, article_number=f"90{n}", article_key=f"90{n}", name=name, version=PriceListVersionFactory()
        )
        for n, name in enumerate(names)
    ]


@pytest.mark.parametrize("width", [1440, 360])
def test_the_desks_keep_to_their_policy_their_width_and_their_language(
    browser_page, live_server, unknown, articles, width, screenshot
):
    page = browser_page(width)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, live_server)
    addresses = {
        "brands": reverse(BRANDS),
        "brand": reverse("admin:offers_unknownbrand_change", args=[unknown.pk]),
        "parts": reverse(PARTS),
        "part": reverse("admin:offers_unplacedpart_change", args=[articles[0].pk]),
    }
    for name, address in addresses.items():
        assert page.goto(live_server.url + address).status == 200
        page.wait_for_load_state("networkidle")
        screenshot(page, f"placing-{name}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        assert not set(re.findall(r"[A-Za-z]{3,}", page.evaluate(TEXTS))) - LATIN - {"SMS", "olena", "list"}, name
    assert complaints == []


@pytest.mark.parametrize("width", [1440, 360])
def test_names_and_articles_are_answered_without_scripts(
    browser_page, live_server, unknown, articles, category, width, screenshot
):
    page = browser_page(width, javascript=False)
    sign_in(page, live_server)
    page.goto(live_server.url + reverse(PARTS))
    screenshot(page, "placing-plain")
    page.get_by_role("button", name="Фільтр масляний").click()
    page.get_by_text("Додано 1 деталь до каталогу.").wait_for()
    for row in articles[1:]:
        page.locator(f"input[name=_selected_action][value='{row.pk}']").check()
    page.locator("select[name=action]").select_option(label="Розмістити в одній категорії")
    page.locator("#changelist-actions button[type=submit]").click()
    screenshot(page, "placing-together")
    page.get_by_label("Категорія").select_option(label="Фільтр масляний")
    page.get_by_role("button", name="Додати до каталогу").click()
    page.get_by_text("Додано 2 деталі до каталогу.").wait_for()
    assert Part.objects.filter(category=category).count() == 3

    page.goto(live_server.url + reverse("admin:offers_unknownbrand_change", args=[unknown.pk]))
    page.get_by_label("Це написання бренда, який уже є").check()
    page.get_by_label("Бренд", exact=True).select_option(label="Мале")
    page.get_by_role("button", name="Зберегти відповідь").click()
    page.get_by_text("тепер написання бренда «Мале»").wait_for()
    assert BrandAlias.objects.get(key=unknown.key).brand.name == "Мале"
