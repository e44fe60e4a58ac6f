import pytest

from shop.lib.copying import Changes, read_csv
from vehicles import reference
from vehicles.models import Generation, Modification, VehicleMake, VehicleModel

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    return reference.load()


def test_all_cars_are_there_and_a_second_run_writes_nothing(loaded):
    assert (VehicleMake.objects.count(), VehicleModel.objects.count()) == (72, 518)
    assert (Generation.objects.count(), Modification.objects.count()) == (828, 4653)
    assert loaded == Changes(added=72 + 518 + 828 + 4653)
    assert reference.load() == Changes()


def test_addresses_are_relative_and_names_come_from_the_data(loaded):
    car = Modification.objects.with_names().get(code="skoda-octavia-iii-a7-1-6-tdi-77kw")
    assert (car.generation.model.make.slug, car.generation.model.slug) == ("skoda", "octavia")
    assert (car.generation.slug, car.slug) == ("iii-a7", "1-6-tdi-77kw")
    assert car.full_name() == "Skoda Octavia III A7 (5E3, 5E5) 1.6 TDI 77 кВт"


def test_a_changed_name_follows_the_data_but_the_address_stays(loaded):
    Generation.objects.filter(code="skoda-octavia-iii-a7").update(name="Третя", slug="tretia")
    assert reference.load() == Changes(changed=1)
    generation = Generation.objects.get(code="skoda-octavia-iii-a7")
    assert (generation.name, generation.slug) == ("III A7 (5E3, 5E5)", "tretia")


def test_a_car_that_vanished_from_the_data_is_hidden_and_shown_again_when_it_returns(loaded, monkeypatch):
    def without_octavia(path):
        return [row for row in read_csv(path) if row["slug"] != "skoda-octavia-iii-a7-1-6-tdi-77kw"]

    octavia = Modification.objects.get(code="skoda-octavia-iii-a7-1-6-tdi-77kw")
    monkeypatch.setattr(reference, "read_csv", without_octavia)
    assert reference.load() == Changes(retired=1)
    octavia.refresh_from_db()
    assert not octavia.is_active
    monkeypatch.setattr(reference, "read_csv", read_csv)
    assert reference.load() == Changes(changed=1)
    octavia.refresh_from_db()
    assert octavia.is_active


def test_what_staff_hid_stays_hidden_and_what_they_added_stays(loaded):
    VehicleMake.objects.filter(slug="gaz").update(is_active=False)
    own = VehicleMake.objects.create(slug="own", name="Own", name_uk="Власна", name_sort="own", country="UA")
    assert reference.load() == Changes()
    own.refresh_from_db()
    assert own.is_active
    assert not VehicleMake.objects.get(slug="gaz").is_active


def test_popular_makes_have_places(loaded):
    popular = VehicleMake.objects.filter(position__isnull=False).order_by("position").values_list("slug", flat=True)
    assert list(popular) == list(reference.POPULAR_MAKES)


@pytest.mark.parametrize(
    ("slug", "within", "relative"),
    [
        ("skoda-octavia-iii-a7", "skoda-octavia", "iii-a7"),
        ("skoda-octavia", "skoda-octavia", "skoda-octavia"),
        ("rio-iii", "kia-rio", "rio-iii"),
    ],
)
def test_a_slug_loses_its_prefix_only_where_it_has_it(slug, within, relative):
    assert reference.relative_slug(slug, within=within) == relative
