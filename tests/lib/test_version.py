from django.core.cache import cache

from shop.lib.version import (
    OFFERS,
    PerVersion,
    bump_catalogue_version,
    bump_offers_version,
    catalogue_version,
    coming_offers_version,
)


def counting(**options):
    computed = []
    return PerVersion(lambda: computed.append(1) or len(computed), **options)


def test_a_change_of_parts_is_a_new_version_of_everything():
    parts, prices = counting(), counting(of_offers=True)
    assert (parts(), prices()) == (1, 1)
    bump_catalogue_version()
    assert (parts(), prices()) == (2, 2)


def test_a_change_of_prices_leaves_alone_what_knows_nothing_of_them():
    parts, prices = counting(), counting(of_offers=True)
    assert (parts(), prices()) == (1, 1)
    bump_offers_version()
    assert (parts(), prices()) == (1, 2)


def test_without_a_change_nothing_is_computed_again():
    prices = counting(of_offers=True)
    assert (prices(), prices()) == (1, 1)


def test_what_is_made_ready_for_a_coming_version_is_of_that_version():
    before = catalogue_version()
    with coming_offers_version():
        coming = catalogue_version()
        assert cache.get(OFFERS) == before.partition(".")[2]
    assert catalogue_version() == coming != before
    assert coming.partition(".")[0] == before.partition(".")[0]


def test_a_version_whose_preparation_failed_does_not_come():
    before = catalogue_version()
    try:
        with coming_offers_version():
            raise RuntimeError
    except RuntimeError:
        pass
    assert catalogue_version() == before
