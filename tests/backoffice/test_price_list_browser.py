"""A price list in Chromium: upload, preview, correction, trial, brake, release, undo — and what the pages look like."""

import pytest
from django.urls import reverse

from shop.catalog.models import BrandAlias
from shop.catalog.numbers import brand_key
from shop.offers.models import Markup, PriceListVersion
from shop.offers.pricelists.running import run_version
from tests.backoffice.test_browser import sign_in
from tests.factories import BrandFactory, PartFactory, PriceListFactory, WarehouseFactory

pytestmark = pytest.mark.django_db(transaction=True)

Status = PriceListVersion.Status
HEAD = "Марка;Код;Номенклатура;Опт;Роздріб;Кількість"


@pytest.fixture
def price_list():
    warehouse = WarehouseFactory(lead_days=2)
    Markup.objects.create(percent=50)
    bosch = BrandFactory(name="Bosch")
    BrandAlias.objects.get_or_create(brand=bosch, key=brand_key("Bosch"), defaults={"name": "Bosch"})
    for number in range(40):
        PartFactory(brand=bosch, article_number=f"F {number:03}")
    return PriceListFactory(supplier=warehouse.supplier, name="Опт")


def price_file(folder, name, price, *, count=40):
    rows = [f"Bosch;F {number:03};Фільтр масляний;{price + number},50;{2 * price};5" for number in range(count)]
    path = folder / name
    path.write_text("\n".join([HEAD, "Невідомий;Z 1;Фільтр;10,00;20;1", *rows]), encoding="cp1251")
    return path


def work(page=None):
    """What the worker does, while the page asks how far it is."""
    version = PriceListVersion.objects.order_by("-pk").first()
    run_version(version.pk)
    version.refresh_from_db()
    return version


def upload(page, live_server, price_list, path):
    page.goto(live_server.url + reverse("admin:offers_pricelist_upload", args=[price_list.pk]))
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Завантажити").click()
    page.get_by_text("Файл отримано.").wait_for()


@pytest.mark.parametrize("width", [1440, 360])
def test_a_price_list_goes_from_upload_to_undo(browser_page, live_server, price_list, tmp_path, width, screenshot):
    page = browser_page(width)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, live_server)

    # The first file: seen, its price column corrected, released.
    upload(page, live_server, price_list, price_file(tmp_path, "перший.csv", 100))
    first = work()
    page.get_by_role("heading", name="Що змінює цей файл").wait_for()
    page.get_by_role("link", name="Колонки файлу").click()
    page.get_by_text("невідомий бренд").first.wait_for(state="attached")
    was = page.locator("select[name^=column_]").evaluate_all("all => all.findIndex(one => one.value === 'price')")
    other = {3: 4, 4: 3}[was]
    page.locator(f"select[name=column_{was}]").select_option("")
    page.get_by_text("Не вибрано колонку: ціна.").wait_for()
    page.locator(f"select[name=column_{other}]").select_option("price")
    page.get_by_text("Не вибрано колонку: ціна.").wait_for(state="detached")
    page.get_by_role("button", name="Зберегти й прочитати знову").click()
    page.get_by_text("Колонки запам’ятовано, файл читається знову.").wait_for()
    first = work()
    assert first.reading["columns"]["price"] == [other]
    page.get_by_role("link", name="Увімкнути").click()
    page.get_by_role("button", name="Увімкнути").click()
    page.get_by_text("Версія вмикається.").first.wait_for()
    work()
    page.get_by_text("Діє з").wait_for()
    assert price_list.offers.count() == 40

    # The second: much dearer and half of it gone, so the brakes hold it.
    upload(page, live_server, price_list, price_file(tmp_path, "другий.csv", 200, count=20))
    work()
    page.get_by_text("Чому чекає").wait_for()
    page.get_by_text("Зникає 50 % чинних пропозицій").wait_for()
    assert price_list.offers.count() == 40
    page.get_by_role("link", name="Увімкнути").click()
    page.get_by_role("button", name="Увімкнути").click()
    page.get_by_text("Версія вмикається.").first.wait_for()
    second = work()
    page.get_by_text("Діє з").wait_for()
    assert (second.status, price_list.offers.count()) == (Status.ACTIVE, 20)

    # And back again.
    page.get_by_role("link", name=str(price_list)).last.click()
    page.get_by_role("link", name="Повернути версію 1").click()
    page.get_by_text("з’явиться: 20").wait_for()
    page.get_by_role("button", name="Повернути цю версію").click()
    page.get_by_text("Версія повертається.").wait_for()
    run_version(first.pk)
    page.get_by_text("Діє з").wait_for()
    first.refresh_from_db()
    assert (first.status, price_list.offers.count()) == (Status.ACTIVE, 40)
    assert complaints == []


def test_a_refused_file_says_why_beside_the_field_without_losing_the_page(
    browser_page, live_server, price_list, tmp_path
):
    page = browser_page(1440)
    sign_in(page, live_server)
    page.goto(live_server.url + reverse("admin:offers_pricelist_upload", args=[price_list.pk]))
    (tmp_path / "прайс.csv").write_bytes(b"%PDF-1.7 and so on")
    page.set_input_files("input[type=file]", tmp_path / "прайс.csv")
    page.get_by_role("button", name="Завантажити").click()
    page.get_by_text("Це PDF, а не прайс-лист").wait_for()
    page.set_input_files("input[type=file]", price_file(tmp_path, "добрий.csv", 100))
    page.get_by_role("button", name="Завантажити").click()
    page.get_by_text("Файл отримано.").wait_for()
    assert price_list.versions.count() == 1


def test_everything_works_without_scripts(browser_page, live_server, price_list, tmp_path):
    page = browser_page(360, javascript=False)
    sign_in(page, live_server)
    upload(page, live_server, price_list, price_file(tmp_path, "перший.csv", 100))
    version = work()
    page.goto(live_server.url + reverse("admin:offers_pricelistversion_columns", args=[version.pk]))
    page.locator("select[name=column_2]").select_option("")
    page.get_by_role("button", name="Оновити перегляд").click()
    assert page.locator("select[name=column_2]").input_value() == ""
    page.get_by_role("button", name="Зберегти й прочитати знову").click()
    page.get_by_text("файл читається знову").wait_for()
    work()
    page.goto(live_server.url + reverse("admin:offers_pricelistversion_release", args=[version.pk]))
    page.get_by_role("button", name="Увімкнути").click()
    work()
    page.reload()
    page.get_by_text("Діє з").wait_for()
    assert price_list.offers.count() == 40
