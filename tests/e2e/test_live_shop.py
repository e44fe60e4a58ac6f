"""The whole stack stands up: what `bin/up` starts, seen from outside."""

import httpx


def test_the_live_shop_is_healthy(live_shop):
    answer = httpx.get(live_shop.url("/healthz"))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_live_shop_shows_its_first_page(live_shop):
    answer = httpx.get(live_shop.url("/"))
    assert answer.status_code == 200
    assert '<html lang="uk">' in answer.text


def test_the_local_mailbox_opens_in_a_browser(live_shop, browser_page, screenshot):
    for width in (360, 1440):
        page = browser_page(width)
        page.goto(live_shop.url("/local/mailbox/"))
        assert page.get_by_role("heading", name="Пошта і SMS").is_visible()
        screenshot(page, "mailbox-empty")
