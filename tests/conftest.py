"""What every test may ask for: a clean cache, Chromium with its pages."""

import os
from collections.abc import Callable, Iterator
from functools import cache as cache_for_ever
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from shop.lib.cache import FailOpenRedisCache
from shop.local import browser
from shop.local.messages import compile_changed

SIZES = {360: (360, 740), 1440: (1440, 900)}
SCREENSHOTS = Path(__file__).parents[1] / "var" / "screenshots"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright's loop runs in the thread of the test, and Django would take that for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@cache_for_ever
def _chromium_path() -> str | None:
    return browser.find()


def pytest_configure(config: pytest.Config) -> None:
    compile_changed()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for Chromium is a browser test; without one it is skipped, and bin/test ends by saying so."""
    wanting = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
    is_here = bool(wanting) and _chromium_path() is not None
    for item in wanting:
        item.add_marker(pytest.mark.browser)
        if not is_here:
            item.add_marker(pytest.mark.skip(reason="NO BROWSER: no Chromium on this machine"))


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """No test sees what another cached, nor the pause after another's dead server."""
    FailOpenRedisCache._dead_until = 0.0
    cache.clear()


@pytest.fixture(autouse=True)
def _ukrainian() -> None:
    """A request for an English page leaves its language to the thread, and tests share one."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium. One per module: while it lives, its loop would disturb asynchronous views in tests."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=_chromium_path(), args=_ARGUMENTS) as launched,
    ):
        yield launched


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens a page of its own context: ``browser_page(360, javascript=False)``."""
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1440, *, javascript: bool = True, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport=dict(zip(("width", "height"), SIZES[width], strict=True)),
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            has_touch=width < 800,
            locale="uk-UA",
            timezone_id="Europe/Kyiv",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def screenshot() -> Callable[..., Path]:
    """Keep a picture of a page as ``var/screenshots/NAME-WIDTH.png``."""

    def keep(page: Page, name: str, *, full_page: bool = True) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        width = page.viewport_size["width"] if page.viewport_size else 0
        path = SCREENSHOTS / f"{name}-{width}.png"
        page.screenshot(path=path, full_page=full_page)
        return path

    return keep
