from django.core.cache import cache

from shop.lib.version import catalogue_version
from shop.offers.announcing import announce_offers
from shop.offers.shelf import refresh_shelf
from shop.storefront import receivers, shelf_index
from tests.factories import CategoryFactory, PartFactory


def test_lists_of_large_categories_are_ready_before_buyers_see_the_new_prices(db, monkeypatch):
    monkeypatch.setattr(receivers, "_LARGE", 2)
    large, small = CategoryFactory(), CategoryFactory()
    parts = [PartFactory(category=large) for _ in range(2)] + [PartFactory(category=small)]
    refresh_shelf()
    before = catalogue_version()
    announce_offers()
    after = catalogue_version()
    assert after != before
    index = cache.get(f"shelf:{after}:category:{large.pk}")
    assert sorted(index.part_ids) == sorted(part.pk for part in parts[:2])
    assert cache.get(f"shelf:{after}:category:{small.pk}") is None
    assert shelf_index.category_index(small.pk).part_ids[0] == parts[2].pk


def test_new_prices_are_shown_although_the_lists_could_not_be_made_ready(db, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError

    monkeypatch.setattr(receivers, "shared_category_index", broken)
    monkeypatch.setattr(receivers, "_LARGE", 1)
    PartFactory()
    refresh_shelf()
    before = catalogue_version()
    announce_offers()
    assert catalogue_version() != before
