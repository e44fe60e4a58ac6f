"""A car by its VIN in a browser: on a phone with and without JavaScript, and at a desk."""

import re
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.factories import GenerationFactory, MakeFactory, ModelFactory, ModificationFactory
from vehicles.models import Fuel

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cars():
    octavia = ModelFactory(make=MakeFactory(name="Skoda", slug="skoda", wmi=["TMB"], position=1), name="Octavia")
    ModificationFactory(generation=GenerationFactory(model=octavia, code="skoda-octavia-iii-a7"))
    made = {"produced_from": date(2002, 9, 1), "produced_to": date(2008, 6, 1)}
    accord = ModelFactory(make=MakeFactory(name="Honda", slug="honda", wmi=["1HG"], position=2), name="Accord")
    ModificationFactory(
        generation=GenerationFactory(model=accord, name="VII", **made),
        name="3.0 V6 US",
        engine_codes=["J30A4"],
        fuel=Fuel.PETROL,
        displacement_cc=2997,
        power_kw=179,
        power_hp=243,
        **made,
    )


@pytest.mark.parametrize(
    ("width", "javascript"),
    [(1440, True), (360, True), (360, False)],
    ids=["desktop", "phone", "phone-without-javascript"],
)
def test_two_vins_fill_a_garage(live_server, browser_page, screenshot, cars, width, javascript):
    page = browser_page(width, javascript=javascript)
    main = page.locator("main")
    page.goto(f"{live_server.url}/")
    main.get_by_label("VIN або номер кузова").fill("1hgcm82633a00435")
    main.get_by_role("button", name="Знайти за VIN").click()
    expect(main.get_by_text("VIN має 17 знаків, а тут 16 знаків.")).to_be_visible()
    main.get_by_label("VIN або номер кузова").fill("1hgcm82633a004352")
    main.get_by_label("Зберегти VIN у гаражі").check()
    main.get_by_role("button", name="Знайти за VIN").click()
    expect(main.get_by_role("heading", name=re.compile("Honda Accord EX-V6, 2003"))).to_be_visible()
    if javascript:
        screenshot(page, "vin")
        assert Axe().run(page).violations_count == 0
    main.get_by_role("button", name=re.compile("^Обрати Honda Accord")).click()

    page.goto(f"{live_server.url}/cars/")
    main.get_by_label("VIN або номер кузова").fill("ТМВ JG7NE 5G0 123456")
    main.get_by_role("button", name="Знайти за VIN").click()
    main.get_by_role("link", name=re.compile("Octavia")).click()
    expect(page).to_have_url(re.compile(r"\?year=2016$"))
    main.get_by_role("button", name=re.compile("^Обрати 1.6 TDI")).click()

    page.locator("summary", has_text="Octavia").click()
    page.get_by_role("link", name="Гараж").click()
    expect(main.get_by_role("heading", level=2)).to_have_count(2)
    expect(main.get_by_text("1HG…4352")).to_be_visible()
    expect(main.get_by_text("TMB…3456")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if javascript:
        screenshot(page, "garage")
        assert Axe().run(page).violations_count == 0
