import pytest

from orders.fit_counts import count_sales
from shop.catalog.models import FitSales
from tests.factories import ModificationFactory, OrderFactory, OrderLineFactory, PartFactory

pytestmark = pytest.mark.django_db


def test_completed_orders_are_counted_by_part_and_car_and_the_second_time_changes_nothing():
    part, car = PartFactory(), ModificationFactory()
    for _ in range(2):
        order = OrderFactory(completed=True, lines=[], goods_total=750)
        OrderLineFactory(order=order, part=part, modification=car, quantity=4)
        OrderLineFactory(order=order, part=part, modification=car)
    OrderLineFactory(order=OrderFactory(shipped=True, lines=[]), part=part, modification=car)
    OrderLineFactory(order=OrderFactory(completed=True, lines=[]), part=part, modification=None)
    for _ in range(2):
        count_sales()
        assert list(FitSales.objects.values_list("part", "modification", "sold", "returned")) == [
            (part.pk, car.pk, 2, 0)
        ]


def test_counts_brought_from_elsewhere_stay():
    kept = FitSales.objects.create(part=PartFactory(), modification=ModificationFactory(), sold=7, returned=1)
    count_sales()
    kept.refresh_from_db()
    assert (kept.sold, kept.returned) == (7, 1)
