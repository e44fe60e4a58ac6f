import re

import pytest

from shop.catalog import reference
from shop.catalog.models import Attribute, AttributeChoice, Brand, BrandAlias, CatalogSource, Category
from shop.lib.copying import Changes, read_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    return reference.load()


def rows_with(monkeypatch, change):
    """Let the loader read categories as ``change`` returns them."""

    def read(path):
        rows = read_csv(path)
        return change(rows) if path.name == "categories.csv" else rows

    monkeypatch.setattr(reference, "read_csv", read)


def test_the_frame_is_complete_and_a_second_run_writes_nothing(loaded):
    assert (Category.objects.count(), Category.objects.filter(numchild=0).count()) == (266, 196)
    assert (Brand.objects.count(), Attribute.objects.count()) == (238, 376)
    assert set(CatalogSource.objects.values_list("code", flat=True)) == {"supplier-data", "staff-check"}
    assert reference.load() == Changes()


def test_the_tree_is_sound(loaded):
    assert Category.objects.find_problems() == ([], [], [], [], [])
    pads = Category.objects.get(slug="brake-pads-front")
    assert [node.slug for node in Category.objects.get_ancestors(pads)] == ["brakes", "brake-pads"]


def test_siblings_change_places_with_the_data(loaded, monkeypatch):
    def brakes_first(rows):
        return [row | {"position": "5"} if row["slug"] == "brakes" else row for row in rows]

    rows_with(monkeypatch, brakes_first)
    assert reference.load() == Changes(changed=1)
    assert [node.slug for node in Category.objects.get_root_nodes()][:2] == ["brakes", "maintenance"]
    assert Category.objects.find_problems() == ([], [], [], [], [])
    assert Category.objects.get(slug="brake-pads-front").path[:4] == Category.objects.get(slug="brakes").path


def test_a_category_moves_to_another_parent(loaded, monkeypatch):
    def batteries_to_maintenance(rows):
        return [row | {"parent_slug": "filters"} if row["slug"] == "batteries" else row for row in rows]

    rows_with(monkeypatch, batteries_to_maintenance)
    assert reference.load() == Changes(changed=1)
    assert Category.objects.get_parent(Category.objects.get(slug="batteries")).slug == "filters"
    assert Category.objects.find_problems() == ([], [], [], [], [])
    assert reference.load() == Changes()


def test_a_category_that_vanished_is_hidden_and_one_of_staff_stays(loaded, monkeypatch):
    Category.objects.add_root({"slug": "own", "name_uk": "Власна", "fitment_kind": "vehicle", "position": 200})
    rows_with(monkeypatch, lambda rows: [row for row in rows if row["slug"] != "tpms-sensors"])
    assert reference.load() == Changes(retired=1)
    assert not Category.objects.get(slug="tpms-sensors").is_active
    assert Category.objects.get(slug="own").is_active


def test_every_spelling_of_a_brand_leads_to_it(loaded):
    assert BrandAlias.objects.get(key="kyb").brand.slug == "kayaba-kyb"
    assert BrandAlias.objects.get(key="бош").brand.slug == "bosch"
    assert set(Brand.objects.values_list("pk")) == set(BrandAlias.objects.values_list("brand"))


def test_every_choice_that_is_a_word_has_an_english_name(loaded):
    without = AttributeChoice.objects.filter(name_en="").values_list("name_uk", flat=True)
    assert [name for name in without if re.search("[а-яїієґ]", name.lower())] == []
