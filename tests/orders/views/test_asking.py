"""A part that nobody lists for the chosen car, or that staff refused, is added only by somebody who means it."""

import pytest
from django.urls import reverse

from orders.models import BasketLine
from shop.catalog.models import Category
from tests.factories import CategoryFactory, FitCheckFactory, FitmentFactory, ModificationFactory, OfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def car(client):
    chosen = ModificationFactory()
    client.post(reverse("storefront:chosen_car"), {"modification": chosen.pk})
    return chosen


def add(client, offer, headers=None, **more):
    fields = {"part": offer.part_id, "warehouse": offer.warehouse_id, **more}
    return client.post(reverse("orders:basket_lines"), fields, headers=headers)


def test_a_part_listed_for_other_cars_asks_and_adds_nothing_yet(client, car):
    offer = OfferFactory()
    FitmentFactory(part=offer.part)
    response = add(client, offer, quantity=3)
    page = response.content.decode()
    assert response.status_code == 200
    assert "немає в переліку для цієї деталі" in page
    assert 'name="quantity" value="3"' in page
    assert not BasketLine.objects.exists()
    assert add(client, offer, quantity=3, is_sure="1").status_code == 302
    line = BasketLine.objects.get()
    assert (line.part, line.quantity, line.modification) == (offer.part, 3, car)


def test_what_staff_refused_is_said_with_the_reason(client, car):
    offer = OfferFactory()
    FitmentFactory(part=offer.part, modification=car)
    FitCheckFactory(part=offer.part, modification=car, fits=False, note="Інша різьба")
    page = add(client, offer).content.decode()
    assert "ця деталь не підходить" in page
    assert "Інша різьба" in page
    assert "Знаю, що не підходить" in page
    assert not BasketLine.objects.exists()


def test_htmx_gets_a_dialog_and_keeps_its_page(client, car):
    offer = OfferFactory()
    FitmentFactory(part=offer.part)
    response = add(client, offer, headers={"HX-Request": "true"})
    assert response.headers["HX-Reswap"] == "none"
    page = response.content.decode()
    assert "<dialog" in page
    assert "<html" not in page


def test_fitting_universal_and_unknown_parts_are_added_at_once(client, car):
    fitting, unknown = OfferFactory(), OfferFactory()
    FitmentFactory(part=fitting.part, modification=car)
    universal = OfferFactory(part__category=CategoryFactory(fitment_kind=Category.FitmentKind.UNIVERSAL))
    for offer in (fitting, unknown, universal):
        assert add(client, offer).status_code == 302
    assert BasketLine.objects.count() == 3


def test_without_a_car_and_for_a_line_put_back_nobody_asks(client):
    offer = OfferFactory()
    FitmentFactory(part=offer.part)
    assert add(client, offer).status_code == 302
    assert add(client, offer, modification=ModificationFactory().pk).status_code == 302
    assert BasketLine.objects.count() == 2
