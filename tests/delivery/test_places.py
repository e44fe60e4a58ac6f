import pytest

from shop.delivery.places import oblast_key, points_in
from tests.factories.delivery import PickupPointFactory, SettlementFactory

pytestmark = pytest.mark.django_db


def test_branches_stand_before_lockers_in_the_order_of_their_numbers():
    town = SettlementFactory()
    names = ["Поштомат №3", "Відділення №10: вул. Київська, 2", "Відділення №2", "Пункт приймання"]
    for name in names:
        PickupPointFactory(settlement=town, name_uk=name, kind="locker" if name.startswith("Пошт") else "branch")
    assert [point.name_uk for point in points_in(town, carrier_code="nova-poshta")] == [
        "Відділення №2",
        "Відділення №10: вул. Київська, 2",
        "Пункт приймання",
        "Поштомат №3",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Київська область", "КИЇВСЬКА"), ("Київ", "Київська обл."), ("м. Київ", "Київська"), ("Львівська", "львівська")],
)
def test_an_oblast_is_known_however_a_carrier_writes_it(one, other):
    assert oblast_key(one) == oblast_key(other)
