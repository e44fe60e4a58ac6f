"""A parcel's buttons on the order's page in Chromium, narrow and wide."""

import pytest
from django.urls import reverse

from orders.waybills import create_waybill
from tests.backoffice.test_browser import sign_in
from tests.delivery.conftest import nova_poshta_server  # noqa: F401 (a fixture)
from tests.orders.parcels import packed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1440, 360])
def test_a_waybill_is_made_and_deleted_with_plain_forms(
    browser_page,
    live_server,
    nova_poshta_server,  # noqa: F811
    width,
    screenshot,
    monkeypatch,
):
    monkeypatch.setattr("orders.waybills.publish", lambda *args, **more: None)
    monkeypatch.setattr("shop.messaging.outbox._publish", lambda *args: None)
    parcel = packed()
    page = browser_page(width)
    sign_in(page, live_server)
    page.goto(live_server.url + reverse("admin:orders_order_change", args=[parcel.order_id]))
    screenshot(page, "order-parcel-new")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for label, typed in (("Вага, кг", "1,2"), ("Довжина, см", "30"), ("Ширина, см", "20"), ("Висота, см", "10")):
        page.get_by_label(label).fill(typed)
    page.get_by_role("button", name="Створити накладну").click()
    page.get_by_text("Створюємо накладну. Оновіть сторінку").wait_for()
    create_waybill(parcel.pk)
    page.reload()
    assert page.get_by_text("20450000000001").first.is_visible()
    assert page.get_by_role("link", name="Етикетка (PDF)").is_visible()
    screenshot(page, "order-parcel-labelled")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Видалити накладну").click()
    page.get_by_text("Накладну видалено.").first.wait_for()
    assert page.get_by_role("button", name="Створити накладну").is_visible()
