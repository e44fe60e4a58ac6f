"""Parcels on the order's page at the desk: waybills, labels, refusals, who may what."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Shipment
from orders.waybills import create_waybill
from tests.delivery.conftest import nova_poshta_server  # noqa: F401 (a fixture)
from tests.orders.parcels import packed, wanted

pytestmark = pytest.mark.django_db
BOX = {"weight_kg": "1,2", "length_cm": "30", "width_cm": "20", "height_cm": "10"}
FIRST = "20450000000001"


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    monkeypatch.setattr("orders.waybills.publish", lambda *args, **more: None)
    monkeypatch.setattr("shop.messaging.outbox._publish", lambda *args: None)


def address(parcel, act):
    return reverse("admin:orders_order_parcel", args=[parcel.order_id, parcel.pk, act])


def page(desk, parcel):
    return desk.get(reverse("admin:orders_order_change", args=[parcel.order_id])).content.decode()


def said(response):
    return [str(message) for message in response.context["messages"]]


def made():
    parcel = wanted()
    create_waybill(parcel.pk)
    parcel.refresh_from_db()
    return parcel


def test_a_waybill_is_made_printed_and_deleted_on_the_page(desk, nova_poshta_server):  # noqa: F811
    parcel = packed()
    assert "Створити накладну" in page(desk, parcel)
    response = desk.post(address(parcel, "waybill"), BOX, follow=True)
    assert said(response)[0].startswith("Створюємо накладну.")
    assert "Створюємо накладну. Оновіть" in response.content.decode()
    create_waybill(parcel.pk)
    shown = page(desk, parcel)
    assert FIRST in shown
    assert "Етикетка (PDF)" in shown
    assert "Створити накладну" not in shown
    label = desk.get(address(parcel, "label"))
    assert label["Content-Type"] == "application/pdf"
    assert "no-store" in label["Cache-Control"]
    assert label.content.startswith(b"%PDF")
    assert said(desk.post(address(parcel, "waybill-deletion"), follow=True)) == ["Накладну видалено."]
    assert "Створити накладну" in page(desk, parcel)


def test_a_box_without_sizes_is_said_beside_its_fields_and_nothing_is_asked(desk, nova_poshta_server):  # noqa: F811
    parcel = packed()
    response = desk.post(address(parcel, "waybill"), BOX | {"weight_kg": "важка", "height_cm": ""}, follow=True)
    shown = response.content.decode()
    assert 'value="важка"' in shown
    assert 'value="30"' in shown
    assert shown.count('class="desk-warning" id=') == 2
    parcel.refresh_from_db()
    assert (parcel.ask_at, nova_poshta_server.waybills) == (None, {})


def test_a_refusal_stands_beside_the_parcel_until_it_is_settled(desk, nova_poshta_server):  # noqa: F811
    parcel = wanted()
    nova_poshta_server.set_answer("refused-as-object", 1)
    create_waybill(parcel.pk)
    shown = page(desk, parcel)
    assert "Перевізник не знає такого міста" in shown
    assert "Створити накладну" in shown
    desk.post(address(parcel, "settlement"))
    parcel.refresh_from_db()
    assert parcel.needs_person_since is None
    assert "З’ясовано: Перевізник не знає" in parcel.order.events.last().note


def test_a_label_that_does_not_come_is_said(desk, nova_poshta_server):  # noqa: F811
    parcel = made()
    nova_poshta_server.set_answer("bad-gateway", 1)
    assert said(desk.get(address(parcel, "label"), follow=True)) == [
        "Перевізник не дав етикетки. Спробуйте за хвилину."
    ]


def test_a_taken_parcel_keeps_its_waybill(desk, nova_poshta_server):  # noqa: F811
    parcel = made()
    nova_poshta_server.move(FIRST, "5")
    assert "вже в реєстрі або в перевізника" in said(desk.post(address(parcel, "waybill-deletion"), follow=True))[0]
    assert Shipment.objects.get().waybill_number == FIRST


def test_a_typed_number_has_no_label_and_can_be_typed_anew(desk):
    parcel = packed(waybill_number="20450123456789")
    shown = page(desk, parcel)
    assert "Записати номер" in shown
    assert "Етикетка (PDF)" not in shown
    assert "Створити накладну" not in shown


@pytest.mark.parametrize(("role", "may"), [("warehouse", True), ("manager", True), ("content", False), (None, False)])
def test_only_who_ships_makes_waybills(sign_in, role, may, nova_poshta_server):  # noqa: F811
    parcel = packed()
    browser = sign_in(role)
    answer = browser.post(address(parcel, "waybill"), BOX)
    parcel.refresh_from_db()
    assert (parcel.ask_at is not None) == may
    assert answer.status_code in ((302,) if may else (302, 403))
    assert browser.get(address(parcel, "waybill-deletion")).status_code in ((405,) if may else (302, 403))


def test_a_parcel_in_trouble_waits_on_the_desk(desk):
    parcel = packed(waybill_number="20450123456789")
    parcel.ask_a_person("Посилка повертається")
    Shipment.objects.update(needs_person_since=timezone.now() - timedelta(hours=1))
    shown = desk.get(reverse("admin:index")).content.decode()
    assert "Посилка повертається" in shown
    assert f"№ {parcel.order.number}" in shown
