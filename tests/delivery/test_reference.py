import pytest

from shop.delivery import reference
from shop.delivery.models import Carrier, CarrierLimit, DeliveryTariff, PickupPoint, Settlement
from shop.lib.copying import Changes

pytestmark = pytest.mark.django_db


def test_the_directory_is_complete_and_a_second_run_writes_nothing():
    assert reference.load() == Changes(added=285 + 5 + 197 + 7 + 2)
    assert (Settlement.objects.count(), Carrier.objects.count(), PickupPoint.objects.count()) == (285, 5, 197)
    assert reference.load() == Changes()


def test_towns_stand_in_ukrainian_order():
    reference.load()
    names = list(
        Settlement.objects.filter(name_uk__in=["Ізмаїл", "Ірпінь", "Київ", "Яремче", "Житомир"]).values_list(
            "name_uk", flat=True
        )
    )
    assert names == ["Житомир", "Ізмаїл", "Ірпінь", "Київ", "Яремче"]


def test_a_point_opened_by_staff_survives_the_load():
    reference.load()
    own = PickupPoint.objects.create(
        carrier=Carrier.objects.get(code=Carrier.SELF_PICKUP),
        settlement=Settlement.objects.get(slug="kyiv"),
        code="own",
        kind=PickupPoint.Kind.STORE,
        name_uk="Наша крамниця",
        address_uk="вул. Нова, 1",
    )
    assert reference.load() == Changes()
    own.refresh_from_db()
    assert own.is_active


def test_our_courier_has_a_carrier_and_a_price_of_our_own():
    reference.load()
    assert Carrier.objects.get(code="courier").is_active
    row = DeliveryTariff.objects.get(way="courier")
    assert (row.zone, row.price, row.by_hand, row.free_from) == ("town", 120, True, None)


def test_prices_and_limits_set_by_staff_survive_the_load():
    reference.load()
    DeliveryTariff.objects.filter(way="nova-poshta", zone="country", max_weight_kg=2).update(price=85)
    CarrierLimit.objects.filter(way="ukrposhta").update(max_weight_kg=20)
    assert reference.load() == Changes()
    assert DeliveryTariff.objects.get(way="nova-poshta", zone="country", max_weight_kg=2).price == 85
    assert CarrierLimit.objects.get(way="ukrposhta").max_weight_kg == 20
