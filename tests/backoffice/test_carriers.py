"""Carriers at the desk: a refresh on request, the brake let go of, prices that belong to a person."""

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.backoffice.queues import waiting_for_person
from shop.delivery import admin as page
from shop.delivery.models import DeliveryTariff
from shop.delivery.tasks import refresh_points
from tests.factories.delivery import CarrierFactory

pytestmark = pytest.mark.django_db
REASON = "У довіднику перевізника зникло 3 із 10 пунктів. Нічого не закрито: перевірте самі."


@pytest.fixture
def published(monkeypatch, settings):
    settings.NOVA_POSHTA_KEY = "key"
    asked = []
    monkeypatch.setattr(page, "publish", lambda task, *args, **_: asked.append((task, *args)))
    return asked


def refresh(browser, carrier, **data):
    return browser.post(reverse("admin:delivery_carrier_refresh", args=[carrier.pk]), data)


def test_a_directory_that_was_held_back_waits_at_the_desk_and_is_let_go_there(desk, owner, published):
    carrier = CarrierFactory(needs_person_since=timezone.now(), needs_person_reason=REASON)
    [waiting] = waiting_for_person(owner)
    assert (waiting.label, waiting.reason) == ("Нова пошта", REASON)
    shown = desk.get(waiting.url).content.decode()
    assert REASON in shown
    assert "Оновити й закрити зниклі пункти" in shown
    assert refresh(desk, carrier).status_code == 302
    assert refresh(desk, carrier, approved="1").status_code == 302
    assert published == [(refresh_points, "nova-poshta", False), (refresh_points, "nova-poshta", True)]


def test_a_carrier_without_keys_is_not_asked(desk, published, settings):
    settings.NOVA_POSHTA_KEY = ""
    carrier = CarrierFactory()
    shown = desk.get(reverse("admin:delivery_carrier_change", args=[carrier.pk])).content.decode()
    assert "Ключів цього перевізника немає" in shown
    refresh(desk, carrier)
    assert published == []


def test_a_link_asks_nobody(desk, published):
    desk.get(reverse("admin:delivery_carrier_refresh", args=[CarrierFactory().pk]))
    assert published == []


@pytest.mark.parametrize(("role", "status", "asked"), [("manager", 302, 1), ("warehouse", 403, 0), ("content", 403, 0)])
def test_who_may_close_points_may_ask_for_a_refresh(sign_in, published, role, status, asked):
    assert refresh(sign_in(role), CarrierFactory()).status_code == status
    assert len(published) == asked


def tariff_form(**changes):
    common = {"way": "nova-poshta", "zone": "country", "max_weight_kg": "2", "price": "80", "days_from": "1"}
    return common | {"days_to": "3", "free_from": ""} | changes


def test_a_price_that_somebody_writes_is_theirs_until_they_give_it_back(desk):
    desk.post(reverse("admin:delivery_deliverytariff_add"), tariff_form())
    row = DeliveryTariff.objects.get()
    assert row.by_hand
    edit = reverse("admin:delivery_deliverytariff_change", args=[row.pk])
    desk.post(edit, tariff_form(days_to="4"))
    assert not DeliveryTariff.objects.get().by_hand
    desk.post(edit, tariff_form(days_to="5"))
    assert not DeliveryTariff.objects.get().by_hand
    desk.post(edit, tariff_form(price="85"))
    assert (DeliveryTariff.objects.get().price, DeliveryTariff.objects.get().by_hand) == (85, True)
