import pytest

from shop.delivery import places
from shop.delivery.places import oblast_key, points_in, points_like
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


def shown(text, town, chosen=""):
    points, has_more = points_like(text, town, carrier_code="nova-poshta", chosen=chosen)
    return [point.name_uk for point in points], has_more


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["Відділення №1", "Відділення №2", "Відділення №12", "Поштомат №120"]),
        ("12", ["Відділення №12", "Поштомат №120"]),
        ("№12", ["Відділення №12", "Поштомат №120"]),
        ("київська", ["Відділення №12", "Поштомат №120"]),
        ("пошто київс", ["Поштомат №120"]),
        ("%", []),
        ("(", []),
        ("999", []),
    ],
)
def test_a_point_is_found_by_its_number_or_by_words(text, found):
    town = SettlementFactory()
    for name in ("Відділення №1", "Відділення №2"):
        PickupPointFactory(settlement=town, name_uk=name, address_uk="вул. Інша, 12")
    PickupPointFactory(settlement=town, name_uk="Відділення №12", address_uk="вул. Київська, 1")
    PickupPointFactory(settlement=town, name_uk="Поштомат №120", address_uk="вул. Київська, 2", kind="locker")
    assert shown(text, town) == (found, False)


def test_of_many_points_the_first_are_shown_and_the_chosen_one_with_them(monkeypatch):
    monkeypatch.setattr(places, "MAX_POINTS", 2)
    town = SettlementFactory()
    points = [PickupPointFactory(settlement=town, name_uk=f"Відділення №{number}") for number in range(1, 5)]
    strange = PickupPointFactory()
    assert shown("", town) == (["Відділення №1", "Відділення №2"], True)
    assert shown("3", town, chosen=str(points[3].pk)) == (["Відділення №4", "Відділення №3"], False)
    for wrong in (str(strange.pk), "x", "²", "9" * 30):
        assert shown("3", town, chosen=wrong) == (["Відділення №3"], False)
