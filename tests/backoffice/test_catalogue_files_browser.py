"""A file of fitments in Chromium: sent, looked at, applied; an unknown car answered by one press."""

import pytest
from django.urls import reverse

from shop.catalog.loading.running import run_file
from shop.catalog.models import BrandAlias, CarText, CatalogFile, Fitment
from tests.backoffice.test_browser import sign_in
from tests.factories import (
    BrandFactory,
    CatalogSourceFactory,
    GenerationFactory,
    MakeFactory,
    ModelFactory,
    ModificationFactory,
    PartFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

FILE = """Бренд;Артикул;Авто;Вісь;Примітки
TRW;GDB 1550;VW Golf V 1.6 TDI;передня;гальмівна система TRW
TRW;GDB 1550;VW Golf 1.6 TDI;передня;
TRW;GDB 1550;Zastava Yugo 1.1;;
TRW;ZZ 1;VW Golf V 1.6 TDI;;
Невідомий бренд;1;VW Golf V 1.6 TDI;;
"""


@pytest.fixture
def cars():
    golf = ModelFactory(make=MakeFactory(name="Volkswagen", aliases=["VW"]), name="Golf")
    generations = [GenerationFactory(model=golf, name=name) for name in ("IV (1J1, 1J5)", "V (1K1, 1K5)")]
    return [
        ModificationFactory(generation=generation, name="1.6 TDI", power_kw=power)
        for generation in generations
        for power in (77, 66)
    ]


@pytest.mark.parametrize("width", [360, 1440])
def test_a_file_is_applied_and_an_unknown_car_answered(browser_page, live_server, screenshot, cars, width):
    brand = BrandFactory(name="TRW")
    BrandAlias.objects.create(brand=brand, name="TRW", key="trw")
    PartFactory(brand=brand, article_number="GDB 1550")
    source = CatalogSourceFactory(name_uk="Еліт: придатність")
    page = browser_page(width, dark=width == 360)
    sign_in(page, live_server)

    def fits_the_screen():
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto(live_server.url + reverse("admin:catalog_catalogfile_add"))
    page.locator("select[name=kind]").select_option("fitment")
    page.locator("select[name=source]").select_option(str(source.pk))
    page.locator("input[type=file]").set_input_files(
        {"name": "elit.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    screenshot(page, "catalogue-file-form")
    fits_the_screen()
    page.locator("button[name=_save], input[name=_save]").first.click()
    page.get_by_text("Файл отримано").wait_for()
    file = CatalogFile.objects.get()
    run_file(file.pk)
    page.get_by_role("heading", name="Що зміниться").wait_for()
    screenshot(page, "catalogue-file-tried")
    fits_the_screen()
    page.get_by_role("button", name="Застосувати").click()
    page.get_by_text("Сторінку можна закрити").wait_for()
    run_file(file.pk)
    page.get_by_role("heading", name="Що змінилося").wait_for()
    assert Fitment.objects.count() == 2

    page.get_by_role("link", name="VW Golf 1.6 TDI").click()
    screenshot(page, "unknown-car")
    fits_the_screen()
    page.get_by_role("button", name="Volkswagen Golf IV (1J1, 1J5) 1.6 TDI 77 кВт").click()
    page.get_by_text("Запам’ятали. Додано 1 запис").wait_for()
    assert Fitment.objects.filter(modification=cars[0]).count() == 1
    page.get_by_role("button", name="Не наше авто").click()
    page.get_by_text("Запам’ятали: це не наше авто").wait_for()
    assert not CarText.objects.filter(status="open").exists()
    screenshot(page, "unknown-cars")
    fits_the_screen()
