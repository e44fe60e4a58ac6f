from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import BasketLine
from shop.catalog.models import Category, FitmentCondition, RepairJob, RepairJobLine
from shop.lib.version import bump_catalogue_version
from shop.offers.shelf import refresh_shelf
from tests.factories import (
    CategoryFactory,
    FitCheckFactory,
    FitmentFactory,
    ModificationFactory,
    OfferFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    return ModificationFactory()


@pytest.fixture
def brakes(car):
    """Pads, two discs, and grease if somebody likes."""
    job = RepairJob.objects.create(slug="front-brakes", name_uk="Передні гальма")
    pads, discs = CategoryFactory(slug="pads"), CategoryFactory(slug="discs")
    grease = CategoryFactory(slug="grease", fitment_kind=Category.FitmentKind.UNIVERSAL)
    RepairJobLine.objects.create(job=job, category=pads, position=1)
    RepairJobLine.objects.create(job=job, category=discs, quantity=2, position=2)
    RepairJobLine.objects.create(job=job, category=grease, is_optional=True, position=3)
    return pads, discs, grease


def offered(category, car=None, **fields):
    offer = OfferFactory(part__category=category, **fields)
    if car:
        FitmentFactory(part=offer.part, modification=car)
    return offer


def page_of(client, car=None):
    if car:
        client.post(reverse("storefront:chosen_car"), {"modification": car.pk})
    refresh_shelf()
    bump_catalogue_version()
    response = client.get("/jobs/front-brakes/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_repair_becomes_parts_for_the_car_and_one_press_puts_them_into_the_basket(client, car, brakes):
    pads, discs, grease = brakes
    pad = offered(pads, car, price=Decimal(500))
    disc = offered(discs, car, price=Decimal(900))
    tube = offered(grease, price=Decimal(80))
    offered(pads, ModificationFactory())
    page = page_of(client, car)
    assert page.count('class="job__line"') == 3
    assert f'value="{pad.part_id}.{pad.warehouse_id}" checked' in page
    assert f'value="{tube.part_id}.{tube.warehouse_id}">' in page
    assert "від 2\u00a0300\u00a0₴" in page
    fields = {"pick-1": f"{pad.part_id}.{pad.warehouse_id}", "quantity-1": "1", "pick-3": "", "quantity-3": "1"}
    fields |= {"pick-2": f"{disc.part_id}.{disc.warehouse_id}", "quantity-2": "2"}
    assert client.post(reverse("orders:basket_list"), fields).status_code == 302
    assert list(BasketLine.objects.values_list("part", "quantity", "modification")) == [
        (pad.part_id, 1, car.pk),
        (disc.part_id, 2, car.pk),
    ]


def test_what_fits_as_it_is_comes_before_what_has_to_be_checked_and_what_staff_refused_is_left_out(client, car, brakes):
    pads, _discs, _grease = brakes
    checked = offered(pads, lead_days=1)
    condition = FitmentCondition.objects.create(rules={"disc_mm": 288})
    FitmentFactory(part=checked.part, modification=car, condition=condition)
    fits = offered(pads, car, lead_days=5)
    refused = offered(pads, car, lead_days=0)
    FitCheckFactory(part=refused.part, modification=car, fits=False)
    page = page_of(client, car)
    assert page.index(f'value="{fits.part_id}.') < page.index(f'value="{checked.part_id}.')
    assert f'value="{refused.part_id}.' not in page
    assert "діаметр гальмівного диска 288 мм" in page


def test_without_a_car_the_page_asks_for_it(client, car, brakes):
    offered(brakes[0], car)
    page = page_of(client)
    assert "Оберіть авто" in page
    assert 'type="radio"' not in page


def test_all_repairs_are_listed_and_an_unknown_one_is_not_found(client, brakes):
    bump_catalogue_version()
    assert "Передні гальма" in client.get("/jobs/").content.decode()
    assert client.get("/jobs/nothing/").status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_a_repair_costs_as_many_queries_whatever_there_is(client, car, brakes, count, django_assert_max_num_queries):
    for _ in range(count):
        offered(brakes[0], car)
        offered(brakes[1], car)
    page_of(client, car)
    with django_assert_max_num_queries(6):
        client.get("/jobs/front-brakes/")
